import { parseKubernetesYaml } from '../../formats/kubernetes-yaml.ts';
import type { Tree } from '../host/tree.ts';

/** The longest file of the kubelet or of k3s that is read: the inventory has the fields, and every run is given it. */
export const MAX_KUBELET_FILE_BYTES = 512 * 1024;

/** A YAML or JSON file as Kubernetes reads it, undefined when absent. Errors have its name and line, and nothing of its text. */
export function loadYaml(tree: Tree, path: string): unknown {
  try {
    const text = tree.readUntrustedIfPresent(path, MAX_KUBELET_FILE_BYTES);
    return text === undefined ? undefined : (parseKubernetesYaml(text) ?? null);
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`);
  }
}
