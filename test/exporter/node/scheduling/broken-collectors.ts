import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { gauge, type Metric, sample } from '../../../../exporter/exposition/metric.ts';
import type { Collection, Collector, CollectorContext } from '../../../../exporter/node/collector.ts';

/** What goes wrong in a run: a thing done, or another result than the right one. */
// biome-ignore lint/suspicious/noConfusingVoidType: most misbehaviors have no result.
type Misbehavior = (context: CollectorContext, runs: Metric) => Partial<Collection<unknown>> | void;

/** Shows how often its state says it ran, and misbehaves while the host has a file of its name. */
function counting(name: string, misbehave: Misbehavior): Collector {
  const runs = gauge(`test_${name}_runs`, `Runs of ${name} that its state remembers.`);
  return {
    name,
    help: `runs of ${name}`,
    description: `Counts the runs of ${name}.`,
    metrics: [runs],
    options: {},
    schedule: '* * * * * *',
    timeoutSeconds: 30,
    collect(context, previous) {
      const count = ((previous as number | undefined) ?? 0) + 1;
      const { rootfs } = context.host;
      appendFileSync(rootfs.local(`${name}.starts`), 'started\n');
      const wrong = rootfs.lstat(name) && misbehave(context, runs);
      return { samples: [sample(runs, count, {})], state: count, ...wrong };
    },
  };
}

function useUpMemory(): void {
  const kept: number[][] = [];
  for (;;) kept.push(new Array<number>(1_000_000).fill(kept.length));
}

/** Says every 100 ms for 3 s that it gets on. */
function workLong({ progress }: CollectorContext): void {
  for (let step = 0; step < 30; step += 1) {
    progress(`step ${step}`);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
  }
}

/** A run that waits until `other` has been started, which is possible only beside it, and then 1 s. */
function awaiting(name: string, other: string): Collector {
  const collector = counting(name, () => process.exit(3));
  return {
    ...collector,
    nonBlocking: true,
    async collect(context, previous) {
      const collection = await collector.collect(context, previous);
      context.absent(other);
      while (!context.host.rootfs.lstat(`${other}.starts`)) await sleep(10);
      await sleep(1000);
      return collection;
    },
  };
}

const hidden = gauge('test_hidden', 'Not declared by the collector that shows it.');

/** Stands first, where the state must be an inventory of containers. */
const inventory: Collector = {
  ...counting('inventory', () => {}),
  collect: () => ({ samples: [], state: { containers: [], pods: [], facts: {} } }),
};

export const collectors: readonly Collector[] = [
  inventory,
  counting('throwing', () => {
    throw new Error('thrown on purpose');
  }),
  counting('exiting', () => process.exit(3)),
  counting('greedy', useUpMemory),
  counting('undeclared', () => ({ samples: [sample(hidden, 1, {})] })),
  counting('mislabelled', (_, runs) => ({ samples: [{ metric: runs, value: 1, labels: { surplus: '' } }] })),
  counting('uncloneable', () => ({ state: () => {} })),
  counting('waiting', ({ host, progress }) => {
    progress('/the/hung/directory');
    host.rootfs.read('waiting');
  }),
  counting('long', workLong),
  counting('faulty', ({ host, fault }) => {
    const broken = host.rootfs.read('faulty');
    if (broken === '') throw new Error('thrown on purpose');
    for (const line of broken.split('\n')) fault(`/${line}`, new Error(`${line} is broken`));
  }),
  counting('telling', ({ host }) => {
    const texts = host.rootfs.read('telling').split('\n');
    return { notices: texts.map((what) => ({ message: 'moved', about: { what } })) };
  }),
  counting('steady', () => {}),
  awaiting('asking', 'answering'),
  awaiting('answering', 'asking'),
];
