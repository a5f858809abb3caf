import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { watchers } from '../../../exporter/cluster/watchers/index.ts';
import { collectorOptions, watcherOptions } from '../../../exporter/config/collector-options.ts';
import { readConfig } from '../../../exporter/config/config.ts';
import { readGeneralConfig } from '../../../exporter/config/general-config.ts';
import { UsageError } from '../../../exporter/config/usage-error.ts';
import { collectors } from '../../../exporter/node/collectors/index.ts';
import { temporaryDirectory } from '../node/host/temporary-host.ts';

/** Every setting of a collector or a watcher with its default, by the name of its flag. */
const COLLECTOR_SETTINGS = Object.entries(
  Object.assign({}, ...collectors.map(collectorOptions), ...watchers.map(watcherOptions)) as ReturnType<
    typeof collectorOptions
  >,
).map(([name, option]) => [name, option.default] as const);

function yamlFile(t: TestContext, yaml: string): string {
  const file = join(temporaryDirectory(t), 'foreshock.yaml');
  writeFileSync(file, yaml);
  return file;
}

/** Both readers on the same input, which must agree. */
function read(args: readonly string[], environment: Record<string, string> = {}) {
  const general = readGeneralConfig(args, environment);
  const all = readConfig(args, collectors, watchers, environment).general;
  assert.deepEqual({ ...all, ...general }, all, args.join(' '));
  return general;
}

test('without flags it has the defaults of the exporter', () => {
  assert.equal(read([])['web.listen-address'], ':10777');
});

test('flags win over the environment, and that over the file', (t) => {
  const file = yamlFile(t, 'web.listen-address: ":1"\nlog.level: warn\npath.rootfs: /file\n');
  const environment = { FORESHOCK_LOG_LEVEL: 'error', FORESHOCK_WEB_LISTEN_ADDRESS: ':2' };
  const general = read([`--config.file=${file}`, '--web.listen-address=:3'], environment);
  assert.deepEqual(
    [general['web.listen-address'], general['log.level'], general['path.rootfs']],
    [':3', 'error', '/file'],
  );
});

test('every setting of a collector is passed over: as a flag with its value, after a space, and in the file', (t) => {
  for (const [name, value] of COLLECTOR_SETTINGS) {
    const flags =
      typeof value === 'boolean'
        ? [[`--${name}`], [`--no-${name}`]]
        : [[`--${name}=${value}`], [`--${name}`, `${value}`]];
    for (const flag of flags.filter((words) => !words.includes(''))) {
      assert.equal(read([...flag, '--web.listen-address=:4'])['web.listen-address'], ':4', flag.join(' '));
    }
  }
  const yaml = COLLECTOR_SETTINGS.map(([name, value]) => `${name}: ${JSON.stringify(value)}\n`).join('');
  const file = yamlFile(t, `${yaml}web.listen-address: ":5"\n`);
  assert.equal(read(['--config.file', file])['web.listen-address'], ':5');
});

test('what is wrong with any other setting is said', (t) => {
  for (const [args, message] of [
    [['--nonsense'], /unknown flag --nonsense/],
    [['--collectors.pids'], /unknown flag --collectors/],
    [['word'], /unexpected argument "word"/],
    [['--no-collector.pids', 'word', 'more'], /unexpected argument "more"/],
    [['--collector.pids.timeout=5', 'word'], /unexpected argument "word"/],
    [['--web.listen-address=nowhere'], /--web\.listen-address: must be/],
    [[`--config.file=${yamlFile(t, 'collectors: {}')}`], /unknown key "collectors"/],
  ] as const) {
    assert.throws(
      () => readGeneralConfig(args, {}),
      (error) => error instanceof UsageError && message.test(error.message),
      args.join(' '),
    );
  }
});
