import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { watchers } from '../exporter/cluster/watchers/index.ts';
import { readConfig } from '../exporter/config/config.ts';
import { parseListenAddress } from '../exporter/config/options.ts';
import { collectors } from '../exporter/node/collectors/index.ts';
import { readWebConfig } from '../exporter/server/web-config.ts';

/** Milliseconds after which no answer is an answer. */
const TIMEOUT = 3000;

/** `foreshock healthcheck`: exit status 0 when an exporter with the same flags answers `/-/healthy`, else 1. */
export async function healthcheck(flags: readonly string[]): Promise<number> {
  const { general } = readConfig(flags, collectors, watchers);
  const { tls } = readWebConfig(general['web.config.file']);
  const address = parseListenAddress(general['web.listen-address']);
  const options = {
    host: address?.host ?? 'localhost',
    port: address?.port,
    path: '/-/healthy',
    timeout: TIMEOUT,
    agent: false,
  };
  // Any answer will do: with basic authentication or client certificates we may not be let in.
  const request = tls ? httpsRequest({ ...options, rejectUnauthorized: false }) : httpRequest(options);
  const problem = await new Promise<string | undefined>((resolve) => {
    request.on('response', ({ statusCode = 0 }) => resolve(statusCode < 500 ? undefined : `status ${statusCode}`));
    request.on('timeout', () => resolve(`no answer in ${TIMEOUT} ms`));
    // A server that refuses us in TLS for want of a certificate is alive.
    request.on('error', ({ message, code }: NodeJS.ErrnoException) =>
      resolve(/^ERR_SSL_.*ALERT/.test(code ?? '') ? undefined : message.trim()),
    );
    request.end();
  });
  request.destroy();
  if (problem !== undefined) process.stderr.write(`foreshock: unhealthy: ${problem}\n`);
  return problem === undefined ? 0 : 1;
}
