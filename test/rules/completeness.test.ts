import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ruleGroups } from '../../rules/pack.ts';
import { DEFAULT_SETTINGS } from '../../rules/settings.ts';
import { signatures } from '../../rules/signatures/index.ts';
import { PROJECT } from '../paths.ts';
import { replays } from './replays/index.ts';

/** Why no replay expects these alerts. */
const NOT_REPLAYED: Readonly<Record<string, string>> = {
  ForeshockContainerPidsLimitHit: 'the container of story 002 §1 had no limit',
  ForeshockMountTableGrowing: 'story 002 §3 gives no number of mounts',
  ForeshockSandboxImageMissing: 'happened while story 003 was reproduced, not in the story',
  ForeshockClusterRoleDown: 'is about Foreshock, not about a story',
  ForeshockBlind: 'is about Foreshock, not about a story',
  ForeshockCollectorFailing: 'is about Foreshock, not about a story',
  ForeshockCollectorStale: 'is about Foreshock, not about a story',
  ForeshockNodeLabelMissing: 'is about Foreshock, not about a story',
};

const ids: readonly string[] = signatures.map(({ id }) => id);

test('every file of a signature is in the list, under its id', () => {
  const files = readdirSync(join(PROJECT, 'rules/signatures')).filter((file) => file !== 'index.ts');
  assert.deepEqual(files.sort(), ids.map((id) => `${id}.ts`).sort());
});

for (const id of ids) {
  // testAlerts() asks for a case of each alert, and tries each case in all circumstances.
  test(`${id}: a test file of its name has a case for each alert`, () => {
    const file = `test/rules/signatures/${id}.test.ts`;
    assert.ok(existsSync(join(PROJECT, file)), `${file} is missing`);
    assert.match(readFileSync(join(PROJECT, file), 'utf8'), new RegExp(`^testAlerts\\('${id}', \\{$`, 'm'), file);
  });
}

test('every alert fires in a replay, or there is a reason why not', () => {
  const alerts: string[] = ruleGroups(DEFAULT_SETTINGS).flatMap((group) => group.alerts.map(({ name }) => name));
  const replayed = replays.flatMap(({ expected }) => expected.map(({ alert }) => alert));
  assert.deepEqual([...new Set([...replayed, ...Object.keys(NOT_REPLAYED)])].sort(), alerts.sort());
  assert.deepEqual(
    replayed.filter((alert) => Object.hasOwn(NOT_REPLAYED, alert)),
    [],
    'these are replayed: delete their reasons',
  );
});
