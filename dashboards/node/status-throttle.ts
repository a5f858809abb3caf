import type { DashboardContext } from '../context.ts';
import type { Row } from '../panel.ts';
import { heldRequests, statusLag } from '../panels/pods.ts';

export function statusThrottle(context: DashboardContext): Row {
  return {
    title: "Status throttle: the kubelet's own rate limit delays the status of pods",
    panels: [statusLag(context), heldRequests(context)],
  };
}
