import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { foreshock } from './command-line.ts';

const directory = mkdtempSync(join(tmpdir(), 'foreshock-'));
after(() => rmSync(directory, { recursive: true }));
const file = join(directory, 'file.yml');
const CONFIG = `--config.file=${file}`;
const WEB_CONFIG = [`--web.config.file=${file}`, '--web.listen-address=127.0.0.1:0'];

/** Arguments, and what the error must name. */
const COMMAND_LINES: [args: string[], ...named: string[]][] = [
  [[], 'command', 'node', 'healthcheck'],
  [['nodes'], 'command', '"nodes"'],
  [['constructor'], 'command', '"constructor"'],
  [['node', 'extra'], 'argument', '"extra"'],
  [['node', '--nonsense'], 'unknown', '--nonsense'],
  [['healthcheck', '--nonsense'], 'unknown', '--nonsense'],
  [['node', '--path.procfs'], '--path.procfs', 'needs a value'],
  [['node', '--log.level=loud'], '--log.level', '"loud"'],
];

for (const [args, ...named] of COMMAND_LINES) {
  test(`foreshock ${args.join(' ')}`, () => assertUsageError(args, named));
}

/** A file's text, and what the error must name besides the file. */
const FILES: [what: string, flags: string[], text: string, ...named: string[]][] = [
  ['a config file with broken YAML', [CONFIG], 'log.level: [info\nonce: true\n', 'YAML'],
  ['a config file with an unknown key', [CONFIG], 'log.levels: info\n', '"log.levels"'],
  ['a config file with a wrong type', [CONFIG], 'collector.pids.timeout: soon\n', 'collector.pids.timeout', '"soon"'],
  ['a web config file with an unknown key', WEB_CONFIG, 'basic_auth: {}\n', '"basic_auth"'],
];

for (const [what, flags, text, ...named] of FILES) {
  test(what, () => {
    writeFileSync(file, text);
    return assertUsageError(['node', ...flags], [file, ...named]);
  });
}

test('files that are absent', async () => {
  const absent = join(directory, 'absent.yml');
  for (const flag of ['--config.file', '--web.config.file']) {
    await assertUsageError(['node', '--web.listen-address=127.0.0.1:0', `${flag}=${absent}`], [absent]);
  }
});

test('a certificate that is absent', async () => {
  writeFileSync(file, 'tls_server_config: {cert_file: absent.pem, key_file: absent.key}\n');
  await assertUsageError(['node', ...WEB_CONFIG], [join(directory, 'absent.')]);
});

test('a certificate that is none', async () => {
  writeFileSync(file, 'tls_server_config: {cert_file: cert.pem, key_file: cert.pem}\n');
  writeFileSync(join(directory, 'cert.pem'), 'not in PEM\n');
  await assertUsageError(['node', ...WEB_CONFIG], [join(directory, 'cert.pem')]);
});

test('a port in use', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(typeof address === 'object' && address);
  const taken = `127.0.0.1:${address.port}`;
  await assertUsageError(['node', `--web.listen-address=${taken}`], [taken, 'EADDRINUSE']);
  server.close();
});

test('--help and --version answer, whatever else is there', async () => {
  for (const args of [['--help'], ['node', '-h', '--nonsense']]) {
    const { code, stdout, stderr } = await foreshock(args);
    assert.deepEqual([code, stderr], [0, ''], args.join(' '));
    assert.match(stdout, /^Usage: foreshock <command> \[flags\]$/m);
    assert.match(stdout, /--web\.listen-address/);
  }
  const { code, stdout, stderr } = await foreshock(['--version']);
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(stdout, /^foreshock \d+\.\d+\.\d+\S*\n$/);
});

/** Exit status 2, and one line on standard error that names what is wrong. */
async function assertUsageError(args: string[], named: string[]): Promise<void> {
  const { code, stdout, stderr } = await foreshock(args);
  assert.equal(code, 2, stderr);
  assert.equal(stdout, '');
  for (const name of named) assert.ok(stderr.includes(name), `${name} is not in: ${stderr}`);
  assert.match(stderr, /^foreshock: .*\n$/, 'one line');
}
