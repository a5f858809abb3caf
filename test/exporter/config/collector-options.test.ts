import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allOptions } from '../../../exporter/config/collector-options.ts';
import { collectors } from '../../../exporter/node/collectors/index.ts';

test('every default is accepted by its own option', () => {
  for (const [name, option] of Object.entries(allOptions(collectors, []))) {
    assert.equal(option.check?.(option.default), undefined, name);
  }
});

test('every collector has its switch, schedule, timeout and own options', () => {
  const names = Object.keys(allOptions(collectors, []));
  for (const collector of collectors) {
    const prefix = `collector.${collector.name}`;
    const own = Object.keys(collector.options).map((key) => `${prefix}.${key}`);
    for (const name of [prefix, `${prefix}.schedule`, `${prefix}.timeout`, ...own])
      assert.ok(names.includes(name), name);
  }
});
