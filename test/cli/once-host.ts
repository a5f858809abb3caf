import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { temporaryDirectory, writeEntries } from '../exporter/node/host/temporary-host.ts';
import { sampleValue } from '../exposition-text.ts';
import { foreshock } from './command-line.ts';

const CONTAINER = `/var/lib/docker/containers/${'a'.repeat(64)}`;
const LOG = `${CONTAINER}/${'a'.repeat(64)}-json.log`;

/** What one run printed and logged. */
export interface OneRun {
  readonly text: string;
  readonly log: string;
  /** The counter of the bytes that the host's container wrote to its log. */
  readonly written: number | undefined;
}

/** A host on which the Docker container `web` logs, and on which Foreshock runs with `--once` and a state file. */
export class OnceHost {
  readonly stateFile: string;
  readonly #root: string;

  constructor(t: TestContext) {
    this.#root = temporaryDirectory(t);
    writeEntries(this.#root, {
      '/proc/1/comm': 'init\n',
      '/proc/1/mountinfo': '22 1 8:1 / / rw - ext4 /dev/sda1 rw\n',
      '/proc/loadavg': '0.10 0.10 0.10 1/200 4242\n',
      [`${CONTAINER}/config.v2.json`]: '{"Name":"/web"}',
      [`${CONTAINER}/hostconfig.json`]: '{"LogConfig":{"Type":"json-file","Config":{}}}',
    });
    this.boot('first');
    this.write(100);
    mkdirSync(join(this.#root, 'state'));
    this.stateFile = join(this.#root, 'state/foreshock');
  }

  /** The kernel names each boot (random(4)). */
  boot(id: string): void {
    writeEntries(this.#root, { '/proc/sys/kernel/random/boot_id': `${id}\n` });
  }

  /** The container writes to its log. */
  write(bytes: number): void {
    appendFileSync(join(this.#root, LOG), 'x'.repeat(bytes));
  }

  damage(text: string): void {
    writeFileSync(this.stateFile, text);
  }

  async run(): Promise<OneRun> {
    const paths = ['procfs=/proc', 'sysfs=/sys', 'rootfs='].map(
      (path) => `--path.${path.replace('=', `=${this.#root}`)}`,
    );
    const flags = ['--once', `--once.state-file=${this.stateFile}`, '--collector.kubelet_endpoints.healthz-url='];
    const { stdout, stderr } = await foreshock(['node', ...flags, ...paths]);
    const written = sampleValue(stdout, 'foreshock_container_log_written_bytes_total', { container: 'web' });
    return { text: stdout, log: stderr, written };
  }
}
