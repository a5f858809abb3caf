import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readConfig } from '../../../exporter/config/config.ts';
import { UsageError } from '../../../exporter/config/usage-error.ts';
import { collectors } from '../../../exporter/node/collectors/index.ts';
import { readWebConfig } from '../../../exporter/server/web-config.ts';

const directory = mkdtempSync(join(tmpdir(), 'foreshock-'));
after(() => rmSync(directory, { recursive: true }));
const file = join(directory, 'file.yml');

/** Flags, and what the error must name. */
const FLAGS: [flags: string[], ...named: string[]][] = [
  [['--', 'extra'], 'argument', '"extra"'],
  [['-x'], 'unknown', '-x'],
  [['--no-nonsense'], 'unknown', '--no-nonsense'],
  [['--no-path.procfs'], '--no-path.procfs'],
  [['--toString=1'], 'unknown', '--toString'],
  [['--log.level', '--once'], '--log.level', '"--once"'],
  [['--once=perhaps'], '--once', '"perhaps"'],
  [['--web.listen-address=nowhere'], '--web.listen-address', '"nowhere"'],
  [['--web.listen-address=:65536'], '--web.listen-address', '":65536"'],
  [['--web.telemetry-path=metrics'], '--web.telemetry-path', '"metrics"'],
  [['--collector.pids.timeout=soon'], '--collector.pids.timeout', '"soon"'],
  [['--collector.pids.timeout='], '--collector.pids.timeout', '""'],
  [['--collector.pids.timeout=0'], '--collector.pids.timeout', '"0"'],
  [['--collector.pids.timeout=1.5'], '--collector.pids.timeout', '"1.5"'],
  [['--collector.pids.schedule=whenever'], '--collector.pids.schedule', '"whenever"'],
  [['--collector.containers.docker-root=docker'], '--collector.containers.docker-root', '"docker"'],
];

for (const [flags, ...named] of FLAGS) {
  test(flags.join(' '), () => assertRefused(() => readConfig(flags, collectors, []), named));
}

/** Text of the file of `--config.file`, and what the error must name besides the file. */
const CONFIG_FILES: [what: string, text: string, ...named: string[]][] = [
  ['a tab', 'log.level:\n\t- info\n', 'YAML'],
  ['a list', '- log.level\n', 'mapping'],
  ['a key of JavaScript', 'hasOwnProperty: 1\n', '"hasOwnProperty"'],
  ['a text for a switch', 'once: perhaps\n', 'once', '"perhaps"'],
  ['a number for a text', 'web.listen-address: 10777\n', 'web.listen-address', '10777'],
  ['a list for a text', 'path.procfs: [/proc]\n', 'path.procfs'],
  ['no value', 'path.procfs:\n', 'path.procfs'],
];

for (const [what, text, ...named] of CONFIG_FILES) {
  test(`a config file with ${what}`, () => {
    writeFileSync(file, text);
    assertRefused(() => readConfig([`--config.file=${file}`], collectors, []), [file, ...named]);
  });
}

/** Text of the file of `--web.config.file`, and what the error must name besides that file. */
const WEB_CONFIG_FILES: [what: string, text: string, ...named: string[]][] = [
  ['broken YAML', 'basic_auth_users: {\n', 'YAML'],
  ['an unknown key of TLS', 'tls_server_config: {certificate: a}\n', '"certificate"'],
  ['a text for a mapping', 'tls_server_config: cert.pem\n', 'mapping'],
  ['TLS without a key', 'tls_server_config: {cert_file: cert.pem}\n', 'key_file'],
  ['an unknown version of TLS', 'tls_server_config: {cert_file: a, key_file: b, min_version: TLS9}\n', 'TLS9'],
  [
    'client certificates without an authority',
    'tls_server_config: {cert_file: a, key_file: b, client_auth_type: RequireAndVerifyClientCert}\n',
    'client_ca_file',
  ],
  ['a number for a password', 'basic_auth_users: {alice: 1}\n', 'alice'],
  ['a list of users', 'basic_auth_users: [alice]\n', 'basic_auth_users'],
  ['a text for users', 'basic_auth_users: alice\n', 'basic_auth_users'],
  ['a password that is no bcrypt hash', 'basic_auth_users: {alice: wonderland}\n', 'alice'],
  ['a list of headers', 'http_server_config: {headers: [X-Frame-Options]}\n', 'headers'],
];

for (const [what, text, ...named] of WEB_CONFIG_FILES) {
  test(`a web config file with ${what}`, () => {
    writeFileSync(file, text);
    assertRefused(() => readWebConfig(file), [file, ...named]);
  });
}

test('a directory for a file', () => {
  assertRefused(() => readConfig([`--config.file=${directory}`], collectors, []), [directory]);
  assertRefused(() => readWebConfig(directory), [directory]);
});

/** A usage error of one line that names what is wrong. */
function assertRefused(read: () => unknown, named: string[]): void {
  assert.throws(read, (error) => {
    assert.ok(error instanceof UsageError, String(error));
    for (const name of named) assert.ok(error.message.includes(name), `${name} is not in: ${error.message}`);
    assert.match(error.message, /^.+$/, 'one line');
    return true;
  });
}
