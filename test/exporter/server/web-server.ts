import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { freePort, until } from '../../exporter-process.ts';
import { FIXTURES, MAIN } from '../../paths.ts';

export interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A request of its own connection, over TLS when the URL says so. */
export async function get(url: string, options: RequestOptions = {}): Promise<Answer> {
  const request = (url.startsWith('https:') ? httpsRequest : httpRequest)(url, { agent: false, ...options });
  request.end();
  const [response] = await once(request, 'response');
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return { status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) };
}

const HOST = join(FIXTURES, 'host-containerd-cgroup1');
const HOST_FLAGS = [`--path.rootfs=${HOST}`, `--path.procfs=${HOST}/proc`, `--path.sysfs=${HOST}/sys`];

/** An exporter that listens, with the flags that a healthcheck needs to find it. */
export interface WebServer {
  readonly address: string;
  readonly flags: readonly string[];
  readonly process: ChildProcess;
  /** All that it has logged so far. */
  log(): string;
}

/** Starts the exporter, of the recorded host unless the flags say otherwise; by a shell's `script` as `"$@"`, if there is one. */
export async function startWebServer(
  t: TestContext,
  flags: readonly string[] = [],
  script?: string,
): Promise<WebServer> {
  const address = `127.0.0.1:${await freePort()}`;
  const own = [`--web.listen-address=${address}`, ...HOST_FLAGS, ...flags];
  const command = [process.execPath, MAIN, 'node', ...own];
  const [program = '', ...args] = script === undefined ? command : ['sh', '-c', script, 'sh', ...command];
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  t.after(async () => {
    child.kill('SIGTERM');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  });
  let log = '';
  child.stderr.on('data', (chunk) => {
    log += chunk;
  });
  await until(
    async () => log,
    () => log.includes('"listening"') || child.exitCode !== null,
    30,
  );
  if (child.exitCode !== null) throw new Error(`the exporter ended with ${child.exitCode}: ${log}`);
  return { address, flags: own, process: child, log: () => log };
}

/** A directory with a web configuration, and what it refers to. */
export class WebConfigDirectory {
  readonly #path = mkdtempSync(join(tmpdir(), 'foreshock-web-'));

  constructor(t: TestContext) {
    t.after(() => rmSync(this.#path, { recursive: true }));
  }

  /** The flag for a configuration of this text. */
  configure(yaml: string): string {
    writeFileSync(join(this.#path, 'web.yml'), yaml);
    return `--web.config.file=${this.#path}/web.yml`;
  }

  /** Makes `<name>.pem` and `<name>.key`, of a certificate that is its own authority. */
  makeCertificate(name: string): { cert: string; key: string } {
    const [cert, key] = [join(this.#path, `${name}.pem`), join(this.#path, `${name}.key`)];
    const subject = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1'];
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
    const args = ['req', '-x509', ...curve, '-noenc', '-days', '2', ...subject, '-keyout', key, '-out', cert];
    const { status, stderr } = spawnSync('openssl', args, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`openssl: ${stderr}`);
    return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
  }
}
