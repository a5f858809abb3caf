import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseBuildInfo, type ReadAt, readBuildInfo } from '../../../../exporter/node/kubelet/go-build-info.ts';
import { missing } from '../../../programs.ts';
import { elfWith, goBuildInfo } from './go-executable.ts';

const INFO = 'path\tk8s.io/kubernetes/cmd/kubelet\nmod\tk8s.io/kubernetes\tv1.33.1\t\n';

const reader = (file: Buffer): ReadAt => {
  return (position, length) => file.subarray(position, position + length);
};

test('the build info of a section', () => {
  assert.equal(parseBuildInfo(goBuildInfo(INFO)), INFO);
  const long = INFO + 'dep\texample.org/module\tv1.0.0\th1:=\n'.repeat(1000);
  assert.equal(parseBuildInfo(goBuildInfo(long)), long);
});

test('the build info of an executable', () => {
  const sections = { '.text': Buffer.alloc(100), '.go.buildinfo': goBuildInfo(INFO), '.data': Buffer.alloc(7) };
  assert.equal(readBuildInfo(reader(elfWith(sections))), INFO);
});

test('a section of Go before 1.18, with pointers in place of texts, tells nothing', () => {
  const section = goBuildInfo(INFO);
  section[15] = 0;
  assert.equal(parseBuildInfo(section), undefined);
});

test('what is no executable of Go tells nothing', () => {
  const notGo = elfWith({ '.text': Buffer.alloc(8) });
  const elf32 = elfWith({ '.go.buildinfo': goBuildInfo(INFO) });
  elf32[4] = 1;
  for (const file of [Buffer.alloc(0), Buffer.from('#!/bin/sh\n'), Buffer.alloc(4096), notGo, elf32]) {
    assert.equal(readBuildInfo(reader(file)), undefined);
  }
});

test('any damaged executable is read without an error and within bounds', () => {
  const whole = elfWith({ '.go.buildinfo': goBuildInfo(INFO), '.data': Buffer.alloc(50) });
  const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 20 });
  fc.assert(
    fc.property(damage, fc.nat(whole.length), (changes, size) => {
      const file = Buffer.from(whole.subarray(0, size));
      for (const [position, byte] of changes) if (position < size) file[position] = byte;
      const info = readBuildInfo((position, length) => {
        assert.ok(position >= 0 && length >= 0 && length <= 1024 ** 2, `${length} bytes at ${position}`);
        return reader(file)(position, length);
      });
      assert.ok(info === undefined || typeof info === 'string');
    }),
  );
});

test('the build info of the Docker daemon of this machine', { skip: missing(['dockerd']) }, (t) => {
  const path = execFileSync('which', ['dockerd'], { encoding: 'utf8' }).trim();
  const descriptor = openSync(path, 'r');
  t.after(() => closeSync(descriptor));
  const read: ReadAt = (position, length) => {
    const buffer = Buffer.alloc(length);
    return buffer.subarray(0, readSync(descriptor, buffer, 0, length, position));
  };
  assert.match(readBuildInfo(read) ?? '', /^path\tgithub\.com\/(docker|moby\/moby).*\/dockerd$/m);
});
