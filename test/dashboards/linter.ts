/**
 * The rules of github.com/grafana/dashboard-linter (Apache-2.0, by Grafana Labs), written anew from what its documentation
 * says of each: the linter itself is a program in Go. Rules about panels are stricter here: they are for all types.
 */
import type { Dashboard, Panel, VariableModel } from '@grafana/grafana-foundation-sdk/dashboard';
import * as units from '@grafana/grafana-foundation-sdk/units';
import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';

/** What is wrong, and with which panel or variable, if not with the dashboard. */
export interface Finding {
  readonly of: string;
  readonly problem: string;
}

export interface LintRule {
  readonly name: string;
  readonly check: (dashboard: Dashboard) => readonly Finding[];
}

/** A query of a Prometheus panel. */
interface Target {
  readonly expr: string;
  readonly refId: string;
  readonly datasource?: { readonly type?: string; readonly uid?: string };
}

export const LINT_RULES: readonly LintRule[] = [
  {
    name: 'template-datasource-rule',
    check: (dashboard) => {
      const sources = variables(dashboard).filter(({ type }) => type === 'datasource');
      if (sources.length === 0) return [{ of: '', problem: 'has no variable for the data source' }];
      return sources
        .filter(({ name, label }) => name !== 'datasource' || label !== 'Data source')
        .map(({ name, label }) => ({ of: name, problem: `is labelled ${label}` }));
    },
  },
  { name: 'template-job-rule', check: (dashboard) => wantsVariable(dashboard, 'job', 'Job') },
  { name: 'template-instance-rule', check: (dashboard) => wantsVariable(dashboard, 'instance', 'Instance') },
  {
    name: 'template-label-promql-rule',
    check: (dashboard) =>
      queryVariables(dashboard).flatMap((variable) => {
        const [, call = '', selector = ''] = /^(\w+)\((?:(.+), *)?\w*\)$/s.exec(queryOf(variable)) ?? [];
        if (!['label_names', 'label_values', 'metrics', 'query_result'].includes(call)) {
          return [{ of: variable.name, problem: `asks ${queryOf(variable)}` }];
        }
        return syntaxErrors(selector).map((problem) => ({ of: variable.name, problem }));
      }),
  },
  {
    name: 'template-on-time-change-reload-rule',
    check: (dashboard) =>
      queryVariables(dashboard)
        .filter(({ refresh }) => refresh !== 2)
        .map(({ name }) => ({ of: name, problem: 'is not asked for again when the time range changes' })),
  },
  {
    name: 'panel-datasource-rule',
    check: (dashboard) =>
      panels(dashboard).flatMap((panel) =>
        [panel, ...targets(panel)]
          .map(({ datasource }) => datasource?.uid)
          // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of Grafana's.
          .filter((uid) => uid !== '$datasource' && uid !== '${datasource}')
          .map((uid) => ({ of: titleOf(panel), problem: `has the data source ${uid}` })),
      ),
  },
  {
    name: 'panel-title-description-rule',
    check: (dashboard) =>
      panels(dashboard)
        .filter(({ title, description }) => !title || !description)
        .map((panel) => ({ of: titleOf(panel), problem: 'lacks a title or a description' })),
  },
  {
    name: 'panel-units-rule',
    check: (dashboard) =>
      panels(dashboard).flatMap((panel) =>
        unitsOf(panel)
          .filter((unit) => !Object.values(units).includes(unit as never))
          .map((unit) => ({ of: titleOf(panel), problem: `has the unit ${unit}` })),
      ),
  },
  {
    name: 'panel-no-targets-rule',
    check: (dashboard) =>
      panels(dashboard)
        .filter((panel) => targets(panel).length === 0)
        .map((panel) => ({ of: titleOf(panel), problem: 'has no targets' })),
  },
  { name: 'target-logql-rule', check: lokiTargets },
  { name: 'target-logql-auto-rule', check: lokiTargets },
  { name: 'target-promql-rule', check: (dashboard) => ofTargets(dashboard, ({ expr }) => syntaxErrors(expr)) },
  {
    name: 'target-rate-interval-rule',
    check: (dashboard) =>
      ofTargets(dashboard, ({ expr }) =>
        rangesIn(expr)
          .filter(({ call, range }) => ['rate', 'irate'].includes(call) && range !== RATE_INTERVAL)
          .map(({ call, range }) => `${call} over ${range} instead of $__rate_interval`),
      ),
  },
  { name: 'target-job-rule', check: (dashboard) => wantsMatcher(dashboard, 'job=~"$job"') },
  { name: 'target-instance-rule', check: (dashboard) => wantsMatcher(dashboard, 'instance=~"$instance"') },
  {
    name: 'target-counter-agg-rule',
    check: (dashboard) =>
      ofTargets(dashboard, ({ expr }) =>
        selectorsIn(expr)
          .filter(({ name }) => name.endsWith('_total'))
          .filter(({ call }) => !['rate', 'irate', 'increase'].includes(call))
          .map(({ name }) => `${name} is a counter`),
      ),
  },
  {
    name: 'uneditable-dashboard',
    check: ({ editable }) => (editable === false ? [] : [{ of: '', problem: 'can be edited' }]),
  },
];

