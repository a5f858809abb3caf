import { UsageError } from '../../exporter/config/usage-error.ts';

const QUERY_TIMEOUT_SECONDS = 30;

export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Runs an instant query and resolves to its vector. Rejects with `QueryError` when Prometheus rejects the expression. */
export type Query = (expr: string) => Promise<Series[]>;

/** Why Prometheus rejects an expression. */
export class QueryError extends Error {
  override readonly name = 'QueryError';
}

/**
 * Queries a Prometheus, or a server with the same HTTP API (prometheus.io/docs/prometheus/latest/querying/api), at a URL
 * that may have a user, a password and a path. Queries reject with `UsageError` when it does not answer as one.
 */
export function queryClient(url: URL): Query {
  const name = withoutCredentials(url);
  const base = new URL(url);
  const authorization = credentials(base);
  base.username = '';
  base.password = '';
  return async (expr) => {
    const queryUrl = new URL(`${base.pathname.replace(/\/$/, '')}/api/v1/query`, base);
    queryUrl.search = String(new URLSearchParams({ query: expr, timeout: `${QUERY_TIMEOUT_SECONDS}s` }));
    const { status, answer } = await request(queryUrl, authorization, name);
    if (status === 401 || status === 403) {
      throw new UsageError(`${name} denies access (status ${status}): the URL can contain a user and a password`);
    }
    if (isError(answer)) throw new QueryError(answer.error);
    if (!isVector(answer)) throw new UsageError(`${name} is not the API of a Prometheus (status ${status})`);
    return answer.data.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
  };
}

/** The URL without user and password, for messages. */
export function withoutCredentials(url: URL): string {
  const copy = new URL(url);
  copy.password = '';
  copy.username = '';
  return copy.href.replace(/\/$/, '');
}

/** As a header, because fetch() rejects a URL with credentials. */
function credentials({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  const text = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { Authorization: `Basic ${Buffer.from(text).toString('base64')}` };
}

async function request(url: URL, headers: Record<string, string>, name: string) {
  try {
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(1000 * QUERY_TIMEOUT_SECONDS) });
    const answer: unknown = await response.json().catch((error: Error) => {
      if (error instanceof SyntaxError) return undefined;
      throw error;
    });
    return { status: response.status, answer };
  } catch (error) {
    const { message, cause, name: kind } = error as Error;
    const why =
      kind === 'TimeoutError'
        ? `no answer within ${QUERY_TIMEOUT_SECONDS} s`
        : cause instanceof Error
          ? reason(cause)
          : message;
    throw new UsageError(`cannot query ${name}: ${why}`);
  }
}

/** When several addresses fail, the error has a code but no message. */
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
