import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Host } from '../../../../exporter/node/host/host.ts';
import { parsePidLimit, readPidMax } from '../../../../exporter/node/kernel/pid-max.ts';
import { PROJECT } from '../../../paths.ts';
import { missing } from '../../../programs.ts';
import { type Entry, temporaryDirectory, writeEntries } from '../host/temporary-host.ts';

const FIRST: Entry = { link: 'pid:[4026531836]' };
const SECOND: Entry = { link: 'pid:[4026532741]' };

const SELF: Record<string, Entry> = { '/proc/self': { link: '42' } };

/** A kernel, the reader's own namespace as its /proc shows it, and whether the number is the host's. */
const CASES: Record<string, [kernel: string, self: Record<string, Entry>, known: boolean]> = {
  'in the first namespace': ['6.18.44-generic', { ...SELF, '/proc/42/ns/pid': FIRST }, true],
  'in another one': ['6.18.44-generic', { ...SELF, '/proc/42/ns/pid': SECOND }, false],
  'in another one, on the first such kernel': ['6.14.0', { ...SELF, '/proc/42/ns/pid': SECOND }, false],
  'in another one, before there was one for each': ['6.13.12-1-default', { ...SELF, '/proc/42/ns/pid': SECOND }, true],
  'in another one, long before': ['5.15.0-91-generic', { ...SELF, '/proc/42/ns/pid': SECOND }, true],
  'in another one, on a kernel that is not known': ['', { ...SELF, '/proc/42/ns/pid': SECOND }, false],
  'not to be seen in that /proc': ['7.2.0', SELF, false],
  'no reader, in a recorded /proc': ['7.2.0', {}, true],
};

for (const [where, [kernel, self, known]] of Object.entries(CASES)) {
  test(`pid_max read ${where}`, (t) => {
    const root = temporaryDirectory(t);
    const sysctl = { '/proc/sys/kernel/pid_max': '32768\n', '/proc/sys/kernel/osrelease': `${kernel}\n` };
    writeEntries(root, { ...sysctl, ...self });
    const host = new Host({ procfs: `${root}/proc`, sysfs: `${root}/sys`, rootfs: root });
    assert.equal(readPidMax(host), known ? 32_768 : undefined);
  });
}

const PROGRAM = `
  const { Host } = await import('${join(PROJECT, 'dist/exporter/node/host/host.js')}');
  const { readPidMax } = await import('${join(PROJECT, 'dist/exporter/node/kernel/pid-max.js')}');
  console.log(readPidMax(new Host({ procfs: process.argv[1], sysfs: '/sys', rootfs: '/' })) ?? 'unknown');
`;
const [major = 0, minor = 0] = release().split('.').map(Number);
const isNamespaced = major > 6 || (major === 6 && minor >= 14);

test('this kernel, from inside and outside of its first namespace', {
  skip: missing(['unshare'], { root: true }),
}, () => {
  const read = (...wrapper: string[]) => {
    const [program = '', ...args] = [...wrapper, process.execPath, '--input-type=module', '-e', PROGRAM, '/proc'];
    return execFileSync(program, args, { encoding: 'utf8' }).trim();
  };
  const ofHost = readFileSync('/proc/sys/kernel/pid_max', 'utf8').trim();
  assert.equal(read(), ofHost);
  const elsewhere = isNamespaced ? 'unknown' : ofHost;
  assert.equal(read('unshare', '--pid', '--fork'), elsewhere, 'the /proc of the host');
  assert.equal(read('unshare', '--pid', '--fork', '--mount-proc'), elsewhere, 'a /proc of its own');
});

test('what is no number is no limit', () => {
  assert.equal(parsePidLimit('4194304\n'), 4_194_304);
  for (const text of ['', 'max\n', '-1\n', '1 2\n', '0x10\n']) assert.throws(() => parsePidLimit(text), /not a limit/);
});
