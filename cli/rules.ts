import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseFlags } from '../exporter/config/flags.ts';
import { flagsHelp } from '../exporter/config/help.ts';
import { type Option, text } from '../exporter/config/option.ts';
import { UsageError } from '../exporter/config/usage-error.ts';
import { check } from '../rules/check/check.ts';
import { report } from '../rules/check/finding.ts';
import { queryClient, withoutCredentials } from '../rules/check/prometheus.ts';
import { packFiles, ruleFile } from '../rules/render/files.ts';
import { DEFAULT_SETTINGS, type Settings } from '../rules/settings.ts';
import { readSettings } from '../rules/settings-file.ts';
import { defaultSettingsFile } from '../rules/settings-help.ts';
import type { Command } from './command.ts';

/** The flags of `foreshock rules`. */
export const RULES_OPTIONS = {
  'config.file': text('', 'YAML file with settings as listed below; those not in it keep their defaults.'),
  format: text('', 'Format, prometheus or operator; overrides the setting.', (format) =>
    ['', 'prometheus', 'operator'].includes(format) ? undefined : 'must be prometheus or operator',
  ),
  output: text(
    '',
    'Directory to write all files of the pack to (default: the rules are printed as one file, for Prometheus or for kubectl apply -f -).',
  ),
  check: text(
    '',
    'URL of a Prometheus (http://user:password@host/path) to check for what the rules need, instead of printing them; the exit status is 1 if something is missing.',
    (url) => (url === '' || isHttp(url) ? undefined : 'must be an http or https URL'),
  ),
} satisfies Record<string, Option>;

const help = () => `Usage: foreshock rules [flags]

Prints the alerting and recording rules, or checks that a Prometheus has what they need.

Flags:
  --help
        Print this text.
${flagsHelp(RULES_OPTIONS)}

Settings, with their defaults:
${defaultSettingsFile().replaceAll(/^(?=.)/gm, '  ')}`;

/** Throws `UsageError` about flags, the settings file, and a URL that does not answer. */
async function run(flags: readonly string[]): Promise<number> {
  const values = parseFlags(flags, RULES_OPTIONS);
  const { 'config.file': file = '', format = '', output = '', check: url = '' } = values as Record<string, string>;
  if (url !== '' && output !== '') throw new UsageError('--check and --output cannot be used together');
  const read = file === '' ? DEFAULT_SETTINGS : readSettings(file);
  const settings = format === '' ? read : { ...read, format: format as Settings['format'] };
  if (url !== '') return checkPrometheus(new URL(url), settings);
  if (output !== '') return write(output, settings);
  return print(ruleFile(settings));
}

/** `foreshock rules` */
export const rules: Command = { help, run };

async function checkPrometheus(url: URL, settings: Settings): Promise<number> {
  const findings = await check(queryClient(url), settings);
  print(report(findings, withoutCredentials(url)));
  return findings.some(({ level }) => level === 'missing') ? 1 : 0;
}

/**
 * Writes the files. Reports other files in their folders, such as those of an earlier version: they would still be
 * loaded.
 */
function write(directory: string, settings: Settings): number {
  const files = packFiles(settings);
  try {
    for (const [path, content] of files) {
      mkdirSync(join(directory, dirname(path)), { recursive: true });
      writeFileSync(join(directory, path), content);
    }
    const folders = [...new Set([...files.keys()].map((path) => dirname(path)))].filter((folder) => folder !== '.');
    const left = folders
      .flatMap((folder) => readdirSync(join(directory, folder)).map((name) => join(folder, name)))
      .filter((path) => !files.has(path));
    for (const path of left) process.stderr.write(`foreshock: ${join(directory, path)} is not part of this pack\n`);
  } catch (error) {
    throw new UsageError(`cannot write to ${directory}: ${(error as Error).message}`);
  }
  return print([...files.keys()].map((path) => `${join(directory, path)}\n`).join(''));
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

function isHttp(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}
