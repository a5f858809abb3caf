import { promql } from '../../rules/promql.ts';
import { DISK_WRITE_LATENCY } from '../../rules/signatures/log-storm.ts';
import { NODE } from '../expressions.ts';
import type { Row } from '../panel.ts';
import { logGrowth } from '../panels/disk.ts';
import { hangingThreads } from '../panels/kubelet.ts';

export const logStorm: Row = {
  title: 'Log storm: a container logs so much that the disk stands still',
  panels: [
    { ...logGrowth, height: 8 },
    {
      kind: 'graph',
      title: 'Write latency of disks',
      description: 'What a write takes from its queueing to its end, on average: w_await of iostat.',
      story: 'log-storm',
      unit: 'seconds',
      noData: 'node_exporter says nothing of this node',
      width: 6,
      queries: [{ expr: promql`${DISK_WRITE_LATENCY}{${NODE}}`, legend: '{{device}}' }],
      lines: { critical: 'log-storm.disk_write_latency_seconds' },
      alerts: ['ForeshockNodeDiskStall'],
    },
    { ...hangingThreads, width: 6 },
  ],
};
