import type { PrometheusServer } from '../real/prometheus-server.ts';
import { STEP } from '../rules/replays/replay.ts';
import type { DashboardModel, VariableModel } from './model.ts';
import { queryInstant, type Range } from './query-api.ts';

/** What stands for `$name` in expressions: of the dashboard's variables and of Grafana's own. */
export type Scope = ReadonlyMap<string, string>;

/** All values are chosen. */
export const ALL = '$__all';

/** The scope of a dashboard over a range: of each variable what is chosen, or else all values, or the first. */
export async function scopeOf(
  server: PrometheusServer,
  { templating }: DashboardModel,
  range: Range,
  choice: Readonly<Record<string, string>>,
): Promise<Scope> {
  const scope = new Map(builtIn(range));
  for (const variable of templating.list) {
    const values = await valuesOf(server, variable, scope, range);
    scope.set(variable.name, chosen(variable, values, choice[variable.name]));
  }
  return scope;
}

/** An expression with the values in place of the variables, however they are written: `$name`, `${name}`, `${name:regex}`. */
export function interpolate(text: string, scope: Scope): string {
  return text.replaceAll(
    /\$(?:(\w+)|\{(\w+)(?::\w+)?\})/g,
    (match, bare, braced) => scope.get(bare ?? braced) ?? match,
  );
}

/** https://grafana.com/docs/grafana/latest/dashboards/variables/add-template-variables/#global-variables */
function builtIn({ from, to }: Range): [string, string][] {
  const seconds = to - from;
  return [
    ['__interval', `${STEP}s`],
    ['__interval_ms', `${STEP * 1000}`],
    // max(interval + scrape interval, 4 × scrape interval)
    ['__rate_interval', `${4 * STEP}s`],
    ['__range', `${seconds}s`],
    ['__range_s', `${seconds}`],
    ['__range_ms', `${seconds * 1000}`],
    ['__from', `${from * 1000}`],
    ['__to', `${to * 1000}`],
  ];
}

async function valuesOf(
  server: PrometheusServer,
  { name, type, query }: VariableModel,
  scope: Scope,
  { from, to }: Range,
): Promise<string[]> {
  const text = typeof query === 'object' ? query.query : (query ?? '');
  if (type === 'datasource') return [text];
  if (type !== 'query') throw new Error(`$${name}: variables of type ${type} are not known here`);
  const asked = interpolate(text, scope);
  const [, selector, label] = /^label_values\((?:(.+), *)?(\w+)\)$/s.exec(asked) ?? [];
  if (label !== undefined) {
    const match = selector === undefined ? '' : `&match[]=${encodeURIComponent(selector)}`;
    return server.api<string[]>(`label/${label}/values?start=${from}&end=${to}${match}`);
  }
  const [, expression] = /^query_result\((.+)\)$/s.exec(asked) ?? [];
  if (expression === undefined) throw new Error(`$${name}: ${asked} is not known here`);
  const { series } = await queryInstant(server, expression, to);
  return series.map(({ labels }) => JSON.stringify(labels));
}

function chosen({ name, includeAll, allValue }: VariableModel, values: string[], choice: string | undefined): string {
  const [first] = values;
  if (first === undefined) throw new Error(`$${name} has no values`);
  if (choice !== undefined && choice !== ALL) {
    if (!values.includes(choice)) throw new Error(`$${name} has no value ${choice}, but ${values.join(', ')}`);
    return choice;
  }
  return includeAll ? (allValue ?? `(${values.join('|')})`) : first;
}
