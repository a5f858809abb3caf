import type { PrometheusServer } from '../../real/prometheus-server.ts';
import { STEP } from '../../rules/replays/replay.ts';
import { legendOf } from '../fields.ts';
import { type AnnotationModel, annotationExpr, type DashboardModel } from '../model.ts';
import { queryRange, type Range, type Series } from '../query-api.ts';
import { interpolate, type Scope } from '../variables.ts';
import type { Mark } from './content.ts';

/** What the annotations that a dashboard shows at first mark within a range. */
export async function marksOf(
  server: PrometheusServer,
  { annotations }: DashboardModel,
  scope: Scope,
  range: Range,
): Promise<Mark[]> {
  const marks: Mark[] = [];
  for (const annotation of annotations?.list ?? []) {
    const expr = annotationExpr(annotation);
    if (expr === undefined || !annotation.enable) continue;
    const { series } = await queryRange(server, interpolate(expr, scope), range, STEP);
    marks.push(...series.flatMap((one) => marksOfSeries(annotation, one)));
  }
  return marks;
}

/** Moments next to each other are one mark; where values are times in milliseconds, these are marked. */
function marksOfSeries(
  { iconColor = 'red', titleFormat = '', useValueForTime }: AnnotationModel,
  series: Series,
): Mark[] {
  const style = { color: iconColor, title: legendOf(titleFormat, series.labels) };
  if (useValueForTime) {
    return [...new Set(series.values.map(([, value]) => value / 1000))].map((time) => ({
      from: time,
      to: time,
      ...style,
    }));
  }
  const marks: (Range & typeof style)[] = [];
  for (const [time] of series.values) {
    const last = marks.at(-1);
    if (last !== undefined && time - last.to <= STEP) marks[marks.length - 1] = { ...last, to: time };
    else marks.push({ from: time, to: time, ...style });
  }
  return marks;
}
