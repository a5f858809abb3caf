import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AUTO, pathsIn, socketOption } from '../../../../exporter/node/probes/socket-option.ts';

test('sockets are absolute paths, or those that are configured', () => {
  const { default: usual, check } = socketOption('Docker');
  assert.equal(usual, AUTO);
  const good = [AUTO, '', '/a', '/a,/b'];
  assert.deepEqual(
    good.map((value) => check?.(value)),
    good.map(() => undefined),
  );
  for (const bad of ['/a,b', 'unix:///run/docker.sock', 'auto,/a']) assert.match(check?.(bad) ?? '', /absolute/);
  assert.deepEqual(pathsIn('/a,,/b'), ['/a', '/b']);
});
