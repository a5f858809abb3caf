import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { readConfig } from '../../../exporter/config/config.ts';
import { UsageError } from '../../../exporter/config/usage-error.ts';
import { collectors } from '../../../exporter/node/collectors/index.ts';
import { temporaryDirectory } from '../node/host/temporary-host.ts';

const read = (...args: string[]) => readConfig(args, collectors, []);

/** Settings from a YAML file, then flags. */
function readFile(t: TestContext, yaml: string, ...flags: string[]) {
  const file = join(temporaryDirectory(t), 'foreshock.yaml');
  writeFileSync(file, yaml);
  return read(`--config.file=${file}`, ...flags);
}

function assertRefused(act: () => unknown, message: RegExp, about?: string): void {
  assert.throws(act, (error) => error instanceof UsageError && message.test(error.message), about ?? String(message));
}

test('the defaults', () => {
  const { general, collectors: configured } = read();
  assert.equal(general['web.listen-address'], ':10777');
  assert.equal(general.once, false);
  assert.deepEqual(
    [...configured.keys()],
    collectors.map(({ name }) => name),
  );
  assert.deepEqual(configured.get('writable_layers'), {
    enabled: true,
    schedule: '37 * * * * *',
    timeoutSeconds: 30,
    options: {
      'entries-per-second': 20_000,
      'seconds-per-run': 30,
      directories: 5,
      'directory-depth': 2,
      'directory-min-bytes': 1024 ** 3,
    },
  });
});

test('flags in every form', () => {
  const config = read(
    '--web.listen-address',
    ':1',
    '--web.telemetry-path=/m',
    '--once',
    '--no-collector.zombies',
    '--collector.pids.timeout=7',
    '--collector.writable_layers.directories',
    '0',
  );
  assert.equal(config.general['web.listen-address'], ':1');
  assert.equal(config.general['web.telemetry-path'], '/m');
  assert.equal(config.general.once, true);
  assert.equal(config.collectors.get('zombies')?.enabled, false);
  assert.equal(config.collectors.get('pids')?.timeoutSeconds, 7);
  assert.equal(config.collectors.get('writable_layers')?.options.directories, 0);
  assert.equal(read('--collector.zombies=false').collectors.get('zombies')?.enabled, false);
  assert.equal(read('--once', '--no-once').general.once, false);
  assert.equal(read('--log.level=warn', '--log.level=debug').general['log.level'], 'debug');
});

test('a switch is off by --no-, whatever is written behind', () => {
  let enabled: boolean | undefined;
  try {
    enabled = read('--no-collector.zombies=true').collectors.get('zombies')?.enabled;
  } catch (error) {
    assert.ok(error instanceof UsageError);
  }
  assert.notEqual(enabled, true);
});

test('flags that cannot be', () => {
  assertRefused(() => read('node'), /unexpected argument "node"/);
  assertRefused(() => read('--bogus'), /unknown flag --bogus/);
  assertRefused(() => read('--no-bogus'), /unknown flag --no-bogus/);
  assertRefused(() => read('--no-log.level'), /unknown flag --no-log\.level/);
  assertRefused(() => read('-v'), /unknown flag -v/);
  assertRefused(() => read('--toString'), /unknown flag --toString/);
  assertRefused(() => read('--__proto__=x'), /unknown flag --__proto__/);
  assertRefused(() => read('--log.level'), /flag --log\.level needs a value/);
  assertRefused(() => read('--log.level=loud'), /flag --log\.level: must be one of trace, .*, not "loud"/);
  assertRefused(() => read('--once=maybe'), /flag --once must be true or false, not "maybe"/);
  assertRefused(() => read('--web.listen-address=80'), /must be \[host\]:port.*not "80"/);
  assertRefused(() => read('--web.telemetry-path=metrics'), /must be a path/);
  assertRefused(() => read('--collector.pids.schedule=often'), /must be a cron expression/);
  for (const value of ['', ' ', 'x', '0', '1.5', '-3']) {
    assertRefused(() => read(`--collector.pids.timeout=${value}`), /must be a whole number of at least 1/, value);
  }
  assertRefused(() => read('--collector.containers.docker-root=var/lib/docker'), /must be an absolute path/);
});

test('flags override the file, the file overrides the defaults', (t) => {
  const yaml = 'log.level: warn\nlog.format: text\ncollector.zombies: false\ncollector.pids.timeout: 7\n';
  const { general, collectors: configured } = readFile(t, yaml, '--log.level=debug', '--collector.zombies');
  assert.equal(general['log.level'], 'debug');
  assert.equal(general['log.format'], 'text');
  assert.equal(configured.get('zombies')?.enabled, true);
  assert.equal(configured.get('pids')?.timeoutSeconds, 7);
});

test('files that say nothing', (t) => {
  for (const yaml of ['', ' \n\n', '{}', '~', '# log.level: warn\n', '---\n']) {
    assert.equal(readFile(t, yaml).general['log.level'], 'info', yaml);
  }
});

test('files that cannot be', (t) => {
  assertRefused(() => read('--config.file=/absent.yaml'), /cannot read \/absent\.yaml: ENOENT/);
  assertRefused(() => readFile(t, '- a\n'), /must be a mapping of settings/);
  assertRefused(() => readFile(t, 'text'), /must be a mapping of settings/);
  assertRefused(() => readFile(t, 'a: b: c'), /is not valid YAML/);
  assertRefused(() => readFile(t, 'bogus: 1\n'), /unknown key "bogus"/);
  assertRefused(() => readFile(t, '__proto__: 1\n'), /unknown key "__proto__"/);
  assertRefused(() => readFile(t, 'log.level:\n'), /log\.level needs a value/);
  assertRefused(() => readFile(t, 'log.level: 3\n'), /log\.level must be text, not 3/);
  assertRefused(() => readFile(t, 'once: 1\n'), /once must be true or false, not 1/);
  assertRefused(() => readFile(t, 'collector.pids.timeout: [1]\n'), /must be a whole number/);
});

test('any flags are settings or an error for the user', () => {
  const arg = fc.oneof(
    fc.string(),
    fc.constantFrom(
      '--once',
      '--no-once',
      '--log.level',
      'info',
      '--log.level=info',
      '--',
      '-',
      '--collector.pids.timeout=3',
      '--no-collector.pids',
      '--=',
    ),
  );
  fc.assert(
    fc.property(fc.array(arg, { maxLength: 4 }), (args) => {
      try {
        read(...args);
      } catch (error) {
        assert.ok(error instanceof UsageError, String(error));
      }
    }),
  );
});
