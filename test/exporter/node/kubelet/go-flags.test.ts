import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flagValue, flagValues, switchValue } from '../../../../exporter/node/kubelet/go-flags.ts';

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
