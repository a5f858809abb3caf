import { defineSignature } from '../signature.ts';

export const mountUnitLeak = defineSignature({
  id: 'mount-unit-leak',
  title: 'Mount units of pods that are gone stay in systemd',
  story:
    'Story 002 §3: transient units of subPath mounts stayed for ever on Ubuntu 16.04; the memory of the kubelet grew.',
  thresholds: {},

  rules: () => ({ alerts: [] }),
});
