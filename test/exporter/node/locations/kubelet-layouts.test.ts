import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readInventory } from '../../../../exporter/node/inventory/inventory.ts';
import { temporaryHost } from '../host/temporary-host.ts';
import { contextOf } from '../run-collector.ts';
import { LAYOUTS } from './layouts.ts';

for (const { name, entries, locations } of LAYOUTS) {
  test(`where the kubelet's things are: ${name}`, (t) => {
    const { host } = temporaryHost(t, entries);
    const fault = (about: string, error: unknown) => assert.fail(`${about}: ${error}`);
    const { facts } = readInventory({ ...contextOf(host, { fault }), dockerRoot: '' }, undefined);
    const known = (facts.locations?.value ?? []).filter(({ source }) => source !== 'assumed');
    assert.equal(facts.kubelet?.value.error, undefined);
    assert.deepEqual(Object.fromEntries(known.map(({ what, path }) => [what, path])), locations);
  });
}
