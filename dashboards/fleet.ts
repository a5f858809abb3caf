import type { Source } from './dashboard.ts';
import { containers } from './fleet/containers.ts';
import { nodes } from './fleet/nodes.ts';
import { now } from './fleet/now.ts';
import { signs } from './fleet/signs.ts';

export const fleet: Source = {
  uid: 'foreshock-fleet',
  title: 'Foreshock / Fleet',
  description:
    'Which nodes show which of the ways in which nodes are known to die, now and over the last day, and which containers write most.',
  of: 'clusters',
  from: 'now-24h',
  rows: [now, nodes, signs, containers],
};
