import { parseKubernetesYaml } from '../../formats/kubernetes-yaml.ts';
import { loadConfiguration } from '../host/configuration-file.ts';
import type { Tree } from '../host/tree.ts';

/** A YAML or JSON file as Kubernetes reads it, undefined when absent. Errors have its name and line, and nothing of its text. */
export function loadYaml(files: Tree, path: string): unknown {
  return loadConfiguration(files, path, (text) => parseKubernetesYaml(text) ?? null);
}
