import { limitHits } from '../../exporter/node/collectors/pids.ts';
import { OWNER_LABELS } from '../../exporter/node/containers/container.ts';
import { promql } from '../../rules/promql.ts';
import { PIDS_LIMIT, PIDS_USED, ZOMBIE_PARENTS, ZOMBIES } from '../../rules/signatures/zombie-pileup.ts';
import { largest, NODE, perNode, withOwner } from '../expressions.ts';
import type { Row } from '../panel.ts';

const NO_NODE_ROLE = 'The node role says nothing of this node';

/** Process ids in use, as a share of what the host can have. */
export const PIDS_SHARE = promql`${PIDS_USED}{${NODE}} / ${PIDS_LIMIT}{${NODE}}`;

export const zombiePileup: Row = {
  title: 'Zombie pile-up: a parent that does not reap uses up the process ids',
  panels: [
    {
      kind: 'graph',
      title: 'Process ids in use',
      description:
        'Threads, zombies included, as a share of what the host can have. In story 002 §1 19,782 zombies were most of 32,768.',
      story: 'zombie-pileup',
      unit: 'ratio',
      noData: NO_NODE_ROLE,
      width: 6,
      max: 1,
      queries: [{ expr: PIDS_SHARE, legend: 'in use' }],
      lines: { warning: 'zombie-pileup.pids_near_limit', critical: 'zombie-pileup.pids_exhausted' },
      alerts: ['ForeshockPidsNearLimit', 'ForeshockPidsExhausted'],
    },
    {
      kind: 'graph',
      title: 'Zombies',
      description:
        'Processes that ended and that nobody waits for, by container or unit; the ten largest of the time range.',
      story: 'zombie-pileup',
      unit: 'count',
      noData: NO_NODE_ROLE,
      width: 6,
      queries: [{ expr: withOwner(largest(10, promql`${ZOMBIES}{${NODE}}`), 'cgroup'), legend: '{{owner}}' }],
      lines: { warning: 'zombie-pileup.zombies' },
      alerts: ['ForeshockZombiePileup'],
    },
    {
      kind: 'graph',
      title: 'Parents that do not reap',
      description:
        'Zombies by the command of their parent; the ten largest of the time range. Healthy are a handful for a moment; in story 002 §1 supercronic, which is no init.',
      story: 'zombie-pileup',
      unit: 'count',
      noData: 'There are no zombies',
      width: 6,
      queries: [
        {
          expr: withOwner(largest(10, promql`${ZOMBIE_PARENTS}{${NODE}}`), 'cgroup'),
          legend: '{{command}} in {{owner}}',
        },
      ],
      alerts: ['ForeshockZombiePileup'],
    },
    {
      kind: 'graph',
      title: 'Forks that fail',
      description:
        "At the limit of a container's own, in each step: the node has ids left, the container has not. Healthy are none, as in story 002 §1, where nothing bounded the zombies.",
      story: 'zombie-pileup',
      unit: 'count',
      noData: NO_NODE_ROLE,
      width: 6,
      events: true,
      queries: [
        {
          expr: withOwner(
            promql`topk(10, ${perNode(promql`increase(${limitHits}{${NODE}}[$__rate_interval])`, ...OWNER_LABELS)})`,
          ),
          legend: '{{owner}}',
        },
      ],
      alerts: ['ForeshockContainerPidsLimitHit'],
    },
  ],
};
