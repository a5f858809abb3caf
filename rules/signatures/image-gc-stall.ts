import { defineSignature } from '../signature.ts';

export const imageGcStall = defineSignature({
  id: 'image-gc-stall',
  title: 'Image garbage collection keeps the disk so busy that the node is lost',
  story:
    'Story 000: at 90 % of a disk of 60 GB the kubelet freed 5,766,938,624 B, 8 images in 5 min; the node was Unknown and all its pods had moved when it woke up.',
  thresholds: {},

  rules: () => ({ alerts: [] }),
});
