import { defineSignature } from '../signature.ts';

export const reclaimThrash = defineSignature({
  id: 'reclaim-thrash',
  title: 'Memory is so short that pages are read again as soon as they are thrown out',
  story:
    'Story 002 §5: RAM nearly full, no swap; kswapd throws out the page cache, SSH and monitoring are dead, and the OOM killer never comes.',
  thresholds: {},

  rules: () => ({ alerts: [] }),
});
