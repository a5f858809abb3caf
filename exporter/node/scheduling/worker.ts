import { deserialize, serialize } from 'node:v8';
import { parentPort, workerData } from 'node:worker_threads';
import { monotonicTime, unixTime } from '../../clock.ts';
import { limitedFamilies, render } from '../../exposition/exposition.ts';
import type { Collector } from '../collector.ts';
import { Host } from '../host/host.ts';
import { LatestInventory } from '../inventory/latest-inventory.ts';
import type { Fault, RunResult, ThreadRequest, WorkerMessage, WorkerSettings } from './messages.ts';
import { Progress } from './progress.ts';
import { HostHidden, runCollector } from './run.ts';

/** More faults than this in one run have one cause. */
const MAX_FAULTS = 100;

/** What changes in one run: a node has some dozen locations. */
const MAX_NOTICES = 100;

/** The entry of a worker thread: runs collectors, blocking this thread as long as the host blocks it. */
const settings = workerData as WorkerSettings;
const host = new Host(settings.paths);
const inventory = new LatestInventory();
const { collectors } = (await (settings.collectors
  ? import(settings.collectors)
  : import('../collectors/index.ts'))) as { collectors: readonly Collector[] };

parentPort?.on('message', (request: ThreadRequest) => {
  const { collector } = request;
  post({ collector, kind: 'started' });
  const started = monotonicTime();
  const seconds = () => monotonicTime() - started;
  run(request, seconds).then(
    (result) => post({ collector, kind: 'done', result }),
    (error: unknown) => {
      const hidden = error instanceof HostHidden && { unmeasured: error.unmeasured };
      post({ collector, kind: 'failed', message: messageOf(error), seconds: seconds(), ...hidden });
    },
  );
});

async function run(request: ThreadRequest, seconds: () => number): Promise<RunResult> {
  const collector = collectors.find(({ name }) => name === request.collector);
  if (!collector) throw new Error(`unknown collector ${request.collector}`);
  const faults: Fault[] = [];
  const absent: string[] = [];
  const progress = new Progress(request.progress);
  const context = {
    host,
    ...inventory.read(request.inventory),
    options: settings.options[collector.name] ?? {},
    once: settings.once ?? false,
    now: monotonicTime,
    unixTime,
    progress: (about: string) => progress.note(about),
    fault: (about: string, error: unknown) => {
      if (faults.length < MAX_FAULTS) faults.push({ about, message: messageOf(error) });
    },
    absent: (what: string) => void absent.push(what),
  };
  const {
    samples,
    state,
    unmeasured = {},
    notices = [],
    notReady,
  } = await runCollector(collector, context, request.state && deserialize(request.state));
  const { families, ...omissions } = limitedFamilies(collector.metrics, samples);
  return {
    exposition: render(families),
    omissions,
    unmeasured,
    notReady,
    state: state === undefined ? undefined : serialize(state),
    faults,
    absent,
    notices: notices.slice(0, MAX_NOTICES),
    seconds: seconds(),
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function post(message: WorkerMessage): void {
  parentPort?.postMessage(message);
}
