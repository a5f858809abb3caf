import {
  closeSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { containerdHost } from '../../golden/host-trees.ts';

/** The container that storms. */
export const STORMING = { namespace: 'shop', pod: 'chatty-56979dcc48-8j876', container: 'app' };
const LOG = 'var/log/pods/shop_chatty-56979dcc48-8j876_6d09ce6c-c0fa-4561-9f2c-f4caf49448d6/app/0.log';

/** A thread of the recorded kubelet. */
const THREAD = 'proc/2788/task/2794/stat';

/** What happens in a second: story 004's 60 MB of logs and 15 writes of 11.5 s at %util 100, and a healthy node's. */
const STORM = { logged: 60e6, writes: 15, writeMilliseconds: 15 * 11_500, busyMilliseconds: 1000 };
const HEALTHY = { logged: 1e4, writes: 20, writeMilliseconds: 60, busyMilliseconds: 20 };

/** How far the log's file system compresses it, so that minutes of the storm take megabytes of this machine's disk. */
const COMPRESSION = 500;

/** Fields of /proc/diskstats behind the name of the device (Documentation/admin-guide/iostats.rst). */
const WRITES = 4;
const WRITE_MILLISECONDS = 7;
const BUSY_MILLISECONDS = 9;

/** The recorded host, alive: a container logs, a disk writes. */
export class StormingHost {
  readonly root: string;
  readonly #timer: NodeJS.Timeout;
  readonly #disk: { readonly head: string; readonly fields: number[] };
  #course = HEALTHY;
  #logged = 0;
  #movedAt = performance.now();

  constructor(t: TestContext) {
    this.root = containerdHost(t);
    const [, head = '', fields = ''] =
      /^(.* vda) (.*)$/m.exec(readFileSync(this.#path('proc/diskstats'), 'utf8')) ?? [];
    this.#disk = { head, fields: fields.split(' ').map(Number) };
    this.#timer = setInterval(() => this.#move(), 1000);
  }

  /** The container logs 60 MB/s, the disk hangs, and a thread of the kubelet with it. */
  storm(): void {
    this.#course = STORM;
    this.#block('D');
  }

  calm(): void {
    this.#course = HEALTHY;
    this.#block('S');
  }

  /** Nothing moves any more. */
  stop(): void {
    clearInterval(this.#timer);
  }

  #move(): void {
    const now = performance.now();
    const seconds = (now - this.#movedAt) / 1000;
    this.#movedAt = now;
    const { logged, writes, writeMilliseconds, busyMilliseconds } = this.#course;
    this.#log(logged * seconds);
    const { head, fields } = this.#disk;
    for (const [field, perSecond] of [
      [WRITES, writes],
      [WRITE_MILLISECONDS, writeMilliseconds],
      [BUSY_MILLISECONDS, busyMilliseconds],
    ] as const) {
      fields[field] = (fields[field] ?? 0) + perSecond * seconds;
    }
    const diskstats = this.#path('proc/diskstats');
    writeFileSync(`${diskstats}.new`, `${head} ${fields.map(Math.round).join(' ')}\n`);
    renameSync(`${diskstats}.new`, diskstats);
  }

  /** The log grows as on a file system that compresses: few blocks, but as many as that many bytes can take. */
  #log(bytes: number): void {
    this.#logged += bytes;
    const log = openSync(this.#path(LOG), 'r+');
    writeSync(log, Buffer.alloc(Math.ceil(bytes / COMPRESSION)), 0, null, fstatSync(log).size);
    ftruncateSync(log, Math.round(this.#logged));
    closeSync(log);
  }

  /** Changes the state of the thread in its place: who reads meanwhile sees a whole line. */
  #block(state: 'D' | 'S'): void {
    const path = this.#path(THREAD);
    const position = readFileSync(path, 'utf8').lastIndexOf(')') + 2;
    const file = openSync(path, 'r+');
    writeSync(file, state, position);
    closeSync(file);
  }

  #path(path: string): string {
    return join(this.root, path);
  }
}
