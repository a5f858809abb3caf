import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The releases whose versions the matrix takes, by the names of their suites. */
export const RELEASES = { bookworm: 'Debian 12', trixie: 'Debian 13', sid: 'Debian sid' } as const;

export type Suite = keyof typeof RELEASES;

/** The packages of a Debian release, which are unpacked into a folder and never installed. */
export interface DebianRelease {
  readonly suite: Suite;
  /** "Debian 13". */
  readonly title: string;
  /** The version of a package without the epoch and Debian's own part: "28.5.2". */
  version(name: string): Promise<string>;
  /** Unpacks packages into a folder; of those with alternatives ("promtool|prometheus") the first that there is. */
  unpack(names: readonly string[], folder: string): Promise<void>;
}

/** A release with an apt of its own in a folder: that of this machine is not touched. */
export async function openRelease(suite: Suite, folder: string): Promise<DebianRelease> {
  for (const part of ['state/lists/partial', 'cache/archives/partial'])
    mkdirSync(join(folder, part), { recursive: true });
  writeFileSync(join(folder, 'sources.list'), sources(suite, await mirror()));
  writeFileSync(join(folder, 'status'), '');
  writeFileSync(join(folder, 'apt.conf'), aptConfiguration(folder));
  const env = { ...process.env, APT_CONFIG: join(folder, 'apt.conf') };
  const apt = async (cwd: string, program: string, ...args: readonly string[]) =>
    (await run(program, args, { cwd, env, maxBuffer: 2 ** 26 })).stdout;
  await apt(folder, 'apt-get', 'update', '--quiet');

  const known = async (name: string) => (await apt(folder, 'apt-cache', 'madison', name)) !== '';
  const choose = async (names: string) => {
    for (const name of names.split('|')) if (await known(name)) return name;
    throw new Error(`${RELEASES[suite]} has no ${names}`);
  };
  return {
    suite,
    title: RELEASES[suite],
    version: async (name) => upstreamVersion(await apt(folder, 'apt-cache', 'show', '--no-all-versions', name)),
    unpack: async (names, target) => {
      const packages = join(target, '.packages');
      mkdirSync(packages, { recursive: true });
      const chosen = new Set(await Promise.all(names.map(choose)));
      await apt(packages, 'apt-get', 'download', '--quiet', ...chosen);
      for (const file of readdirSync(packages)) await run('dpkg-deb', ['-x', join(packages, file), target]);
    },
  };
}

function sources(suite: Suite, mirror: string): string {
  const lines = [`deb ${mirror}/debian ${suite} main\n`];
  if (suite !== 'sid')
    lines.push(
      `deb ${mirror}/debian ${suite}-updates main\n`,
      `deb ${mirror}/debian-security ${suite}-security main\n`,
    );
  return lines.join('');
}

/** The mirror that apt of this machine uses for Debian, else Debian's own. */
async function mirror(): Promise<string> {
  const { stdout } = await run('apt-get', ['indextargets', '--format', '$(REPO_URI)']);
  return /^(\S+)\/debian\/?$/m.exec(stdout)?.[1] ?? 'http://deb.debian.org';
}

function aptConfiguration(folder: string): string {
  return `Dir::State "${folder}/state";
Dir::State::status "${folder}/status";
Dir::Cache "${folder}/cache";
Dir::Etc::sourcelist "${folder}/sources.list";
Dir::Etc::sourceparts "-";
Dir::Etc::preferences "-";
Dir::Etc::preferencesparts "-";
APT::Sandbox::User "root";
Acquire::Check-Valid-Until "false";
`;
}

/** "Version: 1:2.53.3+ds1-2" is 2.53.3 upstream. */
export function upstreamVersion(record: string): string {
  const version = /^Version: (?:\d+:)?([\w.]+)/m.exec(record)?.[1];
  if (version === undefined) throw new Error(`no version in ${JSON.stringify(record.slice(0, 200))}`);
  return version;
}
