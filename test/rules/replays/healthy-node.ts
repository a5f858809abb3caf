import { clusterRole, host } from './healthy-foreshock.ts';
import { kubelet, kubeStateMetrics, nodeExporter } from './healthy-upstream.ts';
import type { Course } from './series.ts';
import type { Span } from './targets.ts';

/** All that is scraped about a healthy node: 30 containers, 60 GB of disk half full, 32 GiB of memory. */
export function healthyNode(node: string, span: Span): [string, Course][] {
  return [
    ...host(node, span),
    ...clusterRole(node, span),
    ...nodeExporter(node),
    ...kubeStateMetrics(node),
    ...kubelet(node, span),
  ];
}
