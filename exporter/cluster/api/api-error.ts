import type { IncomingMessage } from 'node:http';
import { property, stringProperty } from '../../formats/json.ts';
import type { Clock } from './clock.ts';
import { textOf } from './time-limit.ts';

/** What is read of an error's body. */
const BODY_LIMIT = { seconds: 10, bytes: 64 * 1024, cut: true };

/** Characters of a message that are kept. */
const MESSAGE_LENGTH = 400;

/** A refusal of the API server: an HTTP status, or an ERROR event of a watch. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** The HTTP status or the event's code. */
  readonly status: number;
  /** One word, such as `Expired` (meta/v1, StatusReason); may be empty. */
  readonly reason: string;
  /** Seconds that the server asks to be left alone. */
  readonly retryAfter: number | undefined;

  constructor(status: number, reason: string, message: string, retryAfter?: number) {
    super(message);
    this.status = status;
    this.reason = reason;
    this.retryAfter = retryAfter;
  }

  /**
   * Whether the resource version or the continue token is one that the server no longer knows (410), or does not know
   * yet, as after a restore of etcd: only a new list helps.
   */
  get expired(): boolean {
    return this.status === 410 || /too large resource version/i.test(this.message);
  }
}

/** The error that an answer other than 200 stands for. */
export async function readApiError(answer: IncomingMessage, clock: Clock): Promise<ApiError> {
  const status = answer.statusCode ?? 0;
  const retryAfter = seconds(answer.headers['retry-after']);
  const text = await textOf(answer, clock, BODY_LIMIT);
  const body = parsed(text);
  if (stringProperty(body, 'kind') === 'Status') return statusError(body, status, retryAfter);
  return new ApiError(status, '', short(text) || answer.statusMessage || 'no message', retryAfter);
}

/**
 * The error of a Status object: `{"kind": "Status", "message": "…", "reason": "Expired", "code": 410,
 * "details": {"retryAfterSeconds": 1}}` (meta/v1, Status).
 */
export function statusError(status: unknown, httpStatus = 0, retryAfter?: number): ApiError {
  const code = property(status, 'code');
  const wait = property(property(status, 'details'), 'retryAfterSeconds');
  const reason = stringProperty(status, 'reason') ?? '';
  return new ApiError(
    httpStatus || (typeof code === 'number' ? code : 0),
    reason,
    short(stringProperty(status, 'message') ?? '') || reason || 'no message',
    retryAfter ?? (typeof wait === 'number' && wait > 0 ? wait : undefined),
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function seconds(header: string | undefined): number | undefined {
  return header !== undefined && /^\d+$/.test(header) ? Number(header) : undefined;
}

function short(text: string): string {
  const line = text.trim().replaceAll(/\s+/g, ' ');
  return line.length > MESSAGE_LENGTH ? `${line.slice(0, MESSAGE_LENGTH)}…` : line;
}
