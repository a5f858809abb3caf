import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Resource } from '../../../exporter/cluster/objects.ts';
import { FIXTURES } from '../../paths.ts';
import { TYPES } from './api-server/discovery.ts';
import type { FakeApiServer } from './api-server/fake-api-server.ts';
import { type ApiObject, type ChangeType, StoredContents } from './api-server/resource-store.ts';

/** What an API server sent about one resource. */
export interface Recording {
  readonly resource: Resource;
  /** The answer to the list that came before the watch. */
  readonly list: { readonly metadata: { readonly resourceVersion: string }; readonly items: readonly ApiObject[] };
  readonly events: readonly RecordedEvent[];
}

export interface RecordedEvent {
  /** Unix time in seconds. */
  readonly receivedAt: number;
  readonly event: { readonly type: ChangeType | 'BOOKMARK'; readonly object: ApiObject };
}

/** Reads `<resource>.list.json` and `<resource>.watch.ndjson.gz` of a directory below the fixtures. */
export function readRecordings(directory = 'apiserver-1.26'): Recording[] {
  return [...TYPES.keys()].map((resource) => {
    const path = join(FIXTURES, directory, resource);
    const list = JSON.parse(readFileSync(`${path}.list.json`, 'utf8'));
    const lines = gunzipSync(readFileSync(`${path}.watch.ndjson.gz`))
      .toString()
      .trim()
      .split('\n');
    return { resource, list, events: lines.map((line) => JSON.parse(line)) };
  });
}

/** Fills the server with what the recordings begin with. */
export function loadRecordings(server: FakeApiServer, recordings: readonly Recording[]): void {
  for (const { resource, list } of recordings) {
    server.load(resource, new StoredContents(list.items), Number(list.metadata.resourceVersion));
  }
}
