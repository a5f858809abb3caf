import * as heartbeats from '../exporter/cluster/watchers/heartbeats.ts';
import * as pids from '../exporter/node/collectors/pids.ts';
import { NOT_PLAIN_TEXT } from '../rules/labels.ts';
import { promql } from '../rules/promql.ts';
import { KUBELET_NODE } from '../rules/series/node-identity.ts';
import type { Severity } from '../rules/settings.ts';
import { PIDS_USED } from '../rules/signatures/zombie-pileup.ts';
import { firing } from './alerts.ts';
import type { DashboardContext } from './context.ts';
import type { Annotation, Scope, Variable } from './dashboard.ts';

/** All nodes of the chosen clusters. */
export function clusters(context: DashboardContext): Scope {
  return { of: 'clusters', variables: [clusterVariable(context)], annotations: [] };
}

/** One chosen node, with its critical alerts and reboots marked over the graphs. */
export function oneNode(context: DashboardContext): Scope {
  return {
    of: 'node',
    variables: [clusterVariable(context), nodeVariable(context)],
    // Warnings can be many, for hours.
    annotations: [
      alertMarks('critical', 'red', context),
      { ...alertMarks('warning', 'orange', context), hidden: true },
      reboots(context),
    ],
  };
}

function clusterVariable(context: DashboardContext): Variable {
  const { cluster } = context;
  return {
    name: 'cluster',
    label: 'Cluster',
    selector: promql`{${everyNode(context)}}`,
    valuesOf: cluster,
    multi: true,
  };
}

function nodeVariable(context: DashboardContext): Variable {
  const { chosenClusters } = context;
  return { name: 'node', label: 'Node', selector: promql`{${everyNode(context)},${chosenClusters}}`, valuesOf: 'node' };
}

/**
 * Matches at least one series of each node, from its own exporter or from the cluster role. Where the node label of
 * targets has another name, only recorded series have the label `node`.
 */
function everyNode({ targetNode }: DashboardContext): string {
  const scraped = `${pids.used.name}|${heartbeats.renewTimestamp.name}`;
  const recorded = `${PIDS_USED}|${KUBELET_NODE}`;
  return `__name__=~"${targetNode === 'node' ? scraped : recorded}"`;
}

function alertMarks(severity: Severity, color: Annotation['color'], { chosenNode }: DashboardContext): Annotation {
  return {
    name: `Alerts: ${severity}`,
    color,
    expr: withCulprit(firing(severity, chosenNode)),
    title: '{{alertname}}',
    text: '{{culprit}}',
    tags: ['severity', 'signature'],
  };
}

/** With a label `culprit`; Grafana reads the texts of marks as HTML, so that a name with markup in it does not appear. */
function withCulprit(expr: string): string {
  const markup = JSON.stringify(`(?s:.*${NOT_PLAIN_TEXT}.*)`);
  return promql`
    label_replace(
      label_join(
        ${expr},
        "culprit", " ", "namespace", "pod", "container", "device"
      ),
      "culprit", "(a name with special characters)", "culprit", ${markup}
    )`;
}

/** Marks the time of boot rather than the first scrape after it. */
function reboots({ chosenClusters, perChosenTarget }: DashboardContext): Annotation {
  return {
    name: 'Reboots',
    color: 'blue',
    expr: `1000 * ${perChosenTarget(`node_boot_time_seconds{${chosenClusters}}`)} > $__from`,
    title: 'Booted',
    valueIsTime: true,
  };
}
