import type { IncomingMessage } from 'node:http';
import { property, stringProperty } from '../../formats/json.ts';
import type { Clock } from './clock.ts';
import { type TextLimit, textOf } from './timeout.ts';

/** What is read of an error's body. */
const BODY_LIMIT: TextLimit = { timeoutSeconds: 10, maxBytes: 64 * 1024, truncate: true };

/** Characters of a message that are kept. */
const MAX_MESSAGE_LENGTH = 400;

/** A refusal of the API server: an HTTP status, or an ERROR event of a watch. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** The HTTP status or the event's code. */
  readonly status: number;
  /** One word, such as `Expired` (meta/v1, StatusReason); may be empty. */
  readonly reason: string;
  /** Seconds that the server asks clients to wait. */
  readonly retryAfterSeconds: number | undefined;

  constructor(status: number, reason: string, message: string, retryAfterSeconds?: number) {
    super(message);
    this.status = status;
    this.reason = reason;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /**
   * Whether the server no longer knows the resource version or the continue token (410), or does not know it yet, as
   * after a restore of etcd: only a new list helps.
   */
  get expired(): boolean {
    return this.status === 410 || /too large resource version/i.test(this.message);
  }
}

/** The error for a response with another status than 200. */
export async function readApiError(response: IncomingMessage, clock: Clock): Promise<ApiError> {
  const status = response.statusCode ?? 0;
  const retryAfterSeconds = parseRetryAfter(response.headers['retry-after']);
  const text = await textOf(response, clock, BODY_LIMIT);
  const body = parseIfJson(text);
  if (stringProperty(body, 'kind') === 'Status') return statusError(body, status, retryAfterSeconds);
  return new ApiError(status, '', shorten(text) || response.statusMessage || 'no message', retryAfterSeconds);
}

/**
 * The error of a Status object: `{"kind": "Status", "message": "…", "reason": "Expired", "code": 410,
 * "details": {"retryAfterSeconds": 1}}` (meta/v1, Status).
 */
export function statusError(status: unknown, httpStatus = 0, retryAfterSeconds?: number): ApiError {
  const code = property(status, 'code');
  const wait = property(property(status, 'details'), 'retryAfterSeconds');
  const reason = stringProperty(status, 'reason') ?? '';
  return new ApiError(
    httpStatus || (typeof code === 'number' ? code : 0),
    reason,
    shorten(stringProperty(status, 'message') ?? '') || reason || 'no message',
    retryAfterSeconds ?? (typeof wait === 'number' && wait > 0 ? wait : undefined),
  );
}

function parseIfJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Seconds of a Retry-After header; undefined for one with a date. */
function parseRetryAfter(header: string | undefined): number | undefined {
  return header !== undefined && /^\d+$/.test(header) ? Number(header) : undefined;
}

/** A text as one line of limited length. */
function shorten(text: string): string {
  const line = text.trim().replaceAll(/\s+/g, ' ');
  return line.length > MAX_MESSAGE_LENGTH ? `${line.slice(0, MAX_MESSAGE_LENGTH)}…` : line;
}
