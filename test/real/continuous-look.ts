import { setImmediate as nextTurn } from 'node:timers/promises';
import { monotonicTime, unixTime } from '../../exporter/clock.ts';
import type { Sample } from '../../exporter/exposition/metric.ts';
import * as logs from '../../exporter/node/collectors/container-logs.ts';
import { ContainerDirectory } from '../../exporter/node/containers/directory.ts';
import { Host } from '../../exporter/node/host/host.ts';
import { readInventory } from '../../exporter/node/inventory/inventory.ts';

/** The collector of logs at work without a pause, so that it looks in the midst of every rotation. */
export interface ContinuousLook {
  /** Bytes written since it began, by container. */
  counted(container: string): number | undefined;
  /** What it could not read, and totals that fell. */
  readonly faults: readonly string[];
  /** Ends it; rejects with what the collector threw. */
  stop(): Promise<void>;
}

/** Runs the collector on the containers that a Docker daemon has now. */
export function lookContinuously(dockerRoot: string): ContinuousLook {
  const host = new Host({ procfs: '/proc', sysfs: '/sys', rootfs: '/' });
  const faults: string[] = [];
  const reports = {
    progress: () => {},
    absent: () => {},
    fault: (about: string, error: unknown) => {
      faults.push(`${about}: ${error}`);
    },
  };
  const { facts, ...found } = readInventory({ host, dockerRoot, now: monotonicTime, ...reports }, undefined);
  const clocks = { now: monotonicTime, unixTime };
  const context = { host, containers: new ContainerDirectory(found), facts, options: {}, ...clocks, ...reports };
  let totals = new Map<string, number>();
  let stopped = false;
  const run = async () => {
    let state: unknown;
    while (!stopped) {
      const collection = await logs.containerLogs.collect(context, state);
      const next = totalsOf(collection.samples);
      for (const [container, total] of totals) {
        const now = next.get(container) ?? 0;
        if (now < total) faults.push(`${container} fell from ${total} to ${now}`);
      }
      ({ state } = collection);
      totals = next;
      await nextTurn();
    }
  };
  const running = run();
  return {
    counted: (container) => totals.get(container),
    faults,
    stop: () => {
      stopped = true;
      return running;
    },
  };
}

/** Bytes written, by container. */
function totalsOf(samples: Iterable<Sample>): Map<string, number> {
  const totals = [...samples].filter(({ metric }) => metric === logs.written);
  return new Map(totals.map(({ labels, value }) => [labels.container ?? '', Number(value)]));
}
