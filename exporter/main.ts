#!/usr/bin/env node
import { collectors } from './collectors/index.ts';
import { flagsHelp } from './config/help.ts';
import { allOptions } from './config/options.ts';
import { UsageError } from './config/usage-error.ts';
import { VERSION } from './version.ts';

interface Command {
  readonly help: string;
  /** Loads the command, which takes the flags and resolves to the exit status: a health check needs no web server. */
  load(): Promise<(flags: readonly string[]) => Promise<number>>;
}

const COMMANDS: Readonly<Record<string, Command>> = {
  node: {
    help: "Export this host's metrics.",
    load: async () => (await import('./commands/node.ts')).node,
  },
  healthcheck: {
    help: 'Ask the exporter of the same flags whether it is healthy; for containers.',
    load: async () => (await import('./commands/healthcheck.ts')).healthcheck,
  },
};

const HELP = `Usage: foreshock <command> [flags]

Commands:
${Object.entries(COMMANDS)
  .map(([name, { help }]) => `  ${name.padEnd(13)}${help}`)
  .join('\n')}

Flags, which can also be given as environment variables (--log.level as FORESHOCK_LOG_LEVEL):
  --help        Print this text.
  --version     Print the version.
${flagsHelp(allOptions(collectors))}
`;

async function main(args: readonly string[]): Promise<number> {
  const [name, ...flags] = args;
  if (args.includes('--help') || args.includes('-h') || name === 'help') return print(HELP);
  if (args.includes('--version')) return print(`foreshock ${VERSION}\n`);
  if (name === undefined) throw new UsageError(`which command? One of ${Object.keys(COMMANDS).join(', ')}`);
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) {
    throw new UsageError(`unknown command ${JSON.stringify(name)}; there are ${Object.keys(COMMANDS).join(', ')}`);
  }
  const run = await command.load();
  return run(flags);
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`foreshock: ${error.message} (see foreshock --help)\n`);
  process.exitCode = 2;
}
