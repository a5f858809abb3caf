import { elements } from './elements.ts';
import type { ContainerStatus, KubePod } from './objects.ts';
import { parseTime } from './time.ts';

export interface RunningContainer {
  /** The first 12 digits of its ID, as every runtime abbreviates it. */
  readonly id: string;
  /** By the node's clock, in whole seconds of Unix time. */
  readonly startedAt: number;
}

/** `containerd://228b203733e8c6b0…` (k8s.io/api, ContainerStatus.containerID). */
const CONTAINER_ID = /^[^:]+:\/\/([0-9a-f]{12})/;

/**
 * The containers that a pod's status shows as running, init containers included: some of them keep running (sidecars).
 */
export function runningContainers({ status }: KubePod): RunningContainer[] {
  const statuses = [...elements(status?.initContainerStatuses), ...elements(status?.containerStatuses)];
  return statuses.map(runningContainer).filter((container) => container !== undefined);
}

function runningContainer({ containerID, state }: ContainerStatus): RunningContainer | undefined {
  const startedAt = parseTime(state?.running?.startedAt);
  const id = typeof containerID === 'string' ? CONTAINER_ID.exec(containerID)?.[1] : undefined;
  return id === undefined || startedAt === undefined ? undefined : { id, startedAt };
}
