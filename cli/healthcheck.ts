import { request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { readGeneralConfig } from '../exporter/config/general-config.ts';
import { flagsHelp } from '../exporter/config/help.ts';
import { PROGRAM_OPTIONS, parseListenAddress, WEB_OPTIONS } from '../exporter/config/options.ts';
import { readWebConfig } from '../exporter/server/web-config.ts';
import type { Command } from './command.ts';

/** How long an answer is waited for. */
const TIMEOUT_MS = 3000;

/** The flags that say where the exporter listens. */
const USED_OPTIONS = {
  'web.listen-address': WEB_OPTIONS['web.listen-address'],
  'web.config.file': WEB_OPTIONS['web.config.file'],
  'config.file': PROGRAM_OPTIONS['config.file'],
};

const help = () => `Usage: foreshock healthcheck [flags]

Exits with status 0 if an exporter with the same flags answers, else with 1.

Takes all flags and environment variables of the exporter; only these matter:
  --help
        Print this text.
${flagsHelp(USED_OPTIONS)}
`;

async function run(flags: readonly string[]): Promise<number> {
  const general = readGeneralConfig(flags);
  const { tls } = readWebConfig(general['web.config.file']);
  const address = parseListenAddress(general['web.listen-address']);
  const problem = await findProblem({ host: address?.host ?? 'localhost', port: address?.port }, tls !== undefined);
  if (problem !== undefined) process.stderr.write(`foreshock: unhealthy: ${problem}\n`);
  return problem === undefined ? 0 : 1;
}

/** `foreshock healthcheck` */
export const healthcheck: Command = { help, run };

/** Asks for `/-/healthy`; resolves to what is wrong, if anything. */
async function findProblem(address: RequestOptions, tls: boolean): Promise<string | undefined> {
  const options = { ...address, path: '/-/healthy', timeout: TIMEOUT_MS, agent: false };
  const request = tls ? httpsRequest({ ...options, rejectUnauthorized: false }) : httpRequest(options);
  const problem = await new Promise<string | undefined>((resolve) => {
    request.on('response', ({ statusCode }) => resolve(statusCode === 200 ? undefined : `status ${statusCode}`));
    request.on('timeout', () => resolve(`no answer within ${TIMEOUT_MS} ms`));
    // A server that refuses the TLS handshake because of a missing client certificate is alive.
    request.on('error', ({ message, code }: NodeJS.ErrnoException) =>
      resolve(/^ERR_SSL_.*ALERT/.test(code ?? '') ? undefined : message.trim()),
    );
    request.end();
  });
  request.destroy();
  return problem;
}
