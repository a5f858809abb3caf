import type { Readable } from 'node:stream';
import type { Clock } from './clock.ts';

/** The API server, or a file or program that stands between us, did not answer in time. */
export class TimeLimitError extends Error {
  override readonly name = 'TimeLimitError';
}

/** What the promise resolves to, unless it takes longer than so many seconds. */
export async function within<Value>(
  clock: Clock,
  seconds: number,
  about: string,
  promise: Promise<Value>,
): Promise<Value> {
  let cancel = () => {};
  const late = new Promise<never>((_, reject) => {
    cancel = clock.after(seconds, () => reject(new TimeLimitError(`${about}: nothing within ${seconds} s`)));
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    cancel();
  }
}

/** The chunks of a stream, which is given up after so many seconds without one. */
export async function* chunksOf(body: Readable, clock: Clock, silence: number): AsyncGenerator<Buffer> {
  const giveUp = () => body.destroy(new TimeLimitError(`the API server has been silent for ${silence} s`));
  let cancel = clock.after(silence, giveUp);
  try {
    for await (const chunk of body) {
      cancel();
      cancel = clock.after(silence, giveUp);
      yield chunk;
    }
  } finally {
    cancel();
  }
}

/**
 * The text of a stream, which must end within so many seconds. What is longer than so many bytes is an error, or cut
 * off there when `cut` is set.
 */
export async function textOf(
  body: Readable,
  clock: Clock,
  limit: { readonly seconds: number; readonly bytes: number; readonly cut?: boolean },
): Promise<string> {
  const { seconds, bytes, cut } = limit;
  const giveUp = () => body.destroy(new TimeLimitError(`the API server's answer did not end within ${seconds} s`));
  const cancel = clock.after(seconds, giveUp);
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      chunks.push(chunk);
      size += chunk.length;
      if (size <= bytes) continue;
      if (cut) break;
      throw new Error(`the API server's answer is longer than ${bytes} bytes`);
    }
  } finally {
    cancel();
  }
  return Buffer.concat(chunks).subarray(0, bytes).toString();
}
