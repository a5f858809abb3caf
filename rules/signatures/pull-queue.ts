import { defineSignature } from '../signature.ts';

export const pullQueue = defineSignature({
  id: 'pull-queue',
  title: 'One slow image pull holds up all others of the node',
  story: 'Story 002 §4: Pulling for 8 min, and no other image was pulled meanwhile.',
  thresholds: {},

  rules: () => ({ alerts: [] }),
});
