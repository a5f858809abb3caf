import { elements } from '../elements.ts';
import type { KubeNode, ManagedField } from '../objects.ts';
import { parseTime } from '../time.ts';

/** The conditions that the kubelet sets; others are set by other programs, such as node-problem-detector. */
export const KUBELET_CONDITIONS = ['Ready', 'DiskPressure', 'MemoryPressure', 'PIDPressure'] as const;

/** The times by which one status patch of a kubelet differs from the next, in seconds of Unix time. */
export interface KubeletStatus {
  /**
   * When the API server accepted it, by its clock; undefined before Kubernetes 1.18 and if the manager is not
   * `kubelet`.
   */
  readonly writtenAt: number | undefined;
  /** When the kubelet computed it, by the node's clock: the latest lastHeartbeatTime. */
  readonly heartbeat: number | undefined;
}

/**
 * The times of the kubelet's last status patch. The node lifecycle controller's patch to Unknown does not change them
 * (kubernetes, pkg/controller/nodelifecycle: it sets status, reason, message and lastTransitionTime).
 */
export function kubeletStatus(node: KubeNode): KubeletStatus {
  const kubelets = elements(node.metadata?.managedFields).filter(({ manager }) => manager === 'kubelet');
  const ofStatus = kubelets.filter(({ subresource }) => subresource === 'status');
  const conditions = elements(node.status?.conditions).filter(({ type }) => isKubeletCondition(type));
  return {
    // Before Kubernetes 1.22 entries have no subresource.
    writtenAt: latest((ofStatus.length > 0 ? ofStatus : kubelets).map(({ time }: ManagedField) => time)),
    heartbeat: latest(conditions.map(({ lastHeartbeatTime }) => lastHeartbeatTime)),
  };
}

export function isKubeletCondition(type: unknown): type is (typeof KUBELET_CONDITIONS)[number] {
  return KUBELET_CONDITIONS.some((condition) => condition === type);
}

function latest(times: readonly unknown[]): number | undefined {
  const known = times.map(parseTime).filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}
