import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { Express } from 'express';
import { parseListenAddress } from '../config/options.ts';
import { UsageError } from '../config/usage-error.ts';
import { type TlsFiles, tlsOptions, type WebConfig } from './web-config.ts';

/** Certificates are short-lived: how often their files are read again, in milliseconds. */
const CERTIFICATE_INTERVAL = 60_000;

/** Serves `app` at `address` until the server is closed. Throws `UsageError` when that address cannot be had. */
export async function listen(app: Express, address: string, { tls }: WebConfig): Promise<Server> {
  const server = tls ? await newTlsServer(app, tls) : createServer(app);
  if (tls && 'setSecureContext' in server) {
    // A certificate that is just being replaced may not fit its key: the last good one stays until the next look.
    const renew = () =>
      tlsOptions(tls)
        .then((options) => server.setSecureContext(options))
        .catch(() => undefined);
    const renewal = setInterval(renew, CERTIFICATE_INTERVAL).unref();
    server.on('close', () => clearInterval(renewal));
  }
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(new UsageError(`cannot listen on ${address}: ${error.message}`)));
    server.listen({ ...parseListenAddress(address) }, resolve);
  });
  return server;
}

async function newTlsServer(app: Express, tls: TlsFiles): Promise<TlsServer> {
  const options = await tlsOptions(tls);
  try {
    return createTlsServer(options, app);
  } catch (error) {
    throw new UsageError(`cannot use ${tls.cert} with ${tls.key}: ${(error as Error).message.trim()}`);
  }
}

/** Stops accepting, lets running answers end for `graceSeconds`, then cuts them. */
export async function closeServer(server: Server, graceSeconds: number): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  const cut = setTimeout(() => server.closeAllConnections(), graceSeconds * 1000);
  await closed;
  clearTimeout(cut);
}
