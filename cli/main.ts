#!/usr/bin/env node
import { watchers } from '../exporter/cluster/watchers/index.ts';
import { flagsHelp } from '../exporter/config/help.ts';
import { allOptions } from '../exporter/config/options.ts';
import { UsageError } from '../exporter/config/usage-error.ts';
import { collectors } from '../exporter/node/collectors/index.ts';
import { VERSION } from '../exporter/version.ts';
import type { RoleName } from './export.ts';

interface Command {
  readonly help: string;
  /** Whether it has flags of its own, and prints their help itself. */
  readonly ownFlags?: true;
  /** Loads the command, which takes the flags and resolves to the exit status: a health check needs no web server. */
  load(): Promise<(flags: readonly string[]) => Promise<number>>;
}

const COMMANDS: Readonly<Record<string, Command>> = {
  node: {
    help: "Export this host's metrics.",
    load: () => exporting('node'),
  },
  cluster: {
    help: 'Export what the API server knows of all nodes.',
    load: () => exporting('cluster'),
  },
  'node cluster': {
    help: 'Both in one process, for a cluster of one node.',
    load: () => exporting('node', 'cluster'),
  },
  healthcheck: {
    help: 'Ask the exporter of the same flags whether it is healthy; for containers.',
    load: async () => (await import('./healthcheck.ts')).healthcheck,
  },
  rules: {
    help: 'Print the rules for Prometheus, or check what it lacks for them; foreshock rules --help has the flags.',
    ownFlags: true,
    load: async () => (await import('./rules.ts')).rules,
  },
};

async function exporting(...roles: RoleName[]) {
  const { exportMetrics } = await import('./export.ts');
  return (flags: readonly string[]) => exportMetrics(roles, flags);
}

const HELP = `Usage: foreshock <command> [flags]

Commands:
${Object.entries(COMMANDS)
  .map(([name, { help }]) => `  ${name.padEnd(15)}${help}`)
  .join('\n')}

Flags of the exporter, which can also be given as environment variables (--log.level as FORESHOCK_LOG_LEVEL):
  --help        Print this text.
  --version     Print the version.
${flagsHelp(allOptions(collectors, watchers))}
`;

async function main(args: readonly string[]): Promise<number> {
  const words = [2, 1].find((count) => Object.hasOwn(COMMANDS, args.slice(0, count).join(' '))) ?? 0;
  const command = COMMANDS[args.slice(0, words).join(' ')];
  if (!command?.ownFlags) {
    if (args.includes('--help') || args.includes('-h') || args[0] === 'help') return print(HELP);
    if (args.includes('--version')) return print(`foreshock ${VERSION}\n`);
  }
  const there = Object.keys(COMMANDS).join(', ');
  if (args[0] === undefined) throw new UsageError(`which command? One of ${there}`);
  if (!command) throw new UsageError(`unknown command ${JSON.stringify(args[0])}; there are ${there}`);
  const run = await command.load();
  return run(args.slice(words));
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  const [command = ''] = process.argv.slice(2);
  const help = COMMANDS[command]?.ownFlags ? `foreshock ${command} --help` : 'foreshock --help';
  process.stderr.write(`foreshock: ${error.message} (see ${help})\n`);
  process.exitCode = 2;
}
