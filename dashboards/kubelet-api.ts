import type { DashboardContext } from './context.ts';
import type { DashboardSource } from './dashboard.ts';
import { configuration } from './kubelet-api/configuration.ts';
import { heartbeats } from './kubelet-api/heartbeats.ts';
import { resources } from './kubelet-api/resources.ts';
import { heldRequests, oldestPull, pullsInFlight, pullWait, requestWait, statusLag } from './panels/pods.ts';
import { oneNode } from './scope.ts';

export function kubeletApi(context: DashboardContext): DashboardSource {
  return {
    uid: 'foreshock-kubelet-api',
    title: 'Kubelet and API',
    description:
      'Whether the kubelet of a node is late, and why: its disk, its CPU, its own rate limit, or a queue of image pulls.',
    scope: oneNode(context),
    from: 'now-6h',
    rows: [
      heartbeats(context),
      resources(context),
      {
        title: 'Are pods late?',
        panels: [
          oldestPull(context),
          pullsInFlight(context),
          pullWait(context),
          { ...statusLag(context), width: 8 },
          { ...heldRequests(context), width: 8 },
          { ...requestWait(context), width: 8 },
        ],
      },
      configuration(context),
    ],
  };
}
