import { parseJson, property, stringProperty } from '../../formats/json.ts';
import type { Resource } from '../objects.ts';
import type { ApiClient } from './client.ts';
import { ProtocolError } from './protocol-error.ts';
import { RESOURCES } from './resources.ts';
import { type TextLimit, textOf } from './timeout.ts';

/** Objects per page: the default of client-go (tools/pager). */
const PAGE_SIZE = 500;

/** Pages of one list, which may be empty: ten times as many as 500,000 objects take. */
const MAX_PAGES = 10_000;

/** A page of 500 nodes with 50 images each has about 15 MB. */
const PAGE_LIMIT: TextLimit = { timeoutSeconds: 120, maxBytes: 256 * 1024 * 1024 };

export interface Page {
  readonly items: readonly unknown[];
  /** The version of the cluster's state that the list shows; the same on all pages. */
  readonly resourceVersion: string;
  /** The token of the next page; absent on the last one. It expires after some minutes: the server then answers 410. */
  readonly continue?: string;
}

/**
 * One page of a list: the first, or the one of a continue token (Kubernetes API concepts, "Retrieving large results
 * sets in chunks"). The request has no `resourceVersion`: with `0`, older servers send the whole list from their cache,
 * regardless of the limit.
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
  if (!resourceVersion || !Array.isArray(items)) throw new Error(`not a list of API objects: ${text.slice(0, 100)}`);
  const next = stringProperty(metadata, 'continue');
  return { items, resourceVersion, ...(next && { continue: next }) };
}

/** A page to ask for. */
export interface PageToList {
  /** The token that the page before ended with; absent for the first page. */
  readonly continue?: string;
  /** From 1. */
  readonly number: number;
}

export const FIRST_PAGE: PageToList = { number: 1 };

/** The page of a continue token; undefined without one. Throws a `ProtocolError` for a list that does not end. */
export function pageAfter(page: PageToList, token: string | undefined): PageToList | undefined {
  if (token === undefined) return undefined;
  if (token === page.continue) throw new ProtocolError('the API server has sent the same continue token twice');
  if (page.number >= MAX_PAGES)
    throw new ProtocolError(`the API server has sent ${MAX_PAGES} pages of a list without end`);
  return { continue: token, number: page.number + 1 };
}
