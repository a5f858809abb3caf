import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { PROJECT } from './paths.ts';
import { copyProject, type ProjectCopy } from './project-copy.ts';
import { readRecipe, type Step } from './recipe.ts';

const GUIDE = readFileSync(join(PROJECT, 'CONTRIBUTING.md'), 'utf8');

/** One copy for all recipes: the later ones go on from the earlier ones. */
let copy: ProjectCopy;
before(() => {
  copy = copyProject();
});
after(() => copy.remove());

test('Add a collector: its metrics are exported and documented', () => {
  const output = carryOut('Add a collector');
  assert.match(output, /^foreshock_file_handles_used [1-9]\d*$/m);
  assert.match(output, /^foreshock_collector_success\{collector="file_handles"\} 1$/m);
  assert.match(read('docs/metrics.md'), /^\| `foreshock_file_handles_limit` \| gauge \|/m);
  assert.match(read('docs/flags.md'), /`--no-collector\.file_handles`/);
  assert.match(read('test/golden/containerd.prom'), /^foreshock_file_handles_limit \d+$/m);
});

test('Add a watcher: its metrics are exported and documented', async (t) => {
  const home = join(copy.root, 'home');
  mkdirSync(join(home, '.kube'), { recursive: true });
  const server = spawn(
    process.execPath,
    [join(PROJECT, 'dist/test/exporter/cluster/synthetic/synthetic-server.js'), join(home, '.kube'), '2', '4'],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  t.after(async () => {
    server.stdin.end();
    await once(server, 'exit');
  });
  await once(server.stdout, 'data');
  const output = carryOut('Add a watcher', { HOME: home });
  assert.equal([...output.matchAll(/^foreshock_node_cordons_total\{node="[^"]+"\} 0$/gm)].length, 2);
  assert.match(read('docs/metrics.md'), /^\| `foreshock_node_cordons_total` \| counter \| `node` \|/m);
});

test('Add a signature: its alert is among the rules', () => {
  const output = carryOut('Add a signature');
  assert.match(output, /^ *- alert: ForeshockFileHandlesNearLimit$/m);
  for (const path of ['rules/prometheus/file-handles.yaml', 'rules/operator/file-handles.yaml', 'rules/index.md']) {
    assert.match(read(path), /ForeshockFileHandlesNearLimit/, path);
  }
});

test('Add a dashboard row: its panel is in the dashboard', () => {
  carryOut('Add a dashboard row');
  const dashboard = read('dashboards/foreshock-node.json');
  assert.match(dashboard, /"title": "File handles in use"/);
  assert.match(dashboard, /docs\/runbooks\/ForeshockFileHandlesNearLimit\.md/);
});

/** Does what a section says, and returns what its commands printed. */
function carryOut(title: string, environment: Readonly<Record<string, string>> = {}): string {
  const steps = readRecipe(GUIDE, title);
  assert.ok(steps.some(({ kind }) => kind === 'create') && steps.at(-1)?.kind === 'run', 'the recipe is understood');
  return steps.map((step) => take(step, environment)).join('');
}

function take(step: Step, environment: Readonly<Record<string, string>>): string {
  switch (step.kind) {
    case 'create':
      mkdirSync(dirname(join(copy.root, step.path)), { recursive: true });
      writeFileSync(join(copy.root, step.path), step.text, { flag: 'wx' });
      return '';
    case 'insert':
      replace(step.path, `${step.below}\n`, `${step.below}\n${step.text}`);
      return '';
    case 'replace':
      replace(step.path, step.old, step.text);
      return '';
    case 'run':
      return run(step.script, environment);
  }
}

function replace(path: string, old: string, text: string): void {
  const before = read(path);
  assert.equal(before.split(old).length, 2, `${JSON.stringify(old)} stands once in ${path}`);
  writeFileSync(
    join(copy.root, path),
    before.replace(old, () => text),
  );
}

function run(script: string, environment: Readonly<Record<string, string>>): string {
  // The commands run tests of their own, which must not take themselves for a part of this one.
  const { NODE_TEST_CONTEXT: _, ...own } = process.env;
  const { status, stdout, stderr } = spawnSync('sh', ['-e'], {
    cwd: copy.root,
    encoding: 'utf8',
    env: { ...own, ...environment },
    input: script,
  });
  assert.equal(status, 0, `${script}${stdout}${stderr}`);
  return stdout;
}

function read(path: string): string {
  return readFileSync(join(copy.root, path), 'utf8');
}
