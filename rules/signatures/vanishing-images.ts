import { defineSignature } from '../signature.ts';

export const vanishingImages = defineSignature({
  id: 'vanishing-images',
  title: 'Garbage collection deletes images that exist nowhere else',
  story:
    'Story 003: a /var of 7.0 GB; images that were built on the node and never pushed were gone (wanted 311,382,016 B, freed 573,253,440 B); ErrImagePull 43 times.',
  thresholds: {},

  rules: () => ({ alerts: [] }),
});
