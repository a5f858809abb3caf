import { setImmediate as nextTurn } from 'node:timers/promises';
import { containerLogs } from '../../exporter/node/collectors/container-logs.ts';
import { ContainerDirectory } from '../../exporter/node/containers/directory.ts';
import { Host } from '../../exporter/node/host/host.ts';
import { readInventory } from '../../exporter/node/inventory/inventory.ts';

type State = NonNullable<Parameters<typeof containerLogs.collect>[1]>;

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
  const now = () => Date.now() / 1000;
  const { facts, ...found } = readInventory({ host, dockerRoot, now, ...reports }, undefined);
  const context = { host, containers: new ContainerDirectory(found), facts, options: {}, now, ...reports };
  let state: State | undefined;
  let stopped = false;
  const run = async () => {
    while (!stopped) {
      const next = (await containerLogs.collect(context, state)).state;
      for (const [key, { owner, total }] of state?.totals ?? []) {
        const now = next?.totals.get(key)?.total ?? 0;
        if (now < total) faults.push(`${owner.container} fell from ${total} to ${now}`);
      }
      state = next;
      await nextTurn();
    }
  };
  const running = run();
  return {
    counted: (container) =>
      [...(state?.totals.values() ?? [])].find(({ owner }) => owner.container === container)?.total,
    faults,
    stop: () => {
      stopped = true;
      return running;
    },
  };
}
