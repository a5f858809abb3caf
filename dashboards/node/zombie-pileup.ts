import * as pids from '../../exporter/node/collectors/pids.ts';
import { OWNER_LABELS } from '../../exporter/node/containers/container.ts';
import { promql } from '../../rules/promql.ts';
import { PIDS_LIMIT, PIDS_USED, ZOMBIE_PARENTS, ZOMBIES } from '../../rules/signatures/zombie-pileup.ts';
import type { DashboardContext } from '../context.ts';
import { largest, MAX_SERIES, withOwner } from '../expressions.ts';
import { NO_NODE_ROLE } from '../no-data.ts';
import type { Row, TimeSeries } from '../panel.ts';

export function zombiePileup(context: DashboardContext): Row {
  return {
    title: 'Zombie pile-up: a parent that does not reap its children uses up the PIDs',
    panels: [pidsShare(context), zombies(context), parents(context), failedForks(context)],
  };
}

/** PIDs in use, as a share of those that the host can have. */
export function pidsInUse({ chosenNode }: DashboardContext): string {
  return promql`${PIDS_USED}{${chosenNode}} / ${PIDS_LIMIT}{${chosenNode}}`;
}

function pidsShare(context: DashboardContext): TimeSeries {
  const { threshold } = context;
  return {
    kind: 'timeseries',
    title: 'PIDs of threads and zombies',
    description: 'As a share of the PIDs that the host can have.',
    story: 'Story 002 §1: 19,782 zombies were most of 32,768.',
    signature: 'zombie-pileup',
    unit: 'ratio',
    noData: NO_NODE_ROLE,
    width: 6,
    max: 1,
    queries: [{ expr: pidsInUse(context), legend: 'in use' }],
    thresholds: {
      warning: threshold('zombie-pileup.pids_near_limit'),
      critical: threshold('zombie-pileup.pids_exhausted'),
    },
    alerts: ['ForeshockPidsNearLimit', 'ForeshockPidsExhausted'],
  };
}

function zombies({ chosenNode, threshold }: DashboardContext): TimeSeries {
  return {
    kind: 'timeseries',
    title: 'Zombies',
    description:
      'Processes that exited and were not reaped by their parent, by container or cgroup: ' +
      `the ${MAX_SERIES} largest in the time range.`,
    signature: 'zombie-pileup',
    unit: 'count',
    noData: 'No zombies',
    width: 6,
    queries: [{ expr: withOwner(largest(promql`${ZOMBIES}{${chosenNode}}`), 'cgroup'), legend: '{{owner}}' }],
    thresholds: { warning: threshold('zombie-pileup.zombies') },
    alerts: ['ForeshockZombiePileup'],
  };
}

function parents({ chosenNode }: DashboardContext): TimeSeries {
  return {
    kind: 'timeseries',
    title: 'Parents that do not reap',
    description: `Zombies by the command of their parent: the ${MAX_SERIES} largest in the time range.`,
    healthy: 'a handful, for a moment',
    story: 'Story 002 §1: supercronic, which is no init process.',
    signature: 'zombie-pileup',
    unit: 'count',
    noData: 'No zombies',
    width: 6,
    queries: [
      {
        expr: withOwner(largest(promql`${ZOMBIE_PARENTS}{${chosenNode}}`), 'cgroup'),
        legend: '{{command}} in {{owner}}',
      },
    ],
    alerts: ['ForeshockZombiePileup'],
  };
}

function failedForks({ chosenTarget, perNode }: DashboardContext): TimeSeries {
  return {
    kind: 'timeseries',
    title: 'Failed forks',
    description: `Forks that failed at the PID limit of the container itself, in each step: the ${MAX_SERIES} largest.`,
    healthy: 'none',
    story: 'Story 002 §1: none, because nothing limited the zombies.',
    signature: 'zombie-pileup',
    unit: 'count',
    noData: NO_NODE_ROLE,
    width: 6,
    events: true,
    queries: [
      {
        expr: withOwner(
          promql`topk(${MAX_SERIES}, ${perNode(promql`increase(${pids.limitHits}{${chosenTarget}}[$__rate_interval])`, ...OWNER_LABELS)})`,
        ),
        legend: '{{owner}}',
      },
    ],
    alerts: ['ForeshockContainerPidsLimitHit'],
  };
}
