import type { Container } from '../../../../exporter/node/containers/container.ts';
import { ContainerDirectory } from '../../../../exporter/node/containers/directory.ts';

/** A directory of these containers, none of which has a pod with logs. */
export function directoryOf(...containers: Container[]): ContainerDirectory {
  return new ContainerDirectory({ containers, pods: [] });
}
