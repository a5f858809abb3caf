import { load, YAMLException } from 'js-yaml';
import type { Tree } from '../host/tree.ts';

/** The longest file of the kubelet or of k3s that is read: the inventory has the fields, and every run is given it. */
export const MAX_KUBELET_FILE_BYTES = 512 * 1024;

/** A YAML or JSON file, undefined when absent. Errors have its name and line, and nothing of its text: it may be a secret. */
export function loadYaml(tree: Tree, path: string): unknown {
  try {
    const text = tree.readUntrustedIfPresent(path, MAX_KUBELET_FILE_BYTES);
    return text === undefined ? undefined : load(text);
  } catch (error) {
    throw new Error(`${path}: ${error instanceof YAMLException ? withoutText(error) : (error as Error).message}`);
  }
}

/** js-yaml quotes text in a snippet, and in some reasons: `unidentified alias "x"`, `unknown scalar tag !<x>`. */
function withoutText({ reason, mark }: YAMLException): string {
  const kind = reason.replace(/ *(["<!]|: ).*$/s, '');
  return mark ? `${kind} (line ${mark.line + 1})` : kind;
}
