import assert from 'node:assert/strict';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { serialize } from 'node:v8';
import { containers as collector } from '../../../exporter/node/collectors/containers.ts';
import { temporaryHost } from './host/temporary-host.ts';
import { runCollector } from './run-collector.ts';

const GENERATIONS = 24;
const PER_GENERATION = 1000;

const idOf = (generation: number, index: number) => `${generation * PER_GENERATION + index}`.padStart(64, 'a');

test('of 24,000 containers that come and go, as many are known as there are, and the state does not grow', async (t) => {
  const { host, root } = temporaryHost(t, { '/var/lib/docker/containers/.keep': '' });
  const docker = join(root, 'var/lib/docker');
  let state: unknown;
  const sizes: number[] = [];
  for (let generation = 0; generation < GENERATIONS; generation += 1) {
    for (let index = 0; index < PER_GENERATION; index += 1) {
      const directory = join(docker, 'containers', idOf(generation, index));
      mkdirSync(directory);
      writeFileSync(join(directory, 'config.v2.json'), JSON.stringify({ Name: `/c${index}`, Config: {} }));
      writeFileSync(join(directory, 'hostconfig.json'), '{"LogConfig":{"Type":"json-file","Config":{}}}');
    }
    const run = await runCollector(collector, host, { previous: state });
    const infos = Object.keys(run.values).filter((key) => key.startsWith('container_info{'));
    assert.equal(infos.length, PER_GENERATION);
    assert.ok(infos.every((key) => key.includes(idOf(generation, 0).slice(0, 50))));
    state = run.state;
    sizes.push(serialize(state).length);
    // All of a generation go at once.
    renameSync(join(docker, 'containers'), join(docker, `gone-${generation}`));
    mkdirSync(join(docker, 'containers'));
  }
  const growth = Math.max(...sizes) / (sizes[0] ?? 0);
  assert.ok(growth < 1.1, `${growth} times the state of the first ${PER_GENERATION} containers`);
});
