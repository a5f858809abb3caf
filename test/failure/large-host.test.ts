import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { describe, type TestContext, test } from 'node:test';
import { sampleValue } from '../exposition-text.ts';
import { inThreads } from './collect-once.ts';
import { CHATTY, CHATTY_LOGS, CRONER, transientUnits, writeOrphan, Z1 } from './host-breakage.ts';
import { HostTree, TREE_COLLECTORS } from './host-tree.ts';

/** With `FULL_SCALE=1`, as in the matrix, it is the layer of the largest registry that was seen; that takes a minute. */
const LAYER_FILES = process.env.FULL_SCALE === '1' ? 1_000_000 : 50_000;
const FILES_PER_DIRECTORY = 1000;
const ZOMBIES = 20_000;
const UNITS = 100_000;
const MOUNTS = 30_000;
const LOG_FILES = 50_000;

/** What is larger than any id of the recorded host. */
const FIRST_PID = 100_000;
const Z1_LAYER = '/var/lib/docker/overlay2/f0b0101b11407caf1eabcb86ff0047246d9795e2672e61d4df7aa3a58a8f13be/diff';

/** The values of one run of all collectors, in threads that end when their heap is larger than its bound. */
async function collect(
  t: TestContext,
  fill: (tree: HostTree) => void,
): Promise<(name: string, labels?: object) => unknown> {
  const tree = new HostTree();
  const { collect: once, pool } = inThreads(tree, ['--collector.writable_layers.entries-per-second=0']);
  t.after(async () => {
    await pool.close(10);
    tree.remove();
  });
  fill(tree);
  const { text, log } = await once();
  const failed = TREE_COLLECTORS.filter((collector) => {
    return sampleValue(text, 'foreshock_collector_success', { collector }) !== 1;
  });
  assert.deepEqual(failed, [], JSON.stringify(log));
  return (name, labels = {}) => sampleValue(text, `foreshock_${name}`, { ...labels });
}

describe('a host that has very much of something: all collectors succeed, within the bound of their memory', () => {
  test(`${ZOMBIES} zombies of one parent`, async (t) => {
    const value = await collect(t, (tree) => {
      for (let pid = FIRST_PID; pid < FIRST_PID + ZOMBIES; pid += 1) {
        mkdirSync(tree.local(`/proc/${pid}`));
        const stat = `${pid} (sh) Z 25993 1 1 0 -1 4227148 28 0 0 0 0 0 0 0 20 0 1 0 248286 0 0\n`;
        writeFileSync(tree.local(`/proc/${pid}/stat`), stat);
      }
    });
    assert.equal(value('zombie_processes', CRONER), 42 + ZOMBIES);
    assert.equal(value('zombie_parent_processes', { ...CRONER, command: 'sleep' }), 42 + ZOMBIES);
  });

  test(`${UNITS} transient units of pods that are gone`, async (t) => {
    const value = await collect(t, (tree) => {
      writeOrphan(tree, '/run/systemd/transient/run-0.scope');
      for (let unit = 1; unit < UNITS; unit += 1) {
        writeFileSync(tree.local(`/run/systemd/transient/run-${unit}.scope`), '[Unit]\nDescription=of a pod\n');
      }
    });
    for (const { name, labels, value: expected } of transientUnits(UNITS)) {
      assert.equal(value(name.replace('foreshock_', ''), labels), expected);
    }
  });

  test(`${MOUNTS} mounts`, async (t) => {
    const value = await collect(t, (tree) => {
      const mount = (index: number) =>
        `${1000 + index} 22 0:76 / /var/lib/kubelet/pods/p/volume-subpaths/cm/app/${index} rw - tmpfs tmpfs rw\n`;
      tree.append('/proc/1/mountinfo', Array.from({ length: MOUNTS }, (_, index) => mount(index)).join(''));
    });
    assert.equal(value('mounts'), 49 + MOUNTS);
  });

  test(`${LOG_FILES} files of one log`, async (t) => {
    const value = await collect(t, (tree) => {
      for (let file = 0; file < LOG_FILES; file += 1) {
        writeFileSync(tree.local(`${CHATTY_LOGS}/0.log.20261128-${file}`), '');
      }
      writeFileSync(tree.local(`${CHATTY_LOGS}/0.log.20261129-0`), Buffer.alloc(8192, 'a'));
    });
    assert.equal(value('container_log_bytes', CHATTY), 20_480 + 8192);
  });

  test(`${LAYER_FILES} files in one writable layer`, async (t) => {
    const value = await collect(t, (tree) => {
      for (let file = 0; file < LAYER_FILES; file += 1) {
        const directory = tree.local(`${Z1_LAYER}/many/${Math.floor(file / FILES_PER_DIRECTORY)}`);
        if (file % FILES_PER_DIRECTORY === 0) mkdirSync(directory, { recursive: true });
        writeFileSync(`${directory}/${file}`, '');
      }
    });
    // The layer, the directory of directories, these, and their files.
    assert.equal(value('container_writable_layer_inodes', Z1), 2 + LAYER_FILES / FILES_PER_DIRECTORY + LAYER_FILES);
    assert.equal(value('container_writable_layer_unscanned_directories', Z1), 0);
  });
});
