import type { Row } from '../panel.ts';
import { rateLimiter, statusLag } from '../panels/kubelet.ts';

export const statusThrottle: Row = {
  title: "Status throttle: the kubelet's own limit of requests keeps the status of pods back",
  panels: [statusLag, rateLimiter],
};
