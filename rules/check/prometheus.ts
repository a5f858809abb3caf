import { UsageError } from '../../exporter/config/usage-error.ts';

/** Milliseconds for one query, after which Prometheus is not waited for. */
const LIMIT = 30_000;

export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Answers a query with its vector at this moment. Rejects with `QueryError` when Prometheus refuses it. */
export type Query = (expr: string) => Promise<Series[]>;

/** What Prometheus has against an expression. */
export class QueryError extends Error {
  override readonly name = 'QueryError';
}

/**
 * The HTTP API of a Prometheus, or of what speaks like one (prometheus.io/docs/prometheus/latest/querying/api), at its
 * URL, which may have a user, a password and a path. Throws `UsageError` when it does not answer as one.
 */
export function queryOf(url: URL): Query {
  const base = new URL(url);
  const authorization = credentials(base);
  base.username = '';
  base.password = '';
  return async (expr) => {
    const at = new URL(`${base.pathname.replace(/\/$/, '')}/api/v1/query`, base);
    at.search = String(new URLSearchParams({ query: expr, timeout: `${LIMIT / 1000}s` }));
    const { status, answer } = await ask(at, authorization, shown(url));
    if (status === 401 || status === 403) {
      throw new UsageError(`${shown(url)} refuses us with status ${status}; a user and password can stand in the URL`);
    }
    if (isError(answer)) throw new QueryError(answer.error);
    if (!isVector(answer)) throw new UsageError(`${shown(url)} does not answer as a Prometheus: status ${status}`);
    return answer.data.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
  };
}

/** A URL without its password. */
export function shown(url: URL): string {
  const copy = new URL(url);
  copy.password = '';
  copy.username = '';
  return copy.href.replace(/\/$/, '');
}

/** fetch() takes no URL with credentials. */
function credentials({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  const text = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { Authorization: `Basic ${Buffer.from(text).toString('base64')}` };
}

async function ask(at: URL, headers: Record<string, string>, name: string) {
  try {
    const response = await fetch(at, { headers, signal: AbortSignal.timeout(LIMIT) });
    const answer: unknown = await response.json().catch((error: Error) => {
      if (error instanceof SyntaxError) return undefined;
      throw error;
    });
    return { status: response.status, answer };
  } catch (error) {
    const { message, cause, name: kind } = error as Error;
    const why =
      kind === 'TimeoutError' ? `no answer in ${LIMIT / 1000} s` : cause instanceof Error ? reason(cause) : message;
    throw new UsageError(`cannot ask ${name}: ${why}`);
  }
}

/** Of several addresses that all fail, the error has no message of its own. */
function reason(cause: Error): string {
  return cause.message || (cause as NodeJS.ErrnoException).code || cause.name;
}

interface ErrorAnswer {
  readonly status: 'error';
  readonly error: string;
}

interface VectorAnswer {
  readonly data: { readonly result: { readonly metric: Record<string, string>; readonly value: [number, string] }[] };
}

function isError(answer: unknown): answer is ErrorAnswer {
  const { status, error } = (answer ?? {}) as Partial<ErrorAnswer>;
  return status === 'error' && typeof error === 'string';
}

function isVector(answer: unknown): answer is VectorAnswer {
  const { data } = (answer ?? {}) as { data?: { resultType?: string; result?: unknown } };
  return data?.resultType === 'vector' && Array.isArray(data.result);
}
