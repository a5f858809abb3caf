import { defineSignature } from '../signature.ts';

export const zombiePileup = defineSignature({
  id: 'zombie-pileup',
  title: 'A parent that does not reap its children uses up the process ids',
  story:
    'Story 002 §1: 19,782 zombies of curl below supercronic, pid_max 32,768; pthread_create failed, and Docker froze.',
  thresholds: {},

  rules: () => ({ alerts: [] }),
});
