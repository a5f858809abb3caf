import type { RequestOptions } from 'node:https';
import { finished } from 'node:stream/promises';

/**
 * The status of a GET over a connection of its own, once the answer has been read to its end, of which nothing is
 * kept. Redirects are not followed. Rejects with the error of the connection, also when that ends within the answer.
 */
export async function httpStatus(options: RequestOptions, signal: AbortSignal): Promise<number> {
  // Loaded where it is asked for: every thread has this module, and only one asks.
  const { get } = options.protocol === 'https:' ? await import('node:https') : await import('node:http');
  return new Promise((resolve, reject) => {
    const request = get({ ...options, agent: false, signal }, (response) => {
      finished(response.resume()).then(() => resolve(response.statusCode ?? 0), reject);
    });
    request.on('error', reject);
  });
}
