import { duration } from '../../rules/format.ts';
import { promql } from '../../rules/promql.ts';
import { DIRECTORY_BYTES } from '../../rules/series/disk-owners.ts';
import type { DashboardContext } from '../context.ts';
import { MAX_SERIES, withOwner } from '../expressions.ts';
import { NO_WRITABLE_LAYERS } from '../no-data.ts';
import type { Row, Table, TimeSeries } from '../panel.ts';
import { layerSize } from '../panels/disk.ts';
import { LAYER_RANGE, layerGrowth } from './expressions.ts';

export function writableLayers(context: DashboardContext): Row {
  return { title: 'Writable layers', panels: [layerSize(context), largestDirectories(context), growth(context)] };
}

/** How many directories the table shows at most. */
const MAX_DIRECTORIES = 30;

function largestDirectories({ chosenNode }: DashboardContext): Table {
  return {
    kind: 'table',
    title: 'Largest directories',
    description:
      `The ${MAX_DIRECTORIES} largest directories in large writable layers, by their path in the container. ` +
      'A directory includes those below it.',
    story: 'Story 001: 4.9 of 5.0 GB in /log.',
    signature: 'disk-pressure-loop',
    unit: 'bytes',
    noData: 'No large writable layer',
    width: 12,
    height: 9,
    labels: { namespace: 'Namespace', pod: 'Pod', container: 'Container', directory: 'Directory' },
    columns: [{ title: 'Size', expr: promql`topk(${MAX_DIRECTORIES}, ${DIRECTORY_BYTES}{${chosenNode}})` }],
    sortBy: 'Size',
  };
}

function growth(context: DashboardContext): TimeSeries {
  return {
    kind: 'timeseries',
    title: 'Writable layer growth',
    description: `Averaged over ${duration(LAYER_RANGE)}: the ${MAX_SERIES} fastest at each moment.`,
    healthy: 'near 0',
    signature: 'disk-pressure-loop',
    unit: 'bytes/second',
    noData: NO_WRITABLE_LAYERS,
    width: 24,
    queries: [{ expr: withOwner(promql`topk(${MAX_SERIES}, ${layerGrowth(context)})`), legend: '{{owner}}' }],
    legendTable: true,
  };
}
