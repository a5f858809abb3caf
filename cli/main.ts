#!/usr/bin/env node
import { UsageError } from '../exporter/config/usage-error.ts';
import { VERSION } from '../exporter/version.ts';
import type { Command } from './command.ts';
import type { RoleName } from './export.ts';

interface CommandEntry {
  /** Its line in `foreshock --help`. */
  readonly summary: string;
  /** Each command loads what it needs and no more: the health check runs every 30 s on every node. */
  load(): Promise<Command>;
}

const COMMANDS: Readonly<Record<string, CommandEntry>> = {
  node: {
    summary: "Export this host's metrics.",
    load: () => exporting('node'),
  },
  cluster: {
    summary: 'Export metrics of all nodes from the API server.',
    load: () => exporting('cluster'),
  },
  'node cluster': {
    summary: 'Export both from one process, for a cluster with one node.',
    load: () => exporting('node', 'cluster'),
  },
  healthcheck: {
    summary: 'Check that the exporter with the same flags is healthy; for containers.',
    load: async () => (await import('./healthcheck.ts')).healthcheck,
  },
  rules: {
    summary: 'Print the rules, or check that a Prometheus has what they need.',
    load: async () => (await import('./rules.ts')).rules,
  },
};

/** Node.js opens the modules of the program side by side: with fewer files it does not start, or its collectors fail. */
const MIN_OPEN_FILES = 128;

async function exporting(...roles: RoleName[]): Promise<Command> {
  const { maxOpenFiles } = await import('../exporter/open-files.ts');
  if (maxOpenFiles() < MIN_OPEN_FILES) {
    throw new UsageError(
      `the limit of ${maxOpenFiles()} open files is too low; set ulimit -n to at least ${MIN_OPEN_FILES}`,
    );
  }
  return (await import('./export.ts')).exporting(roles);
}

const HELP = `Usage: foreshock <command> [flags]

Commands:
${Object.entries(COMMANDS)
  .map(([name, { summary }]) => `  ${name.padEnd(15)}${summary}`)
  .join('\n')}

Flags:
  --help        Print this text, or after a command its flags.
  --version     Print the version.
`;

/** The longest command that the arguments begin with, and the arguments after it. */
function splitCommand(args: readonly string[]): { name: string; flags: readonly string[] } {
  const words = [2, 1].find((count) => Object.hasOwn(COMMANDS, args.slice(0, count).join(' '))) ?? 0;
  return { name: args.slice(0, words).join(' '), flags: args.slice(words) };
}

async function main(args: readonly string[]): Promise<number> {
  if (args[0] === 'help') return main([...args.slice(1), '--help']);
  const { name, flags } = splitCommand(args);
  const entry = COMMANDS[name];
  const wantsHelp = flags.includes('--help') || flags.includes('-h');
  if (!wantsHelp && flags.includes('--version')) return print(`foreshock ${VERSION}\n`);
  if (!entry && wantsHelp && args[0]?.startsWith('-')) return print(HELP);
  if (!entry) throw new UsageError(unknownCommand(args[0]));
  const command = await entry.load();
  return wantsHelp ? print(command.help()) : command.run(flags);
}

function unknownCommand(name: string | undefined): string {
  const available = Object.keys(COMMANDS).join(', ');
  if (name === undefined) return `no command given; commands are ${available}`;
  return `unknown command ${JSON.stringify(name)}; commands are ${available}`;
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

/** What the operating system refused; a stack says no more than the message. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}

const args = process.argv.slice(2);
try {
  process.exitCode = await main(args);
} catch (error) {
  if (!(error instanceof UsageError) && !isSystemError(error)) throw error;
  const help = ['foreshock', splitCommand(args).name, '--help'].filter((word) => word !== '').join(' ');
  process.stderr.write(`foreshock: ${error.message}${error instanceof UsageError ? ` (see ${help})` : ''}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
