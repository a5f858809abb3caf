import { defineSignature } from '../signature.ts';

export const statusThrottle = defineSignature({
  id: 'status-throttle',
  title: "The kubelet's own limit of requests keeps the status of pods back",
  story: 'Story 002 §6: containers ran and their pods stayed Pending: 5 requests a second, 10 at once.',
  thresholds: {},

  rules: () => ({ alerts: [] }),
});
