import { parseJson } from '../../formats/json.ts';
import { parseToml } from '../../formats/toml.ts';
import { loadConfiguration } from '../host/configuration-file.ts';
import type { Tree } from '../host/tree.ts';

/** A TOML file, undefined when absent. Errors have its name and line, and nothing of its text. */
export function loadToml(files: Tree, path: string): unknown {
  return loadConfiguration(files, path, parseToml);
}

/** A JSON file, undefined when absent. Errors have its name, and nothing of its text. */
export function loadJson(files: Tree, path: string): unknown {
  return loadConfiguration(files, path, parseJson);
}
