import type { Readable } from 'node:stream';
import { ByteBuffer } from './byte-buffer.ts';
import type { Clock } from './clock.ts';

/** The API server, or a file or program that its credentials come from, did not answer in time. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
}

/** What the promise resolves to. Rejects with a `TimeoutError` after so many seconds; `about` starts its message. */
export async function withTimeout<Value>(
  clock: Clock,
  timeoutSeconds: number,
  about: string,
  promise: Promise<Value>,
): Promise<Value> {
  let cancel = () => {};
  const late = new Promise<never>((_, reject) => {
    const giveUp = () => reject(new TimeoutError(`${about}: no answer within ${timeoutSeconds} s`));
    cancel = clock.after(timeoutSeconds, giveUp);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    cancel();
  }
}

/** The chunks of a stream; throws a `TimeoutError` when none comes for so many seconds. */
export async function* chunksOf(body: Readable, clock: Clock, idleTimeoutSeconds: number): AsyncGenerator<Buffer> {
  const giveUp = () => body.destroy(new TimeoutError(`the API server has sent nothing for ${idleTimeoutSeconds} s`));
  let cancel = clock.after(idleTimeoutSeconds, giveUp);
  try {
    for await (const chunk of body) {
      cancel();
      cancel = clock.after(idleTimeoutSeconds, giveUp);
      yield chunk;
    }
  } finally {
    cancel();
  }
}

/** What may be read of a stream. */
export interface TextLimit {
  /** Within which it must end. */
  readonly timeoutSeconds: number;
  readonly maxBytes: number;
  /** Whether a longer text is cut off there, instead of being an error. */
  readonly truncate?: boolean;
}

/** The text of a stream. Throws a `TimeoutError` when it does not end in time, and an error when it is too long. */
export async function textOf(body: Readable, clock: Clock, limit: TextLimit): Promise<string> {
  const { timeoutSeconds, maxBytes, truncate } = limit;
  const giveUp = () =>
    body.destroy(new TimeoutError(`the API server's response did not end within ${timeoutSeconds} s`));
  const cancel = clock.after(timeoutSeconds, giveUp);
  const bytes = new ByteBuffer();
  try {
    for await (const chunk of body) {
      bytes.append(chunk);
      if (bytes.length <= maxBytes) continue;
      if (truncate) break;
      throw new Error(`the API server's response is longer than ${maxBytes} bytes`);
    }
  } finally {
    cancel();
  }
  return bytes.take(maxBytes);
}
