import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { LogEntry } from '../exporter/node/scheduling/scheduled-collectors.ts';
import { type ExporterProcess, startExporter } from '../exporter-process.ts';
import { sampleValue } from '../exposition-text.ts';
import { FuseDisk } from './fuse-disk.ts';
import { HostTree, TREE_COLLECTORS } from './host-tree.ts';

/** A part of the host that is on a disk of its own, and the one collector that looks there. */
export interface Place {
  readonly directory: string;
  readonly collector: string;
  /** Lays out the host. */
  prepare(tree: HostTree, disk: string): void;
  /** Puts more on the disk, which the collector then has reason to look at. */
  write(tree: HostTree, disk: string): void;
  /** What the collector must show after so many writes. */
  values(disk: string, writes: number): Sample[];
}

type Sample = [metric: string, labels: Record<string, string>, value: number];

/** A recorded host with one directory on a disk that can hang. */
export class HostOnDisk {
  readonly tree = new HostTree();
  readonly disk: FuseDisk;
  readonly #place: Place;
  #exporter: ExporterProcess | undefined;
  #writes = 0;

  constructor(t: TestContext, place: Place) {
    this.#place = place;
    this.disk = new FuseDisk(this.tree.local(place.directory));
    t.after(async () => {
      await this.disk.remove();
      await this.#exporter?.stop();
      this.tree.remove();
    });
  }

  async mount(): Promise<void> {
    this.#place.prepare(this.tree, this.disk.source);
    await this.disk.mount();
  }

  /** Every collector runs every second; the one that will hang is stuck after two. */
  get flags(): string[] {
    const schedules = TREE_COLLECTORS.map((name) => `--collector.${name}.schedule=* * * * * *`);
    return [...this.tree.flags, ...schedules, `--collector.${this.#place.collector}.timeout=2`];
  }

  async startExporter(): Promise<ExporterProcess> {
    this.#exporter = await startExporter(this.flags);
    return this.#exporter;
  }

  get exporter(): ExporterProcess {
    assert.ok(this.#exporter, 'not started');
    return this.#exporter;
  }

  /** The collectors that do not look at the disk. */
  get others(): string[] {
    return TREE_COLLECTORS.filter((name) => name !== this.#place.collector);
  }

  write(): void {
    this.#place.write(this.tree, this.disk.source);
    this.#writes += 1;
  }

  /** What the collector must show now. */
  values(): Sample[] {
    return this.#place.values(this.disk.source, this.#writes);
  }

  /** Resolves to an exposition with those values in it. */
  async untilRight(): Promise<string> {
    const values = this.values();
    return this.exporter.scrapeUntil((text) => areIn(text, values) && this.#status(text, 'success') === 1, 30);
  }

  /** Hangs the disk just after a look at it: what its daemon has begun to answer, no signal ends the wait for. */
  async hangBetweenRuns(): Promise<void> {
    const last = this.#status(await this.exporter.scrape(), 'last_success_timestamp_seconds');
    await this.exporter.scrapeUntil((text) => this.#status(text, 'last_success_timestamp_seconds') !== last, 30);
    this.disk.hang();
  }

  untilStuck(): Promise<string> {
    return this.exporter.scrapeUntil((text) => this.#status(text, 'success') === 0, 30);
  }

  timeouts(text: string): number | undefined {
    return this.#status(text, 'timeouts_total');
  }

  /** What was logged about the collector, at this level of pino's. */
  logged(level: number): LogEntry[] {
    const lines = this.exporter.log().split('\n').filter(Boolean);
    const entries = lines.map((line) => JSON.parse(line) as LogEntry);
    return entries.filter((entry) => entry.collector === this.#place.collector && entry.level === level);
  }

  #status(text: string, metric: string): number | undefined {
    return sampleValue(text, `foreshock_collector_${metric}`, { collector: this.#place.collector });
  }
}

/** Whether an exposition has all these samples. */
export function areIn(text: string, samples: readonly Sample[]): boolean {
  return samples.every(([metric, labels, value]) => sampleValue(text, metric, labels) === value);
}
