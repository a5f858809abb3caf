import * as pids from '../../exporter/collectors/pids.ts';
import * as zombies from '../../exporter/collectors/zombies.ts';
import { OWNER_LABELS } from '../../exporter/containers/container.ts';
import { promql } from '../../rules/promql.ts';
import { NODE, perNode, withOwner } from '../expressions.ts';
import type { Row } from '../panel.ts';

export const zombiePileup: Row = {
  title: 'Zombie pile-up: a parent that does not reap uses up the process ids',
  panels: [
    {
      kind: 'graph',
      title: 'Process ids in use',
      description:
        'Threads, zombies included, against what the host can have. Healthy is below a third; in story 002 §1 19,782 zombies of 32,768.',
      story: 'zombie-pileup',
      unit: 'count',
      noData: 'The node role says nothing of this node',
      width: 8,
      queries: [
        { expr: perNode(promql`${pids.used}{${NODE}}`), legend: 'in use' },
        { expr: perNode(promql`${pids.limit}{${NODE}}`), legend: 'limit of the host', limit: true },
      ],
    },
    {
      kind: 'graph',
      title: 'Zombies',
      description:
        'Processes that ended and that nobody waits for, by container or unit; the ten largest of each moment. Healthy are a few; story 002 §1: 19,782.',
      story: 'zombie-pileup',
      unit: 'count',
      noData: 'The node role says nothing of this node',
      width: 8,
      queries: [
        {
          expr: withOwner(
            promql`topk(10, ${perNode(promql`${zombies.zombieProcesses}{${NODE}}`, ...OWNER_LABELS, 'cgroup')})`,
          ),
          legend: '{{owner}}{{cgroup}}',
        },
      ],
    },
    {
      kind: 'graph',
      title: 'Parents that do not reap',
      description:
        'Zombies by the command of their parent; the ten largest of each moment. Story 002 §1: supercronic, which is no init.',
      story: 'zombie-pileup',
      unit: 'count',
      noData: 'There are no zombies',
      width: 8,
      queries: [
        {
          expr: withOwner(
            promql`topk(10, ${perNode(promql`${zombies.parents}{${NODE}}`, ...OWNER_LABELS, 'cgroup', 'command')})`,
          ),
          legend: '{{command}} of {{owner}}{{cgroup}}',
        },
      ],
    },
  ],
};
