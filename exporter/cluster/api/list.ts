import { parseJson, property, stringProperty } from '../../formats/json.ts';
import type { Resource } from '../objects.ts';
import type { ApiClient } from './client.ts';
import { RESOURCES } from './resources.ts';
import { textOf } from './time-limit.ts';

/** Objects of a page: client-go's own default (tools/pager). */
const PAGE_SIZE = 500;

/** A page of 500 nodes with 50 images each has about 15 MB. */
const PAGE_LIMIT = { seconds: 120, bytes: 256 * 1024 * 1024 };

export interface Page {
  readonly items: readonly unknown[];
  /** The state of the cluster that the whole list shows; the same on each page. */
  readonly resourceVersion: string;
  /** Asks for the next page; undefined on the last one. It expires after some minutes, and then answers 410. */
  readonly continue?: string;
}

/**
 * One page of a list, the first one unless a page before it told how to continue (Kubernetes API concepts, "Retrieving
 * large results sets in chunks"). There is no `resourceVersion` in the question: with `0`, older servers answer from
 * their cache all at once, whatever the limit is.
 */
export async function listPage(
  client: ApiClient,
  resource: Resource,
  continueToken: string | undefined,
  signal: AbortSignal,
): Promise<Page> {
  const query = { limit: String(PAGE_SIZE), ...(continueToken !== undefined && { continue: continueToken }) };
  const body = await client.get({ path: RESOURCES[resource].path, query, gzip: true }, signal);
  return parsePage(await textOf(body, client.clock, PAGE_LIMIT));
}

/** `{"kind": "PodList", "metadata": {"resourceVersion": "483", "continue": "…"}, "items": […]}` (meta/v1, ListMeta). */
export function parsePage(text: string): Page {
  const list = parseJson(text);
  const metadata = property(list, 'metadata');
  const resourceVersion = stringProperty(metadata, 'resourceVersion');
  // A Go server writes a list without elements as null.
  const items = property(list, 'items') ?? [];
  if (!resourceVersion || !Array.isArray(items)) throw new Error(`not a list of the API: ${text.slice(0, 100)}`);
  const next = stringProperty(metadata, 'continue');
  return { items, resourceVersion, ...(next && { continue: next }) };
}
