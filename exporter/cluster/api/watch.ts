import type { Readable } from 'node:stream';
import { parseJson, property, stringProperty } from '../../formats/json.ts';
import type { Resource } from '../objects.ts';
import { statusError } from './api-error.ts';
import type { ApiClient } from './client.ts';
import type { Clock } from './clock.ts';
import { LineSplitter } from './lines.ts';
import { ProtocolError } from './protocol-error.ts';
import { RESOURCES } from './resources.ts';
import { chunksOf } from './timeout.ts';

/** Of one event; etcd refuses objects above 1.5 MB. */
const MAX_EVENT_BYTES = 16 * 1024 * 1024;

/** A watch without a byte for this time is dead: the server sends a bookmark about once a minute. */
const IDLE_TIMEOUT_SECONDS = 150;

export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  readonly object: unknown;
}

/** Starts to watch a resource from this version on; resolves to the stream of events when the server accepts. */
export function openWatch(
  client: ApiClient,
  resource: Resource,
  resourceVersion: string,
  random: () => number,
  signal: AbortSignal,
): Promise<Readable> {
  const { path, watchSeconds } = RESOURCES[resource];
  const seconds = Math.round(watchSeconds.min + random() * (watchSeconds.max - watchSeconds.min));
  const query = { watch: '1', allowWatchBookmarks: 'true', resourceVersion, timeoutSeconds: String(seconds) };
  return client.get({ path, query, gzip: false }, signal);
}

/** The lines of a watch as they come, one event each. An incomplete line at the end of the stream is dropped. */
export async function* watchLines(body: Readable, clock: Clock): AsyncGenerator<string[]> {
  const splitter = new LineSplitter(MAX_EVENT_BYTES);
  for await (const chunk of chunksOf(body, clock, IDLE_TIMEOUT_SECONDS)) yield splitter.push(chunk);
}

/**
 * `{"type": "MODIFIED", "object": {…}}` (meta/v1, WatchEvent). Throws an `ApiError` for an ERROR event, whose object is
 * a Status, and a `ProtocolError` for anything else.
 */
export function parseEvent(line: string): WatchEvent {
  let event: unknown;
  try {
    event = parseJson(line);
  } catch {
    throw new ProtocolError(`not a watch event: ${line.slice(0, 100)}`);
  }
  const type = stringProperty(event, 'type');
  const object = property(event, 'object');
  if (type === 'ERROR') throw statusError(object);
  if (type !== 'ADDED' && type !== 'MODIFIED' && type !== 'DELETED' && type !== 'BOOKMARK') {
    throw new ProtocolError(`not a watch event: ${line.slice(0, 100)}`);
  }
  return { type, object };
}
