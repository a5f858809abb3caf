import { promql } from '../rules/promql.ts';
import { HEARTBEAT_AGE } from '../rules/series/heartbeats.ts';
import { LOG_RATE } from '../rules/signatures/log-storm.ts';
import { SEVERITIES, severity } from './alerts.ts';
import type { Source } from './dashboard.ts';
import { NODE } from './expressions.ts';
import { diskPressureLoop } from './node/disk-pressure-loop.ts';
import { dyingMemcg } from './node/dying-memcg.ts';
import { heartbeat } from './node/heartbeat.ts';
import { imageGcStall } from './node/image-gc-stall.ts';
import { logStorm } from './node/log-storm.ts';
import { mountUnitLeak } from './node/mount-unit-leak.ts';
import { pullQueue } from './node/pull-queue.ts';
import { reclaimThrash } from './node/reclaim-thrash.ts';
import { statusThrottle } from './node/status-throttle.ts';
import { vanishingImages } from './node/vanishing-images.ts';
import { PIDS_SHARE, zombiePileup } from './node/zombie-pileup.ts';
import { IN_USE } from './panels/disk.ts';

export const node: Source = {
  uid: 'foreshock-node',
  title: 'Foreshock / Node',
  description:
    'What is wrong with a node: a row for each way in which nodes are known to die, causes first, and what they lead to last.',
  of: 'node',
  from: 'now-6h',
  rows: [
    {
      title: 'Which of them is it?',
      panels: [
        {
          kind: 'figure',
          title: 'Last heartbeat',
          description: 'Healthy is up to 10 s; in story 004 gaps lasted 63 to 125 s.',
          story: 'log-storm',
          unit: 'seconds',
          noData: 'The cluster role says nothing of this node',
          width: 6,
          query: { expr: promql`${HEARTBEAT_AGE}{${NODE}}`, legend: 'heartbeat' },
          from: { value: 24, color: 'orange' },
        },
        {
          kind: 'figure',
          title: 'Image file system taken',
          description: 'Healthy is below 80 %; the kubelet deletes images at 85 %, unless it is told otherwise.',
          story: 'disk-pressure-loop',
          unit: 'ratio',
          noData: 'Image file system unknown',
          width: 6,
          query: { expr: IN_USE, legend: 'in use' },
          from: { value: 0.8, color: 'orange' },
        },
        {
          kind: 'figure',
          title: 'Fastest log',
          description: 'Bytes a second of the container that logs most. Healthy is 0.1 MB/s; in story 004 60 MB/s.',
          story: 'log-storm',
          unit: 'bytes/second',
          noData: 'No container logs to files',
          width: 6,
          query: { expr: promql`max by (cluster, node) (${LOG_RATE}{${NODE}})`, legend: 'log' },
          lines: { critical: 'log-storm.log_bytes_per_second' },
        },
        {
          kind: 'figure',
          title: 'Process ids taken',
          description: 'Of what the host can have. In story 002 §1 none was left.',
          story: 'zombie-pileup',
          unit: 'ratio',
          noData: 'The node role says nothing of this node',
          width: 6,
          query: { expr: PIDS_SHARE, legend: 'in use' },
          lines: { warning: 'zombie-pileup.pids_near_limit', critical: 'zombie-pileup.pids_exhausted' },
        },
        {
          kind: 'lanes',
          title: 'Alerts of this node',
          description:
            'When which alert fired; the rows below are called as their signatures. Healthy is nothing here; story 004: a log storm, and what came of it.',
          story: 'log-storm',
          unit: 'count',
          noData: 'No alert has fired',
          width: 24,
          height: 7,
          queries: [{ expr: severity(['signature', 'alertname'], NODE), legend: '{{signature}}: {{alertname}}' }],
          states: SEVERITIES,
        },
      ],
    },
    logStorm,
    diskPressureLoop,
    imageGcStall,
    vanishingImages,
    zombiePileup,
    dyingMemcg,
    mountUnitLeak,
    reclaimThrash,
    pullQueue,
    statusThrottle,
    heartbeat,
  ],
};
