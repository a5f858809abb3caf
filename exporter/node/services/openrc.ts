import type { Tree } from '../host/tree.ts';
import { type Service, serviceFile } from './service-file.ts';
import { shellWords } from './words.ts';

/**
 * The command of a service of OpenRC: `command_args` and its kin of /etc/init.d/<name>, with the variables that the files
 * before it set (openrc-run(8)). The scripts are not run: what is not a plain assignment is not seen. Undefined when there
 * is no such script, or it has no arguments.
 */
export function openrcService(files: Tree, name: string): Service | undefined {
  const script = `/etc/init.d/${name}`;
  const text = serviceFile(files, script);
  if (text === undefined || !/^#!.*openrc-run/.test(text)) return undefined;
  const environment: Record<string, string> = {};
  for (const path of ['/etc/rc.conf', `/etc/conf.d/${name}`]) assign(environment, serviceFile(files, path) ?? '');
  assign(environment, text);
  const {
    command_args: args = '',
    command_args_foreground: foreground = '',
    command_args_background: background = '',
  } = environment;
  const words = shellWords([args, foreground || background].join(' '));
  return words.length > 0 ? { args: words, environment, file: script } : undefined;
}

const ASSIGNMENT =
  /^[ \t]*(?:export[ \t]+)?([A-Za-z_]\w*)=((?:'[^']*'|"(?:[^"\\]|\\[\s\S])*"|\\[\s\S]|[^\s;#'"\\])*)/gm;

/** Adds the assignments of a script, in their order. */
function assign(environment: Record<string, string>, script: string): void {
  for (const [, name = '', value = ''] of script.matchAll(ASSIGNMENT)) {
    environment[name] = unquoted(value, environment);
  }
}

function unquoted(text: string, environment: Readonly<Record<string, string>>): string {
  const parts = text.matchAll(/'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|((?:\\[\s\S]|[^'"\\])+)/g);
  return [...parts].map(([, single, double, bare]) => single ?? expanded(double ?? bare ?? '', environment)).join('');
}

/** `$NAME`, `${NAME}`, `${NAME:-default}`; a backslash keeps the character behind it, and takes the end of a line away. */
function expanded(text: string, environment: Readonly<Record<string, string>>): string {
  return text.replaceAll(
    /\\([$`"\\\n])|\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?::?-([^}]*))?\})/g,
    (_, escaped?: string, plain?: string, braced?: string, otherwise?: string) => {
      if (escaped !== undefined) return escaped === '\n' ? '' : escaped;
      return environment[plain ?? braced ?? ''] || otherwise || '';
    },
  );
}
