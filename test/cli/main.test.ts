import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { MAIN } from '../paths.ts';
import { foreshock } from './command-line.ts';
import { loadedFiles } from './loaded-files.ts';

const directory = mkdtempSync(join(tmpdir(), 'foreshock-'));
after(() => rmSync(directory, { recursive: true }));
const file = join(directory, 'file.yml');
const CONFIG = `--config.file=${file}`;
const WEB_CONFIG = [`--web.config.file=${file}`, '--web.listen-address=127.0.0.1:0'];

/** Arguments, and what the error must name. */
const COMMAND_LINES: [args: string[], ...named: string[]][] = [
  [[], 'command', 'node', 'healthcheck'],
  [['nodes'], 'command', '"nodes"'],
  [['nodes', '--help'], 'command', '"nodes"'],
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

/** Each command, a flag that its help has, and flags of others that it has not. */
const HELP: [command: string, own: string, ...others: string[]][] = [
  ['node', '--path.procfs=TEXT', '--kubeconfig', '--no-collector.heartbeats', '--check'],
  ['cluster', '--kubeconfig=TEXT', '--path.procfs', '--no-collector.zombies', '--check'],
  ['node cluster', '--no-collector.zombies', '--check'],
  ['healthcheck', '--web.listen-address=TEXT', '--path.procfs', '--kubeconfig', '--no-collector', '--check'],
  ['rules', '--check=TEXT', '--web.listen-address', '--no-collector'],
];

for (const [command, own, ...others] of HELP) {
  test(`foreshock ${command} --help lists its own flags`, async () => {
    const words = command.split(' ');
    const { code, stdout, stderr } = await foreshock([...words, '--help']);
    assert.deepEqual([code, stderr], [0, '']);
    assert.ok(stdout.startsWith(`Usage: foreshock ${command} [flags]\n`), stdout);
    assert.ok(stdout.includes(`\n  ${own}\n`), stdout);
    for (const other of others) assert.ok(!stdout.includes(other), other);
    for (const asked of [
      [...words, '-h', '--nonsense'],
      ['help', ...words],
    ]) {
      assert.equal((await foreshock(asked)).stdout, stdout, asked.join(' '));
    }
  });
}

test('few open files: one line that says what to do, and with enough of them it runs', () => {
  const limited = (limit: number) =>
    spawnSync('sh', ['-c', `ulimit -n ${limit} && exec "$0" "$@"`, process.execPath, MAIN, 'node', '--once'], {
      encoding: 'utf8',
    });
  const { status, stderr } = limited(64);
  assert.equal(status, 2);
  assert.match(stderr, /^foreshock: the limit of 64 open files is too low; set ulimit -n to at least 128 \(.*\)\n$/);
  const { status: enough, stdout } = limited(128);
  assert.equal(enough, 0);
  assert.match(stdout, /^foreshock_build_info/m);
});

test('--once prints names of Foreshock alone: in a textfile, process_… would be a second time in node_exporter', async () => {
  const { code, stdout } = await foreshock(['node', '--once', '--path.rootfs=/nowhere']);
  assert.equal(code, 0);
  assert.deepEqual([...stdout.matchAll(/^(?!foreshock_|#).+$/gm)].map(String), []);
});

test('foreshock --help lists the commands', async () => {
  for (const args of [['--help'], ['-h'], ['help']]) {
    const { code, stdout, stderr } = await foreshock(args);
    assert.deepEqual([code, stderr], [0, ''], args.join(' '));
    assert.match(stdout, /^Usage: foreshock <command> \[flags\]$/m);
    for (const [command] of HELP) assert.match(stdout, new RegExp(`^  ${command} +[A-Z].*\\.$`, 'm'));
    assert.ok(!stdout.includes('--web.listen-address'));
  }
});

test('--version answers, with or without a command', async () => {
  for (const args of [['--version'], ['node', '--version'], ['rules', '--version']]) {
    const { code, stdout, stderr } = await foreshock(args);
    assert.deepEqual([code, stderr], [0, ''], args.join(' '));
    assert.match(stdout, /^foreshock \d+\.\d+\.\d+\S*\n$/);
  }
});

test('an error says which help has the flags of its command', async () => {
  for (const [command] of HELP) {
    const { stderr } = await foreshock([...command.split(' '), '--nonsense']);
    assert.equal(stderr, `foreshock: unknown flag --nonsense (see foreshock ${command} --help)\n`);
  }
  assert.match((await foreshock([])).stderr, / \(see foreshock --help\)\n$/);
});

test('a command loads neither the server nor the schedules of another', async () => {
  for (const args of [['--help'], ['rules']]) {
    const { own, packages } = await loadedFiles(args);
    const foreign = own.filter((path) =>
      /^(cli\/export|exporter\/(server|node\/(role|scheduling)|cluster\/(api|role)))\b/.test(path),
    );
    assert.deepEqual([args, foreign], [args, []]);
    for (const name of ['express', 'node-cron', 'pino', 'prom-client']) assert.ok(!packages.includes(name), name);
  }
  assert.deepEqual((await loadedFiles(['--help'])).packages, []);
});

test('one file serves both roles: each accepts the settings of the other', async () => {
  writeFileSync(
    file,
    'collector.pids.timeout: 5\nkubeconfig: /no-kubeconfig\npath.procfs: /nowhere\ncollector.pulls: false\n',
  );
  const node = await foreshock(['node', CONFIG, '--kubeconfig=/no-kubeconfig', '--no-collector.pulls', '--once']);
  assert.equal(node.code, 0, node.stderr);
  // The first thing that the cluster role does with its settings is to read the kubeconfig.
  await assertUsageError(
    ['cluster', CONFIG, '--path.procfs=/nowhere', '--collector.pids.timeout=5'],
    ['/no-kubeconfig'],
  );
});

/** Exit status 2, and one line on standard error that names what is wrong. */
async function assertUsageError(args: string[], named: string[]): Promise<void> {
  const { code, stdout, stderr } = await foreshock(args);
  assert.equal(code, 2, stderr);
  assert.equal(stdout, '');
  for (const name of named) assert.ok(stderr.includes(name), `${name} is not in: ${stderr}`);
  assert.match(stderr, /^foreshock: .*\n$/, 'one line');
}
