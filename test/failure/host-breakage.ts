import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { type Line, parseExposition, sampleValue } from '../exposition-text.ts';
import { type Collected, type CollectOnce, inThreads } from './collect-once.ts';
import { HostTree, TREE_COLLECTORS } from './host-tree.ts';

/** A thing that is wrong with a host, and all that it may change. */
export interface Breakage {
  readonly what: string;
  readonly break: (tree: HostTree) => void;
  /** Collectors that must say that they missed something, and only they. */
  readonly failing: readonly string[];
  /** What the log must name, for each failing collector. */
  readonly named?: string;
  /** What becomes of a sample of the unbroken host; undefined when it is lost. */
  readonly change?: (line: Line) => Line | undefined;
  /** Samples that the unbroken host does not have. */
  readonly added?: readonly Line[];
}

/** Containers of the recorded host. */
export const Z1 = { namespace: '', pod: '', container: 'z1' };
export const SUBPATH = { namespace: 'shop', pod: 'subpath', container: 'app' };
export const CRONER = { namespace: 'shop', pod: 'croner', container: 'cron' };
export const CHATTY = { namespace: 'shop', pod: 'chatty-56979dcc48-8j876', container: 'app' };

/** Directories of these containers. */
export const Z1_FILES = '/var/lib/docker/containers/e8dcd832581c11f5ee7dd0636a02b1da8b85a610cf805a73718ac95c6415ae15';
export const W1_CGROUP = '/docker/c65139d81241cbbffa6f63c82e18d5db57b84df6f741a4c3f5029e83273a1e88';
export const CHATTY_LOGS = `/var/log/pods/shop_${CHATTY.pod}_6d09ce6c-c0fa-4561-9f2c-f4caf49448d6/app`;
export const CRONER_LOGS = '/var/log/pods/shop_croner_aa981dc0-c6aa-4b13-b73c-66a6f550d7b0/cron';
export const SUBPATH_BUNDLE =
  '/run/containerd/io.containerd.runtime.v2.task/k8s.io/ba3657540c80d981facf998c03b8ec328be3b6c234f8706f7d1a06d45c463242';

/** The transient units that systemd shows: scopes and mounts, and what of them no pod needs any more. */
export function transientUnits(scopes: number, orphans?: number): Line[] {
  const line = (name: string, labels: Record<string, string>, value: number) => ({
    name: `foreshock_systemd_${name}`,
    labels,
    value,
  });
  return [
    line('transient_units', { type: 'scope' }, scopes),
    line('transient_units', { type: 'mount' }, 0),
    ...(orphans === undefined ? [] : [line('orphaned_subpath_units', {}, orphans)]),
  ];
}

/** Writes a unit as the kubelet makes it for a volume of a pod that is gone. */
export function writeOrphan(tree: HostTree, unit: string): void {
  const path = '/var/lib/kubelet/pods/5a4f5c2e-9d1b-4d8e-8f5c-0c1f6b7e2d3a/volume-subpaths/cm/app/0';
  tree.write(unit, `[Unit]\nDescription=Kubernetes transient mount for ${path}\n`);
}

export function isOf({ labels }: Line, owner: typeof Z1): boolean {
  return Object.entries(owner).every(([label, value]) => labels[label] === value);
}

/** As a sample whose container has lost its name. */
export function unknown(line: Line): Line {
  return { ...line, labels: { ...line.labels, namespace: '', pod: '', container: 'unknown' } };
}

/** `change`, of a container of which something cannot be read for this reason, and which is counted for that. */
export function unread(reason: string, change: (line: Line) => Line | undefined) {
  return (line: Line): Line | undefined =>
    line.name === 'foreshock_containers_unmeasured' && line.labels.reason === reason
      ? { ...line, value: line.value + 1 }
      : change(line);
}

/** Breaks a copy of the recorded host in one way after the other, and compares all that is found on it. */
export async function testBreakages(
  t: TestContext,
  tree: HostTree,
  collect: CollectOnce,
  breakages: readonly Breakage[],
): Promise<void> {
  const unbroken = await collect();
  assertFailing([], unbroken);
  for (const breakage of breakages) {
    await t.test(breakage.what, async () => {
      tree.restore();
      breakage.break(tree);
      assertChanges(breakage, unbroken, await collect());
    });
  }
}

function assertChanges({ failing, named, change, added = [] }: Breakage, before: Collected, after: Collected): void {
  assertFailing(failing, after);
  for (const collector of failing) {
    const entries = after.log.filter((entry) => entry.collector === collector);
    const text = entries.map(({ about, error }) => `${about}: ${error}`).join('\n');
    assert.ok(text.includes(named ?? ''), `${named} is not in the log of ${collector}: ${text}`);
    // The number of a descriptor is another one at each run, and so would be the line.
    assert.doesNotMatch(text, /self\/fd/);
  }
  const expected = [...aboutHost(before).map((line) => (change ? change(line) : line)), ...added];
  assert.deepEqual(
    changes(before, aboutHost(after)),
    changes(
      before,
      expected.filter((line) => line !== undefined),
    ),
  );
}

function assertFailing(failing: readonly string[], { text, log }: Collected): void {
  const without = (collector: string) => sampleValue(text, 'foreshock_collector_success', { collector }) === 0;
  const all = JSON.stringify(log, undefined, 1);
  assert.deepEqual(TREE_COLLECTORS.filter(without), [...failing], `collectors without success; the log is ${all}`);
}

/** Samples that are the same at each run on the same host. */
function aboutHost({ text }: Collected): Line[] {
  return parseExposition(text).filter(({ name }) =>
    /^foreshock_(?!collector_|build_|kubelet_settings_read_|memory_stat_|image_filesystem_|image_gc_)/.test(name),
  );
}

/** Samples that are gone and samples that are new. */
function changes(before: Collected, now: readonly Line[]): string[] {
  const print = ({ name, labels, value }: Line) => `${name} ${JSON.stringify(labels)} ${value}`;
  const [had, has] = [aboutHost(before).map(print), now.map(print)];
  const gone = had.filter((line) => !has.includes(line)).map((line) => `- ${line}`);
  return [...gone, ...has.filter((line) => !had.includes(line)).map((line) => `+ ${line}`)].sort();
}

/** The same of a recorded host, collected in threads of this process. */
export async function testBreakagesInThreads(t: TestContext, breakages: readonly Breakage[]): Promise<void> {
  const tree = new HostTree();
  const { collect, pool } = inThreads(tree);
  t.after(async () => {
    await pool.close(10);
    tree.remove();
  });
  await testBreakages(t, tree, collect, breakages);
}
