import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { mainCgroup, parseProcessCgroups } from '../../../../exporter/node/kernel/process-cgroup.ts';
import { anyCharacter, anyTextWith } from '../../../any-text.ts';
import { FIXTURES } from '../../../paths.ts';

const DOCKER = 'docker-1f4ba9101557bba45b558e6596ae26301306301c16700b3d3cd97d42a91e01d1.scope';

test('one line of cgroup v2', () => {
  const cases = [
    ['0::/init.scope\n', '/init.scope'],
    [`0::/system.slice/${DOCKER}\n`, `/system.slice/${DOCKER}`],
    ['0::/\n', '/'],
    [
      '0::/system.slice/run-rb5d6391952b04b989af41ea3d4379470.scope (deleted)\n',
      '/system.slice/run-rb5d6391952b04b989af41ea3d4379470.scope',
    ],
    [`0::/../${DOCKER}\n`, `/${DOCKER}`],
    ['0::/../../init.scope (deleted)\n', '/init.scope'],
    ['0::/..\n', '/'],
    ['0::/..name/../b\n', '/..name/../b'],
    ['0::/a:b/c,d e\n', '/a:b/c,d e'],
  ] as const;
  for (const [text, v2] of cases) assert.deepEqual(parseProcessCgroups(text), { v1: new Map(), v2 }, text);
});

test('a recorded zombie of a cgroup v1 host keeps its place in cgroup v2 alone', () => {
  const read = (pid: number) =>
    parseProcessCgroups(readFileSync(join(FIXTURES, `host-containerd-cgroup1/proc/${pid}/cgroup`), 'utf8'));
  const path =
    '/kubepods/besteffort/podaa981dc0-c6aa-4b13-b73c-66a6f550d7b0/3d9b2790bea83d3e4a5811aa6e889fd65b0a930f5e6e959e213c52ec6131c9b2';
  assert.equal(read(26162).v1.get('pids'), '/');
  assert.equal(read(26162).v2, path);
  assert.equal(read(25993).v1.get('name=systemd'), path);
  assert.equal(mainCgroup(read(26162)), path);
});

test('malformed lines are passed over', () => {
  const text = `:::\n4:memory\n5:devices:relative\nx:pids:/x\n2:cpu,cpuacct:/good\n${DOCKER}\n`;
  assert.deepEqual(parseProcessCgroups(text), {
    v1: new Map([
      ['cpu', '/good'],
      ['cpuacct', '/good'],
    ]),
    v2: undefined,
  });
});

test('the main cgroup is the one that tells most', () => {
  const main = (text: string) => mainCgroup(parseProcessCgroups(text));
  assert.equal(main('9:name=systemd:/s\n8:pids:/p\n4:memory:/m\n0::/u'), '/u');
  assert.equal(main('9:name=systemd:/s\n8:pids:/p\n4:memory:/m\n0::/'), '/s');
  assert.equal(main('9:name=systemd:/\n8:pids:/p\n4:memory:/m'), '/p');
  assert.equal(main('9:name=systemd:/\n8:pids:/\n4:memory:/m'), '/m');
  assert.equal(main('8:pids:/\n0::/'), '/');
  assert.equal(main(''), '/');
});

test('any lines that the kernel may write are read back', () => {
  const name = fc
    .string({ unit: anyCharacter, minLength: 1 })
    .map((text) => text.replaceAll(/[\n/\0]/g, '_'))
    .filter((text) => text !== '..' && !text.endsWith(' (deleted)'));
  const path = fc.array(name).map((names) => `/${names.join('/')}`);
  const controllers = fc.uniqueArray(fc.constantFrom('cpu', 'cpuacct', 'memory', 'pids', 'name=systemd'));
  fc.assert(
    fc.property(
      controllers,
      fc.array(path, { minLength: 6, maxLength: 6 }),
      fc.boolean(),
      (controllers, paths, deleted) => {
        const suffix = deleted ? ' (deleted)' : '';
        const v1 = new Map(controllers.map((controller, index) => [controller, paths[index] ?? '/']));
        const lines = [...v1].map(([controller, path], index) => `${index + 1}:${controller}:${path}${suffix}\n`);
        const text = `${lines.join('')}0::${paths[5]}${suffix}\n`;
        assert.deepEqual(parseProcessCgroups(text), { v1, v2: paths[5] });
      },
    ),
  );
});

test('any text is cgroups, none perhaps, by absolute paths', () => {
  const text = anyTextWith('0::', '1:', 'pids', ':', ',', '/', '/..', ' (deleted)', '\n');
  fc.assert(
    fc.property(text, (text) => {
      const cgroups = parseProcessCgroups(text);
      for (const path of [mainCgroup(cgroups), ...cgroups.v1.values()]) assert.ok(path.startsWith('/'));
    }),
  );
});
