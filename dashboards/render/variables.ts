import {
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { renewTimestamp } from '../../exporter/cluster/watchers/heartbeats.ts';
import * as pids from '../../exporter/node/collectors/pids.ts';
import { promql } from '../../rules/promql.ts';
import { CLUSTER } from '../expressions.ts';

/** The data source that is chosen, not one of the Grafana that the dashboard was made with. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of Grafana's.
export const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };

/** Every node has one of them: the one of its own exporter, or of the cluster role. */
const EVERY_NODE = `__name__=~"${pids.used.name}|${renewTimestamp.name}"`;

export function datasource(): DatasourceVariableBuilder {
  return new DatasourceVariableBuilder('datasource').label('Data source').type('prometheus');
}

export function cluster(): QueryVariableBuilder {
  return labelValues('cluster', promql`{${EVERY_NODE}}`)
    .label('Cluster')
    .includeAll(true)
    .allValue('.*')
    .multi(true)
    .current({ selected: true, text: ['All'], value: ['$__all'] });
}

export function node(): QueryVariableBuilder {
  return labelValues('node', promql`{${EVERY_NODE},${CLUSTER}}`).label('Node');
}

function labelValues(label: string, selector: string): QueryVariableBuilder {
  const query = `label_values(${selector}, ${label})`;
  return new QueryVariableBuilder(label)
    .datasource(DATASOURCE)
    .query({ query, refId: label })
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.NaturalAsc);
}
