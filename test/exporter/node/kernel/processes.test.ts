import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandLine } from '../../../../exporter/node/kernel/processes.ts';
import { flagValue, flagValues, switchValue } from '../../../../exporter/node/kubelet/go-flags.ts';
import { temporaryHost } from '../host/temporary-host.ts';

test('the arguments of a process', (t) => {
  const { host } = temporaryHost(t, {
    '/proc/1/cmdline': '/usr/bin/kubelet\0--config\0/a b\0\0--v=2\0',
    '/proc/2/cmdline': 'nginx: master process',
  });
  assert.deepEqual(commandLine(host, 1), ['/usr/bin/kubelet', '--config', '/a b', '', '--v=2']);
  assert.deepEqual(commandLine(host, 2), ['nginx: master process']);
  assert.deepEqual(commandLine(host, 3), []);
});

test('the value of a flag', () => {
  const cases: [args: string[], value: string | undefined][] = [
    [['--config=/a'], '/a'],
    [['--config', '/a'], '/a'],
    [['--config=/a', '--config', '/b'], '/b'],
    [['--config', '/a', '--config=/b=c'], '/b=c'],
    [['--config='], ''],
    [['--config'], undefined],
    [['--config-dir=/a', 'config=/b', '-config=/c'], undefined],
    [[], undefined],
  ];
  for (const [args, value] of cases) assert.equal(flagValue(args, 'config'), value, args.join(' '));
});

test('all values of a flag', () => {
  assert.deepEqual(flagValues(['--arg=a', '--other', '--arg', 'b', '--arg='], 'arg'), ['a', 'b', '']);
  assert.deepEqual(flagValues(['--other=a'], 'arg'), []);
});

test('the value of a flag that needs none', () => {
  const cases: [args: string[], value: string | undefined][] = [
    [['--serial'], 'true'],
    [['--serial', 'false'], 'true'],
    [['--serial=false'], 'false'],
    [['--serial=false', '--serial'], 'true'],
    [['--serialized=false'], undefined],
  ];
  for (const [args, value] of cases) assert.equal(switchValue(args, 'serial'), value, args.join(' '));
});
