import assert from 'node:assert/strict';
import { test } from 'node:test';
import { upstreamVersion } from './debian.ts';

for (const [version, expected] of [
  ['2.53.3+ds1-2', '2.53.3'],
  ['0.25.0-1+b4', '0.25.0'],
  ['1:7.2+dfsg-7+deb12u18+b3', '7.2'],
  ['1.7.24~ds1-6+deb13u1', '1.7.24'],
  ['28.5.2+dfsg4-5', '28.5.2'],
] as const) {
  test(`${version} is ${expected} upstream`, () => {
    const record = `Package: x\nInstalled-Size: 1\nVersion: ${version}\nDepends: y (>= 9.9)\n`;
    assert.equal(upstreamVersion(record), expected);
  });
}

test('a record without a version', () => {
  assert.throws(() => upstreamVersion(''), /^Error: no version in ""$/);
});
