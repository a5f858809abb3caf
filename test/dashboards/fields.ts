import type { PrometheusServer } from '../real/prometheus-server.ts';
import { STEP } from '../rules/replays/replay.ts';
import type { FieldConfig, Mapping, Override, PanelModel, TargetModel } from './model.ts';
import { type Answer, queryInstant, queryRange, type Range, type Series } from './query-api.ts';
import { interpolate, type Scope } from './variables.ts';

/** A series as a panel shows it. */
export interface Field extends Series {
  readonly refId: string;
  /** What the legend calls it. */
  readonly name: string;
  readonly config: FieldConfig;
}

/** Asks a target's query as Grafana does. */
export function ask(server: PrometheusServer, target: TargetModel, scope: Scope, range: Range): Promise<Answer> {
  const query = interpolate(target.expr, scope);
  return target.instant ? queryInstant(server, query, range.to) : queryRange(server, query, range, STEP);
}

/** What a panel shows of its targets' answers. */
export async function fieldsOf(
  server: PrometheusServer,
  panel: PanelModel,
  scope: Scope,
  range: Range,
): Promise<Field[]> {
  const fields: Field[] = [];
  for (const target of panel.targets ?? []) {
    const { series } = await ask(server, target, scope, range);
    fields.push(...series.map((one) => fieldOf(panel, target, one)));
  }
  return fields;
}

function fieldOf(panel: PanelModel, { refId, legendFormat }: TargetModel, { labels, values }: Series): Field {
  const name = legendFormat ? legendOf(legendFormat, labels) : JSON.stringify(labels);
  return { refId, name, labels, values, config: configOf(panel, name, refId) };
}

/** `{{label}}` replaced by the label's value. */
export function legendOf(format: string, labels: Readonly<Record<string, string>>): string {
  return format.replaceAll(/\{\{ *(\w+) *\}\}/g, (_, label) => labels[label] ?? '');
}

/** The configuration of a field by its name and its query's refId: the panel's, and what it sets apart. */
export function configOf({ fieldConfig }: PanelModel, name: string, refId: string): FieldConfig {
  const { defaults = {}, overrides = [] } = fieldConfig ?? {};
  const config = structuredClone(defaults) as FieldConfig & { custom?: Record<string, unknown> };
  for (const { id, value } of overrides.filter((one) => matches(one, name, refId)).flatMap((one) => one.properties)) {
    if (id.startsWith('custom.')) config.custom = { ...config.custom, [id.slice('custom.'.length)]: value };
    else Object.assign(config, { [id]: value });
  }
  return config;
}

function matches({ matcher: { id, options } }: Override, name: string, refId: string): boolean {
  switch (id) {
    case 'byName':
      return options === name;
    case 'byRegexp':
      return new RegExp(String(options).replace(/^\/(.*)\/$/, '$1')).test(name);
    case 'byFrameRefID':
      return options === refId;
    default:
      throw new Error(`the matcher ${id} is not known here`);
  }
}

/** What a mapping makes of a value. */
export function mapped(value: number, { mappings = [] }: FieldConfig): { text?: string; color?: string } | undefined {
  return mappings.map((mapping) => byMapping(value, mapping)).find((result) => result !== undefined);
}

function byMapping(value: number, mapping: Mapping) {
  switch (mapping.type) {
    case 'value':
      return mapping.options[String(value)] ?? mapping.options[String(value).replace('Infinity', 'Inf')];
    case 'range': {
      const { from, to, result } = mapping.options;
      return value >= (from ?? -Infinity) && value <= (to ?? Infinity) ? result : undefined;
    }
    case 'special':
      return mapping.options.match.startsWith('nan') && Number.isNaN(value) ? mapping.options.result : undefined;
  }
}