/** All panels but rows. */
export function panels(dashboard: Dashboard): Panel[] {
  return (dashboard.panels ?? []).flatMap((panel) => ('collapsed' in panel ? panel.panels : [panel]));
}

export function targets(panel: Panel): Target[] {
  return (panel.targets ?? []) as unknown as Target[];
}

/** What stands for Grafana's interval while an expression is read: no range of ours is as odd. */
const RATE_INTERVAL = '239s';

/** An expression with something in place of Grafana's own variables; those in strings do not matter. */
function substituted(expr: string): string {
  return expr
    .replaceAll('$__rate_interval', RATE_INTERVAL)
    .replaceAll('$__range', '6h')
    .replaceAll('$__interval', '1m')
    .replaceAll('$__from', '0');
}

export function syntaxErrors(expr: string): string[] {
  const errors: string[] = [];
  const text = substituted(expr);
  parser.parse(text).iterate({
    enter: ({ type, from }) => {
      if (type.isError) errors.push(`not PromQL from here: ${text.slice(from)}`);
    },
  });
  return errors;
}

/** Selectors in an expression, and the function that each is directly given to. */
function selectorsIn(expr: string): { name: string; call: string }[] {
  const text = substituted(expr);
  return nodesIn(text, 'VectorSelector').map((node) => {
    const identifier = node.getChild('Identifier');
    return { name: identifier ? text.slice(identifier.from, identifier.to) : '', call: callAround(node, text) };
  });
}

/** Ranges in an expression, and the function that each is directly given to. */
function rangesIn(expr: string): { call: string; range: string }[] {
  const text = substituted(expr);
  return nodesIn(text, 'MatrixSelector').map((node) => ({
    call: callAround(node, text),
    range: /\[([^\]]+)\]$/.exec(text.slice(node.from, node.to))?.[1] ?? '',
  }));
}

function nodesIn(text: string, name: string): SyntaxNode[] {
  const nodes: SyntaxNode[] = [];
  parser.parse(text).iterate({
    enter: ({ name: found, node }) => {
      if (found === name) nodes.push(node);
    },
  });
  return nodes;
}

/** The nearest call of a function around a node, with only ranges, offsets and brackets between. */
function callAround(node: SyntaxNode, text: string): string {
  const between = ['MatrixSelector', 'StepInvariantExpr', 'OffsetExpr', 'ParenExpr', 'FunctionCallBody'];
  let outer = node.parent;
  while (outer && between.includes(outer.name)) outer = outer.parent;
  const called = outer?.name === 'FunctionCall' ? outer.firstChild : null;
  return called ? text.slice(called.from, called.to) : '';
}

function ofTargets(dashboard: Dashboard, problems: (target: Target) => readonly string[]): Finding[] {
  return panels(dashboard).flatMap((panel) =>
    targets(panel).flatMap((target) =>
      problems(target).map((problem) => ({ of: titleOf(panel), problem: `${target.refId}: ${problem}` })),
    ),
  );
}

function wantsMatcher(dashboard: Dashboard, matcher: string): Finding[] {
  return ofTargets(dashboard, ({ expr }) => (expr.includes(matcher) ? [] : [`lacks ${matcher}`]));
}

function wantsVariable(dashboard: Dashboard, name: string, label: string): Finding[] {
  const variable = variables(dashboard).find((one) => one.name === name);
  const sound =
    variable?.type === 'query' && variable.label === label && variable.multi === true && variable.allValue === '.+';
  return sound ? [] : [{ of: name, problem: 'is not a variable with several values' }];
}

/** Rules about queries of Loki: there shall be none. */
function lokiTargets(dashboard: Dashboard): Finding[] {
  return panels(dashboard).flatMap((panel) =>
    [panel, ...targets(panel)]
      .filter(({ datasource }) => datasource?.type !== 'prometheus')
      .map(({ datasource }) => ({ of: titleOf(panel), problem: `asks a ${datasource?.type}` })),
  );
}

function variables(dashboard: Dashboard): VariableModel[] {
  return dashboard.templating.list ?? [];
}

function queryVariables(dashboard: Dashboard): VariableModel[] {
  return variables(dashboard).filter(({ type }) => type === 'query');
}

function queryOf({ query }: VariableModel): string {
  return typeof query === 'object' ? String(query.query) : (query ?? '');
}

/** The unit of a panel, and those of single fields. */
function unitsOf({ fieldConfig }: Panel): unknown[] {
  const overrides = (fieldConfig?.overrides ?? []).flatMap(({ properties }) => properties);
  return [fieldConfig?.defaults.unit, ...overrides.filter(({ id }) => id === 'unit').map(({ value }) => value)];
}

function titleOf(panel: Panel): string {
  return panel.title ?? '';
}
