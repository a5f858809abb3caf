import { promql } from '../../rules/promql.ts';
import { LAYER_BYTES, LOG_BYTES } from '../../rules/series/disk-owners.ts';
import { LOG_RATE } from '../../rules/signatures/log-storm.ts';
import { CLUSTER, withOwner } from '../expressions.ts';
import type { Row, Table } from '../panel.ts';

const topContainers = (
  panel: Pick<Table, 'title' | 'description' | 'story' | 'unit' | 'sortBy'>,
  series: string,
): Table => ({
  ...panel,
  kind: 'table',
  noData: 'No container has this',
  width: 8,
  height: 10,
  labels: { node: 'Node', cluster: 'Cluster', owner: 'Container' },
  columns: [
    {
      title: panel.sortBy,
      expr: promql`max by (cluster, node, owner) (${withOwner(promql`topk(15, ${series})`)})`,
    },
  ],
});

export const containers: Row = {
  title: 'Which containers write most?',
  panels: [
    topContainers(
      {
        title: 'Fastest logs',
        description:
          'Bytes a second, the fastest five minutes of the last hour. Healthy is 0.1 MB/s; in story 004 60 MB/s.',
        story: 'log-storm',
        sortBy: 'Log rate',
        unit: 'bytes/second',
      },
      promql`max_over_time(${LOG_RATE}{${CLUSTER}}[1h])`,
    ),
    topContainers(
      {
        title: 'Largest logs',
        description: 'With what was rotated. Healthy are 30 to 1000 MB where a limit holds; in story 004 12 GB.',
        story: 'log-storm',
        sortBy: 'Log size',
        unit: 'bytes',
      },
      promql`${LOG_BYTES}{${CLUSTER}}`,
    ),
    topContainers(
      {
        title: 'Largest writable layers',
        description: 'What was written outside volumes. Healthy are some MB; in story 001 5.0 GB.',
        story: 'disk-pressure-loop',
        sortBy: 'Layer size',
        unit: 'bytes',
      },
      promql`${LAYER_BYTES}{${CLUSTER}}`,
    ),
  ],
};
