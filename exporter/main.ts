#!/usr/bin/env node
import { collectors } from './collectors/index.ts';
import { healthcheck } from './commands/healthcheck.ts';
import { node } from './commands/node.ts';
import { flagsHelp } from './config/help.ts';
import { allOptions } from './config/options.ts';
import { UsageError } from './config/usage-error.ts';
import { VERSION } from './version.ts';

/** What can be run, with a line of help each. A command resolves to the exit status, or to nothing while it serves. */
const COMMANDS = {
  node: { run: node, help: "Export this host's metrics." },
  healthcheck: { run: healthcheck, help: 'Ask the exporter of the same flags whether it is healthy; for containers.' },
} as const;

const HELP = `Usage: foreshock <command> [flags]

Commands:
${Object.entries(COMMANDS)
  .map(([name, { help }]) => `  ${name.padEnd(13)}${help}`)
  .join('\n')}

Flags:
  --help        Print this text.
  --version     Print the version.
${flagsHelp(allOptions(collectors))}
`;

async function main(args: readonly string[]): Promise<number | undefined> {
  const [name, ...flags] = args;
  if (args.includes('--help') || args.includes('-h') || name === 'help') return print(HELP);
  if (args.includes('--version')) return print(`foreshock ${VERSION}\n`);
  if (name === undefined) throw new UsageError(`which command? One of ${Object.keys(COMMANDS).join(', ')}`);
  if (!Object.hasOwn(COMMANDS, name)) {
    throw new UsageError(`unknown command ${JSON.stringify(name)}; there are ${Object.keys(COMMANDS).join(', ')}`);
  }
  return COMMANDS[name as keyof typeof COMMANDS].run(flags);
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
