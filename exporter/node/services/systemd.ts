import type { Tree } from '../host/tree.ts';
import { type Environment, type Service, serviceFile } from './service-file.ts';
import { unitWords } from './words.ts';

/**
 * Where units are looked for, the first before the others (systemd.unit(5), "Unit File Load Path"); without those of
 * `systemd-run`, of which no runtime is one.
 */
const DIRECTORIES = [
  '/etc/systemd/system.control',
  '/run/systemd/system.control',
  '/run/systemd/generator.early',
  '/etc/systemd/system',
  '/run/systemd/system',
  '/run/systemd/generator',
  '/usr/local/lib/systemd/system',
  '/usr/lib/systemd/system',
  '/lib/systemd/system',
  '/run/systemd/generator.late',
];

/** More drop-ins than this are no configuration. */
const MAX_DROP_INS = 200;

/**
 * The command and the environment of `<name>.service`: of the unit and its drop-ins in the order of their names, of which
 * those in `/etc` go before others of the same name. An empty value takes back what was set before it (systemd.unit(5),
 * systemd.service(5)). Undefined when there is no such unit, or it has no command.
 */
export function systemdService(files: Tree, name: string): Service | undefined {
  const fragment = firstFile(
    files,
    DIRECTORIES.map((directory) => `${directory}/${name}.service`),
  );
  if (!fragment) return undefined;
  let command: { readonly line: string; readonly file: string } | undefined;
  let assignments: string[] = [];
  let environmentFiles: string[] = [];
  for (const { path, text } of [fragment, ...dropIns(files, name)]) {
    for (const [key, value] of serviceSettings(text)) {
      if (key === 'ExecStart') command = value === '' ? undefined : (command ?? { line: value, file: path });
      else if (key === 'Environment') assignments = value === '' ? [] : [...assignments, value];
      else if (key === 'EnvironmentFile') environmentFiles = value === '' ? [] : [...environmentFiles, value];
    }
  }
  if (!command) return undefined;
  const environment = {
    ...Object.fromEntries(assignments.flatMap((line) => unitWords(specified(line, name)).flatMap(assignment))),
    ...Object.assign({}, ...environmentFiles.map((path) => environmentOf(files, specified(path, name)))),
  };
  return { args: argumentsOf(specified(command.line, name), environment), environment, file: command.file };
}

interface UnitFile {
  readonly path: string;
  readonly text: string;
}

function firstFile(files: Tree, paths: readonly string[]): UnitFile | undefined {
  for (const path of paths) {
    const isLink = files.lstat(path)?.isSymbolicLink();
    if (isLink && files.readLink(path) === '/dev/null') return undefined;
    const text = serviceFile(files, path);
    if (text !== undefined) return { path, text };
  }
  return undefined;
}

/** `<name>.service.d`, those of each beginning of the name that ends in `-`, and those of all services. */
function dropIns(files: Tree, name: string): UnitFile[] {
  const prefixes = [...name.matchAll(/-/g)].map(({ index }) => name.slice(0, index + 1)).reverse();
  const folders = [name, ...prefixes].map((unit) => `${unit}.service.d`);
  const paths = new Map<string, string[]>();
  for (const folder of [...folders, 'service.d']) {
    for (const directory of DIRECTORIES) {
      for (const file of files.subtree(`${directory}/${folder}`).listIfPresent()) {
        if (!file.endsWith('.conf')) continue;
        if (paths.size >= MAX_DROP_INS) throw new Error(`${directory}/${folder}: more than ${MAX_DROP_INS} files`);
        paths.set(file, [...(paths.get(file) ?? []), `${directory}/${folder}/${file}`]);
      }
    }
  }
  const sorted = [...paths].sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.flatMap(([, candidates]) => firstFile(files, candidates) ?? []);
}

/** The settings of `[Service]`; a line that ends in a backslash goes on in the next one that is no comment (systemd.syntax(7)). */
function serviceSettings(text: string): [key: string, value: string][] {
  const lines = text
    .replaceAll(/^[ \t]*[#;].*\n?/gm, '')
    .replaceAll(/\\\n/g, ' ')
    .split('\n');
  let section = '';
  return lines.flatMap((line) => {
    section = /^\s*\[(.*)\]\s*$/.exec(line)?.[1] ?? section;
    const [, key, value] = /^\s*(\w+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    return section === 'Service' && key && value !== undefined ? [[key, value] as [string, string]] : [];
  });
}

/** Specifiers of a unit that is no instance (systemd.unit(5), "Specifiers"). */
function specified(text: string, name: string): string {
  const values: Record<string, string> = { n: `${name}.service`, N: name, p: name, i: '', '%': '%' };
  return text.replaceAll(/%([nNpi%])/g, (_, letter: string) => values[letter] ?? '');
}

/** Files that are named with `-` may be absent; a pattern of names is not followed. */
function environmentOf(files: Tree, path: string): Environment {
  const text = serviceFile(files, path.replace(/^-/, '')) ?? '';
  return Object.fromEntries(
    [...text.matchAll(/^[ \t]*([A-Za-z_]\w*)=((?:'[^']*'|"(?:[^"\\]|\\[\s\S])*"|\\[\s\S]|[^\n'"\\])*)/gm)].map(
      ([, key = '', value = '']) => [key, unquoted(value.trim())],
    ),
  );
}

function unquoted(text: string): string {
  return text.replaceAll(
    /'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|\\([\s\S])/g,
    (_, single?: string, double?: string, escaped = '') => {
      if (single !== undefined) return single;
      return (double?.replaceAll(/\\([\s\S])/g, '$1') ?? escaped).replaceAll('\n', '');
    },
  );
}

function assignment(word: string): [string, string][] {
  const [, key, value] = /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(word) ?? [];
  return key && value !== undefined ? [[key, value]] : [];
}

/**
 * The arguments of a command line: without the program, before which `@-:+!` may stand, and with variables in the place of
 * `${NAME}` and of words `$NAME`, whose value can be several words (systemd.service(5), "Command lines").
 */
function argumentsOf(line: string, environment: Environment): string[] {
  const [program = '', ...words] = unitWords(line);
  const flags = /^[@\-:+!|]*/.exec(program)?.[0] ?? '';
  const args = flags.includes('@') ? words.slice(1) : words;
  const end = args.indexOf(';');
  const own = end === -1 ? args : args.slice(0, end);
  if (flags.includes(':')) return own;
  return own.flatMap((word) => {
    const whole = /^\$([A-Za-z_]\w*)$/.exec(word)?.[1];
    if (whole !== undefined) return unitWords(environment[whole] ?? '');
    return word.replaceAll(/\$\$|\$\{([A-Za-z_]\w*)\}/g, (_, name?: string) =>
      name === undefined ? '$' : (environment[name] ?? ''),
    );
  });
}
