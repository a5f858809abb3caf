import type { Listing } from './resource-store.ts';

interface Snapshot {
  readonly listing: Listing;
  readonly version: number;
}

/** The `metadata` and `items` of a list. */
export interface PageBody {
  readonly metadata: {
    readonly resourceVersion: string;
    readonly continue?: string;
    readonly remainingItemCount?: number;
  };
  readonly items: readonly object[];
}

/** Serves lists in pages. All pages of one list show the same moment. */
export class Pages {
  readonly #snapshots = new Map<string, Snapshot>();
  #last = 0;

  /** The page that a query asks for; undefined when its continue token has expired. */
  page(query: URLSearchParams, version: number, list: () => Listing): PageBody | undefined {
    const [id = '', offset = '0'] = decode(query.get('continue') ?? '').split(' ');
    const snapshot = id === '' ? { listing: list(), version } : this.#snapshots.get(id);
    if (!snapshot) return undefined;
    const { listing } = snapshot;
    const start = Number(offset);
    const end = Math.min(start + (Number(query.get('limit')) || listing.length), listing.length);
    const items = Array.from({ length: end - start }, (_, index) => listing.at(start + index) ?? {});
    return { metadata: { resourceVersion: `${snapshot.version}`, ...this.#rest(id, snapshot, end) }, items };
  }

  /** All continue tokens so far expire. */
  expire(): void {
    this.#snapshots.clear();
  }

  #rest(known: string, snapshot: Snapshot, end: number): object {
    const { length } = snapshot.listing;
    if (end >= length) {
      this.#snapshots.delete(known);
      return {};
    }
    this.#last += known === '' ? 1 : 0;
    const id = known || String(this.#last);
    this.#snapshots.set(id, snapshot);
    return { continue: Buffer.from(`${id} ${end}`).toString('base64url'), remainingItemCount: length - end };
  }
}

function decode(token: string): string {
  return Buffer.from(token, 'base64url').toString();
}
