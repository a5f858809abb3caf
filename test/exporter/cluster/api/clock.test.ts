import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { FakeTime } from '../../../faketime.ts';
import { missing } from '../../../programs.ts';

const PROGRAM = fileURLToPath(new URL('./clock-program.js', import.meta.url));

test('a moment is the same Unix time at each look, and another by a clock that was set', {
  skip: missing(['faketime']),
}, (t) => {
  const { environment } = new FakeTime(t);
  const { stdout } = spawnSync(process.execPath, [PROGRAM], { encoding: 'utf8', env: environment });
  const { times, moments } = JSON.parse(stdout) as { times: number[]; moments: [number, number] };
  const [first = 0, again, back, backAgain, forward, forwardAgain] = times;
  assert.deepEqual([again, backAgain, forwardAgain], [first, back, forward], 'to the millisecond');
  assert.deepEqual([Math.round((back ?? 0) - first), Math.round((forward ?? 0) - first)], [-3600, 7200]);
  assert.ok(Math.abs(moments[1] - moments[0]) < 1000, 'the monotonic clock was not set');
});
