import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { imageIn, parsePullDurations } from '../../../../exporter/cluster/events/pull-message.ts';
import { anyTextWith } from '../../../any-text.ts';

test('durations of a pull', () => {
  const recorded =
    'Successfully pulled image "localhost:5000/fast/app:1" in 197.86473ms (37.379481952s including waiting)';
  const { transfer = 0, wait = 0 } = parsePullDurations(recorded) ?? {};
  assert.equal(transfer.toFixed(9), '0.197864730');
  assert.equal(wait.toFixed(9), '37.181617222');
  const since130 = 'Successfully pulled image "a" in 1m2.5s (1h1m2.5s including waiting). Image size: 8371628 bytes.';
  assert.deepEqual(parsePullDurations(since130), { transfer: 62.5, wait: 3600 });
  assert.deepEqual(parsePullDurations('Successfully pulled image "a" in 5s (4.999s including waiting)')?.wait, 0);
});

test('messages that do not tell the wait apart', () => {
  for (const message of [
    'Successfully pulled image "a"',
    'Successfully pulled image "a" in 5.12s',
    'Successfully pulled image "a" in 5 (6s including waiting)',
    'Successfully pulled image "a" in -5s (6s including waiting)',
    'Container image "a" already present on machine',
    'Pulling image "a"',
    '',
  ]) {
    assert.equal(parsePullDurations(message), undefined, message);
  }
});

test('the image of a message', () => {
  assert.equal(imageIn('Pulling image "registry.k8s.io/pause:3.9"'), 'registry.k8s.io/pause:3.9');
  assert.equal(imageIn('pulling image "a"'), 'a');
  assert.equal(imageIn('Failed to pull image "a": no "b"'), 'a');
  assert.equal(imageIn('Created container app'), undefined);
});

test('any message gives seconds that are not negative, or nothing', () => {
  const words = ['Successfully pulled image "', 'a', '" in ', '5s', '1h', '(', ' (', ' including waiting)', '-', 'ms'];
  fc.assert(
    fc.property(anyTextWith(...words), (message) => {
      const { transfer = 0, wait = 0 } = parsePullDurations(message) ?? {};
      assert.ok(transfer >= 0 && wait >= 0 && Number.isFinite(transfer + wait), message);
    }),
  );
});
