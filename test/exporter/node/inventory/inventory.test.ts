import assert from 'node:assert/strict';
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { serialize } from 'node:v8';
import { collectors } from '../../../../exporter/node/collectors/index.ts';
import { type Inventory, readInventory } from '../../../../exporter/node/inventory/inventory.ts';
import { LatestInventory } from '../../../../exporter/node/inventory/latest-inventory.ts';
import { FIXTURES } from '../../../paths.ts';
import { countingHost } from '../host/counting-tree.ts';
import { processEntries } from '../host/process-entries.ts';
import { temporaryDirectory, temporaryHost, writeEntries } from '../host/temporary-host.ts';
import { contextOf, runCollector } from '../run-collector.ts';

const CONFIGURATION = '/var/lib/kubelet/config.yaml';
const KUBELET_PID = 2788;

/** Nothing is asked over the network. */
const OPTIONS: Record<string, Record<string, string>> = {
  kubelet_endpoints: { 'healthz-url': '', 'cadvisor-url': '' },
};

/** Runs all collectors on a host as the scheduler does, round after round, and tells what each round read. */
class Rounds {
  readonly #root: string;
  readonly #states = new Map<string, unknown>();

  constructor(root: string) {
    this.#root = root;
  }

  async run(at: number): Promise<{ reads: readonly string[]; faults: readonly string[] }> {
    const { host, asked } = countingHost(this.#root);
    const faults: string[] = [];
    for (const collector of collectors) {
      const inventory = this.#states.get('containers');
      const known = new LatestInventory().read(inventory === undefined ? undefined : serialize(inventory));
      const { name } = collector;
      const given = { ...known, now: () => at, options: OPTIONS[name] ?? {} };
      // With a state it would look at threads for 14 s.
      const previous = name === 'daemons' ? undefined : this.#states.get(name);
      const run = await runCollector(collector, host, { ...given, previous });
      this.#states.set(name, run.state);
      faults.push(...run.faults);
    }
    return { reads: asked.reads, faults };
  }
}

const mountTables = (reads: readonly string[]) => reads.filter((path) => path.endsWith('/mountinfo'));
const namesOfProcesses = (reads: readonly string[]) => reads.filter((path) => /^\d+\/comm$/.test(path));

test('a round of all collectors reads the mount table once, and searches all processes for daemons once', async (t) => {
  const root = temporaryDirectory(t);
  cpSync(join(FIXTURES, 'host-containerd-cgroup1'), root, { recursive: true });
  const rounds = new Rounds(root);
  const first = await rounds.run(1000);
  assert.deepEqual(first.faults, []);
  assert.deepEqual(mountTables(first.reads), ['1/mountinfo']);
  const names = namesOfProcesses(first.reads);
  assert.ok(names.length > 60, `${names.length} processes`);
  // The kubelet's name also tells where its flags are.
  assert.deepEqual(
    names.filter((path, index) => names.indexOf(path) !== index),
    [`${KUBELET_PID}/comm`],
  );
  assert.deepEqual(
    first.reads.filter((path) => path === CONFIGURATION),
    [CONFIGURATION],
  );

  for (const at of [1015, 1030, 1045]) {
    const { reads } = await rounds.run(at);
    assert.deepEqual(mountTables(reads), ['1/mountinfo']);
    assert.deepEqual(namesOfProcesses(reads), []);
    assert.ok(!reads.includes(CONFIGURATION));
  }
  const minute = await rounds.run(1060);
  assert.equal(namesOfProcesses(minute.reads).length, names.length, 'after a minute there may be new daemons');
  assert.ok(minute.reads.includes(CONFIGURATION));
});

/** The inventory of a host with a kubelet, that of the next round, and so on. */
function inventories(t: TestContext, entries: Parameters<typeof temporaryHost>[1]) {
  const { host, root } = temporaryHost(t, entries);
  let inventory: Inventory | undefined;
  return {
    root,
    next(at: number): Inventory {
      inventory = readInventory({ ...contextOf(host), now: () => at, dockerRoot: '' }, structuredClone(inventory));
      return inventory;
    },
  };
}

const kubelet = (startTime: number) => processEntries(42, 'kubelet', { args: ['--config=/k.yaml'], startTime });

test('the kubelet is read again once a minute, and at once when it was restarted', (t) => {
  const { root, next } = inventories(t, { ...kubelet(500), '/k.yaml': 'kubeAPIQPS: 1\n' });
  const qps = ({ facts }: Inventory) => facts.kubelet?.value.configuration?.fields.kubeAPIQPS;
  assert.equal(qps(next(1000)), 1);
  writeFileSync(join(root, 'k.yaml'), 'kubeAPIQPS: 2\n');
  assert.equal(qps(next(1045)), 1);
  assert.equal(qps(next(1060)), 2);
  writeFileSync(join(root, 'k.yaml'), 'kubeAPIQPS: 3\n');
  writeEntries(root, kubelet(501));
  const restarted = next(1075);
  assert.equal(qps(restarted), 3);
  assert.equal(restarted.facts.daemons?.value[0]?.startTime, 501);
  assert.equal(restarted.facts.kubelet?.foundAt, 1075);
});

test('each fact has the time at which it was found', (t) => {
  const { next } = inventories(t, kubelet(500));
  next(1000);
  const { mounts, daemons, kubelet: found } = next(1015).facts;
  assert.deepEqual([mounts?.foundAt, daemons?.foundAt, found?.foundAt], [1015, 1000, 1000]);
});

test('mounts are as old as the run, however long that hung after it had read them', (t) => {
  const { host } = temporaryHost(t, { '/var/lib/docker/x': '' });
  let now = 1000;
  const progress = () => {
    now += 3600;
  };
  const { facts } = readInventory({ ...contextOf(host), progress, now: () => now, dockerRoot: '' }, undefined);
  assert.equal(facts.mounts?.foundAt, 1000);
  assert.ok(now > 1000);
});

test('a configuration that makes no sense is no fault of the inventory', (t) => {
  const faults: string[] = [];
  const { host } = temporaryHost(t, { ...kubelet(500), '/k.yaml': '{' });
  const fault = (about: string) => faults.push(about);
  const { facts } = readInventory({ ...contextOf(host), fault, dockerRoot: '' }, undefined);
  assert.match(facts.kubelet?.value.error ?? '', /^\/k\.yaml: /);
  assert.deepEqual(faults, []);
});

test('without a mount table, what the files of runtimes tell is known, and nothing of mounts', (t) => {
  const { host, root } = temporaryHost(t, {});
  rmSync(join(root, 'proc/self'), { recursive: true });
  const { facts } = readInventory({ ...contextOf(host), dockerRoot: '' }, undefined);
  assert.equal(facts.mounts, undefined);
  assert.deepEqual(facts.visibility?.value.hidden, []);
  assert.match(facts.visibility?.value.unread.join() ?? '', /^the mount table: ENOENT/);
});
