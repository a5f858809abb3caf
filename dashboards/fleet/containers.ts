import { duration, type PrometheusDuration } from '../../rules/format.ts';
import { promql } from '../../rules/promql.ts';
import { LAYER_BYTES, LOG_BYTES } from '../../rules/series/disk-owners.ts';
import { LOG_RATE } from '../../rules/signatures/log-storm.ts';
import type { DashboardContext } from '../context.ts';
import { withOwner } from '../expressions.ts';
import { NO_CONTAINERS } from '../no-data.ts';
import type { Row, Table } from '../panel.ts';
import { windowOf } from '../series-name.ts';

/** Time range of the fastest logs. */
const LOG_RATE_RANGE: PrometheusDuration = '1h';

/** How many containers a table shows at most. */
const MAX_ROWS = 15;

export function containers(context: DashboardContext): Row {
  const { chosenClusters } = context;
  return {
    title: 'Which containers write the most?',
    panels: [
      topContainers(
        {
          title: 'Fastest logs',
          description: `Bytes written per second, averaged over ${windowOf(LOG_RATE)}: the highest value within ${duration(LOG_RATE_RANGE)}.`,
          healthy: 'up to 0.1 MB/s',
          story: 'Story 004: 60 MB/s.',
          signature: 'log-storm',
          sortBy: 'Log rate',
          unit: 'bytes/second',
        },
        promql`max_over_time(${LOG_RATE}{${chosenClusters}}[${LOG_RATE_RANGE}])`,
        context,
      ),
      topContainers(
        {
          title: 'Largest logs',
          description: 'Disk space of logs, including rotated files.',
          healthy: '30 to 1000 MB with a limit',
          story: 'Story 004: 12 GB.',
          signature: 'log-storm',
          sortBy: 'Log size',
          unit: 'bytes',
        },
        promql`${LOG_BYTES}{${chosenClusters}}`,
        context,
      ),
      topContainers(
        {
          title: 'Largest writable layers',
          description: 'Bytes written outside of volumes.',
          healthy: 'some MB',
          story: 'Story 001: 5.0 GB.',
          signature: 'disk-pressure-loop',
          sortBy: 'Layer size',
          unit: 'bytes',
        },
        promql`${LAYER_BYTES}{${chosenClusters}}`,
        context,
      ),
    ],
  };
}

function topContainers(
  panel: Pick<Table, 'title' | 'description' | 'healthy' | 'story' | 'signature' | 'unit' | 'sortBy'>,
  series: string,
  { cluster, nodeLabels }: DashboardContext,
): Table {
  return {
    ...panel,
    kind: 'table',
    noData: NO_CONTAINERS,
    width: 8,
    height: 10,
    labels: { node: 'Node', [cluster]: 'Cluster', owner: 'Container' },
    columns: [
      {
        title: panel.sortBy,
        expr: promql`max by (${nodeLabels}, owner) (${withOwner(promql`topk(${MAX_ROWS}, ${series})`)})`,
      },
    ],
  };
}
