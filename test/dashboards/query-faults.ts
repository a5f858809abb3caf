import type { PrometheusServer } from '../real/prometheus-server.ts';
import type { Replay } from '../rules/replays/replay.ts';
import { ask, configOf, legendOf } from './fields.ts';
import { annotationExpr, type DashboardModel } from './model.ts';
import { implausible } from './plausible.ts';
import { type Answer, queryRange, type Range } from './query-api.ts';
import { choiceOf, rangeOf, worstOf } from './stories.ts';
import { type DeclaredTarget, replaysOf } from './targets.ts';
import { interpolate, type Scope, scopeOf } from './variables.ts';

/** What a query may take, by the server's own clock. */
const SECONDS = 1;

/** What is wrong with the queries of a dashboard when they are asked in the stories that they are for. */
export async function queryFaults(
  server: PrometheusServer,
  model: DashboardModel,
  targets: readonly DeclaredTarget[],
): Promise<string[]> {
  const faults: string[] = [];
  for (const declared of targets) {
    const { panel, target, signature } = declared;
    const found = await targetFaults(server, model, declared);
    faults.push(...found.map((fault) => `${panel.title}, ${target.refId} (${signature}): ${fault}`));
  }
  return faults;
}

async function targetFaults(
  server: PrometheusServer,
  model: DashboardModel,
  declared: DeclaredTarget,
): Promise<string[]> {
  const { target, signature } = declared;
  const replays = replaysOf(signature);
  if (replays.length === 0) return ['no replay of its signature'];
  for (const replay of replays) {
    const range = target.instant ? worstOf([replay]) : rangeOf(replay);
    const scope = await scopeOf(server, model, range, choiceOf(replay));
    const answer = await quickest(() => ask(server, target, scope, range));
    if (answer.series.length > 0) return answerFaults(declared, answer);
  }
  return ['no data'];
}

/** Asks again when an answer took too long: the machine may have been busy. */
async function quickest(ask: () => Promise<Answer>): Promise<Answer> {
  let best = await ask();
  for (let attempt = 1; attempt < 3 && best.seconds >= SECONDS; attempt++) {
    const again = await ask();
    if (again.seconds < best.seconds) best = again;
  }
  return best;
}

function answerFaults({ panel, target, source }: DeclaredTarget, { series, seconds }: Answer): string[] {
  const faults = seconds < SECONDS ? [] : [`takes ${seconds} s`];
  const legends = series.map(({ labels }) => legendOf(target.legendFormat ?? '', labels));
  if (source.kind === 'table') {
    const empty = Object.keys(source.labels).filter((label) => series.every(({ labels }) => !labels[label]));
    faults.push(...empty.map((label) => `nothing has the label ${label}`));
  } else {
    // `{{owner}}{{cgroup}}` is the one or the other.
    const parts = (target.legendFormat ?? '').match(/(\{\{ *\w+ *\}\})+/g) ?? [];
    const empty = parts.filter((part) => series.some(({ labels }) => legendOf(part, labels) === ''));
    faults.push(...empty.map((part) => `something has no ${part}`));
    if (new Set(legends).size < legends.length) faults.push(`several are called the same: ${legends.join(', ')}`);
  }
  for (const [index, { values }] of series.entries()) {
    const name =
      source.kind === 'table' ? columnOf(source.columns, panel.targets ?? [], target) : (legends[index] ?? '');
    const config = configOf(panel, name, target.refId);
    // NaN is a gap in a line, as of a quantile while nothing is observed.
    const numbers = target.instant ? values : values.filter(([, value]) => !Number.isNaN(value));
    if (numbers.length === 0) faults.push(`${name} is never a number`);
    const wrong = numbers.map(([time, value]) => implausible(value, time, config)).find((fault) => fault !== undefined);
    if (wrong !== undefined) faults.push(`${name} ${wrong}`);
  }
  return faults;
}

/** The column that a target's values are in. */
function columnOf<Target>(columns: readonly { readonly title: string }[], targets: readonly Target[], target: Target) {
  return columns[targets.indexOf(target)]?.title ?? '';
}

/** What is wrong with the annotations of a dashboard: each must mark something in some replay. */
export async function annotationFaults(
  server: PrometheusServer,
  model: DashboardModel,
  replays: readonly Replay[],
): Promise<string[]> {
  const faults: string[] = [];
  for (const annotation of model.annotations?.list ?? []) {
    const expr = annotationExpr(annotation);
    if (expr === undefined) continue;
    let marked = false;
    for (const replay of replays) {
      // From the day before, when all nodes of the replays booted.
      const range = { from: rangeOf(replay).from - 2 * 86400, to: rangeOf(replay).to };
      const { series } = await annotationAnswer(server, model, expr, range, replay);
      marked ||= series.length > 0;
      if (series.some(({ labels }) => legendOf(annotation.titleFormat ?? '', labels).trim() === '')) {
        faults.push(`${annotation.name}: without a title`);
      }
    }
    if (!marked) faults.push(`${annotation.name}: marks nothing in any replay`);
  }
  return faults;
}

async function annotationAnswer(
  server: PrometheusServer,
  model: DashboardModel,
  expr: string,
  range: Range,
  replay: Replay,
): Promise<Answer> {
  const scope: Scope = await scopeOf(server, model, range, choiceOf(replay));
  return queryRange(server, interpolate(expr, scope), range, 300);
}
