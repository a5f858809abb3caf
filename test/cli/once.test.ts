import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { chmodSync, readdirSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { parseExposition } from '../exposition-text.ts';
import { OnceHost } from './once-host.ts';

test('the counters of one run go on in the next', async (t) => {
  const host = new OnceHost(t);
  const first = await host.run();
  assert.equal(first.written, 0, 'what was there before counts as nothing');
  assert.match(first.log, /no state file yet/);
  host.write(50);
  assert.equal((await host.run()).written, 50);
  host.write(7);
  const third = await host.run();
  assert.equal(third.written, 57);
  assert.doesNotMatch(third.log, /state file/);
  assert.deepEqual(readdirSync(dirname(host.stateFile)), ['foreshock'], 'no file beside it is left');
  assert.equal(statSync(host.stateFile).mode & 0o777, 0o600);
});

test('what is printed is about the host, and not about this process', async (t) => {
  const { text } = await new OnceHost(t).run();
  const names = new Set(parseExposition(text).map(({ name }) => name));
  assert.deepEqual(
    [...names].filter((name) => !name.startsWith('foreshock_')),
    [],
  );
  assert.ok(names.has('foreshock_build_info'));
});

/** A state file of another version that is whole. */
function ofOtherVersion(text: string): string {
  const json = text.slice(text.indexOf('\n') + 1).replace(/"madeBy":"foreshock [^,]+,/, '"madeBy":"foreshock 0.0.9,');
  return `${createHash('sha256').update(json).digest('hex')}\n${json}`;
}

/** What can happen to the file between two runs, and what the log says of it. */
const IGNORED: Record<string, [happens: (host: OnceHost, text: string) => void, reason: RegExp]> = {
  'the host has booted': [(host) => host.boot('second'), /the host has booted since/],
  'a byte has changed': [(host, text) => host.damage(text.replace('pids', 'Pids')), /damaged/],
  'its end is missing': [(host, text) => host.damage(text.slice(0, -1)), /damaged/],
  'it is empty': [(host) => host.damage(''), /damaged/],
  'it is something else': [(host) => host.damage('root:x:0:0\n'), /damaged, or no state file/],
  'it is of another version': [(host, text) => host.damage(ofOtherVersion(text)), /not of this version/],
  'it is too large': [(host) => truncateSync(host.stateFile, 2 ** 40), /larger than/],
  'others can write it': [(host) => chmodSync(host.stateFile, 0o666), /another user .* can write it/],
};

for (const [what, [happens, reason]] of Object.entries(IGNORED)) {
  test(`a state file is ignored, and replaced, when ${what}`, async (t) => {
    const host = new OnceHost(t);
    await host.run();
    host.write(50);
    assert.equal((await host.run()).written, 50);
    happens(host, readFileSync(host.stateFile, 'utf8'));
    const ignored = await host.run();
    assert.equal(ignored.written, 0);
    const warnings = ignored.log.split('\n').filter((line) => line.includes('state file ignored'));
    assert.equal(warnings.length, 1, ignored.log);
    assert.match(warnings[0] ?? '', reason);
    assert.doesNotMatch(ignored.log, /root:x/, 'nothing of its text');
    host.write(3);
    assert.equal((await host.run()).written, 3);
  });
}

test('a state file that cannot be written costs a warning', async (t) => {
  const host = new OnceHost(t);
  rmSync(dirname(host.stateFile), { recursive: true });
  const { log, written } = await host.run();
  assert.equal(written, 0);
  assert.match(log, /"error":"ENOENT.*"msg":"state file not written"/);
});
