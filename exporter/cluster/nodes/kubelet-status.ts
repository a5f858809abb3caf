import { elements } from '../elements.ts';
import type { KubeNode, ManagedField } from '../objects.ts';
import { parseTime } from '../time.ts';

/** The conditions that the kubelet sets; others have other authors, such as node-problem-detector. */
export const KUBELET_CONDITIONS = ['Ready', 'DiskPressure', 'MemoryPressure', 'PIDPressure'] as const;

/** What tells one status patch of a kubelet from the next. Seconds of Unix time. */
export interface KubeletStatus {
  /** When the API server took it, by its clock; undefined before Kubernetes 1.18 and for kubelets of another name. */
  readonly writtenAt: number | undefined;
  /** When the kubelet computed it, by the node's clock: the newest lastHeartbeatTime. */
  readonly heartbeat: number | undefined;
}

/**
 * The kubelet's part in the status of its node. The node lifecycle controller's patch to Unknown leaves both times as
 * they are (kubernetes, pkg/controller/nodelifecycle: it sets status, reason, message and lastTransitionTime).
 */
export function kubeletStatus(node: KubeNode): KubeletStatus {
  const kubelets = elements(node.metadata?.managedFields).filter(({ manager }) => manager === 'kubelet');
  const ofStatus = kubelets.filter(({ subresource }) => subresource === 'status');
  const conditions = elements(node.status?.conditions).filter(({ type }) => isKubeletCondition(type));
  return {
    // Before Kubernetes 1.22 entries do not name their subresource.
    writtenAt: newest((ofStatus.length > 0 ? ofStatus : kubelets).map(({ time }: ManagedField) => time)),
    heartbeat: newest(conditions.map(({ lastHeartbeatTime }) => lastHeartbeatTime)),
  };
}

export function isKubeletCondition(type: unknown): type is (typeof KUBELET_CONDITIONS)[number] {
  return KUBELET_CONDITIONS.some((condition) => condition === type);
}

function newest(times: readonly unknown[]): number | undefined {
  const known = times.map(parseTime).filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}
