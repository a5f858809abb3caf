import { parseJson } from '../../formats/json.ts';
import { parseToml } from '../../formats/toml.ts';
import type { Tree } from '../host/tree.ts';

/** The longest configuration of a runtime that is read: containerd's with all defaults has 8 KiB. */
const MAX_BYTES = 512 * 1024;

/** A TOML file, undefined when absent. Errors have its name and line, and nothing of its text. */
export function loadToml(files: Tree, path: string): unknown {
  return load(files, path, parseToml);
}

/** A JSON file, undefined when absent. Errors have its name, and nothing of its text. */
export function loadJson(files: Tree, path: string): unknown {
  return load(files, path, parseJson);
}

function load(files: Tree, path: string, parse: (text: string) => unknown): unknown {
  try {
    const text = files.readUntrustedIfPresent(path, MAX_BYTES);
    return text === undefined ? undefined : parse(text);
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`);
  }
}
