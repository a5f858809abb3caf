import { AnnotationQueryBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import type { Severity } from '../../rules/settings.ts';
import { firing } from '../alerts.ts';
import { CLUSTER, NODE, ofTarget } from '../expressions.ts';
import { DATASOURCE } from './variables.ts';

/** What happened to the chosen node, over its graphs. */
export function annotations(): AnnotationQueryBuilder[] {
  // Of warnings there can be many, for hours: who wants to see them switches them on.
  return [alerts('critical', 'red'), alerts('warning', 'orange').enable(false), reboots()];
}

function alerts(severity: Severity, color: string): AnnotationQueryBuilder {
  return annotation(`Alerts: ${severity}`, color, firing(severity, NODE))
    .titleFormat('{{alertname}}')
    .textFormat('{{namespace}} {{pod}} {{container}} {{device}}')
    .tagKeys('severity,signature');
}

/** Marked when it booted, not when that was first seen. */
function reboots(): AnnotationQueryBuilder {
  return annotation('Reboots', 'blue', `1000 * ${ofTarget(`node_boot_time_seconds{${CLUSTER}}`)} > $__from`)
    .titleFormat('{{node}} booted')
    .useValueForTime(true);
}

function annotation(name: string, color: string, expr: string): AnnotationQueryBuilder {
  return (
    new AnnotationQueryBuilder()
      .name(name)
      .datasource(DATASOURCE)
      .enable(true)
      .iconColor(color)
      // Where Grafana 10 looks for it, and where later ones do.
      .expr(expr)
      .target(new DataqueryBuilder().refId('Anno').expr(expr).range())
  );
}
