import type { Tree } from '../host/tree.ts';
import { containerIdsIn } from './cgroup-path.ts';
import type { Container } from './container.ts';
import type { ContainerDirectory } from './directory.ts';

/** A container's own cgroup. */
export interface ContainerCgroup {
  readonly path: string;
  readonly container: Container;
}

/** The cgroups of known containers; what containers make below their own is not looked at. */
export function* containerCgroups(tree: Tree, directory: ContainerDirectory, path = ''): Generator<ContainerCgroup> {
  for (const name of tree.directories(path)) {
    const child = `${path}/${name}`;
    const container = directory.get(containerIdsIn(name).at(-1) ?? '');
    if (container) yield { path: child, container };
    else yield* containerCgroups(tree, directory, child);
  }
}
