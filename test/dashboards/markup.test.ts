import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderDashboards } from '../../dashboards/index.ts';
import { DEFAULT_SETTINGS } from '../../rules/settings.ts';
import { missing } from '../programs.ts';
import { runPromtool } from '../rules/promtool.ts';
import { annotationExpr, modelOf, panelsOf } from './model.ts';

const dashboards = renderDashboards(DEFAULT_SETTINGS).map(modelOf);

/** Variables of URLs that Grafana makes parameters of, or that are percent-encoded. */
const ENCODED = /^\$\{(?:\w+:queryparam|__url_time_range|__value\.text:percentencode)\}$/;

test('what a URL takes from a query is percent-encoded', () => {
  const urls = JSON.stringify(dashboards).match(/"url":"[^"]*"/g) ?? [];
  const variables = urls.flatMap((url) => url.match(/\$\{[^}]*\}|\$\w+|\[\[.*?\]\]/g) ?? []);
  assert.ok(variables.length > 0);
  for (const variable of variables) assert.match(variable, ENCODED);
});

test('no panel and no cell reads names as HTML or as Markdown', () => {
  const panels = dashboards.flatMap(panelsOf);
  assert.deepEqual([...new Set(panels.map(({ type }) => type))].sort(), [
    'bargauge',
    'stat',
    'state-timeline',
    'table',
    'timeseries',
  ]);
  const cells = JSON.stringify(panels).match(/"custom\.cellOptions","value":\{"type":"[^"]*"/g) ?? [];
  assert.ok(cells.length > 0);
  for (const cell of cells) assert.match(cell, /"color-(?:text|background)"$/);
});

test('marks over graphs, whose texts are HTML, show no name with markup in it', {
  skip: missing(['promtool']),
}, (t) => {
  const marks = dashboards.flatMap(({ annotations }) => annotations?.list ?? []);
  const shown = marks.flatMap(
    ({ titleFormat = '', textFormat = '' }) => `${titleFormat}${textFormat}`.match(/\w+(?=\}\})/g) ?? [],
  );
  assert.deepEqual([...new Set(shown)].sort(), ['alertname', 'culprit']);
  const [mark] = marks.filter(({ textFormat }) => textFormat?.includes('culprit'));
  const expr = (mark && annotationExpr(mark))?.replaceAll('$cluster', '.*').replaceAll('$node', 'n') ?? '';
  const alert = (container: string) =>
    `ALERTS{alertname="ForeshockX",alertstate="firing",severity="critical",node="n",namespace="shop",pod="web",container=${JSON.stringify(container)}}`;
  const containers = {
    app: 'shop web app ',
    été_1: 'shop web été_1 ',
    '<b>': undefined,
    'a\nb"': undefined,
    '&lt;': undefined,
  };
  const { ok, output } = runPromtool(
    t,
    [
      {
        name: 'marks',
        interval: '1m',
        input_series: Object.keys(containers).map((container) => ({ series: alert(container), values: '1' })),
        promql_expr_test: [
          {
            expr,
            eval_time: '0m',
            exp_samples: Object.entries(containers).map(
              ([container, culprit = '(a name with special characters)']) => ({
                labels: alert(container).replace(/\}$/, `,culprit=${JSON.stringify(culprit)}}`),
                value: 1,
              }),
            ),
          },
        ],
      },
    ],
    { signature: 'exporter' },
  );
  assert.ok(ok, output);
});
