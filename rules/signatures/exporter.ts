import { defineSignature } from '../signature.ts';

export const exporter = defineSignature({
  id: 'exporter',
  title: 'Foreshock itself is blind or gone',
  story: 'Not a story: an exporter that says nothing looks like a node without trouble.',
  thresholds: {},

  rules: () => ({ alerts: [] }),
});
