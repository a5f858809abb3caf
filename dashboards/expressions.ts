import type { Metric } from '../exporter/exposition/metric.ts';
import { OWNER_LABELS } from '../exporter/node/containers/container.ts';
import type { PrometheusDuration } from '../rules/format.ts';
import { promql } from '../rules/promql.ts';
import type { DashboardContext } from './context.ts';

/** How many series a graph of containers or nodes shows at most. */
export const MAX_SERIES = 10;

/** The series that were largest at any time of the range, rather than others at each moment. */
export function largest(series: string): string {
  return promql`
    ${series}
    and
    topk(${MAX_SERIES}, max_over_time(${series}[$__range] @ end()))`;
}

/** With a label `owner`: namespace/pod/container, or the name of a Docker container, or else the values of `more` labels. */
export function withOwner(expr: string, ...more: readonly string[]): string {
  const labels = [...OWNER_LABELS, ...more].map((label) => `"${label}"`).join(', ');
  return promql`
    label_replace(
      label_join(
        ${expr},
        "owner", "/", ${labels}
      ),
      "owner", "$1", "owner", "/*(.+?)/*"
    )`;
}

/** A quantile of the observations of a histogram in each step, or in another range, by node and more labels. */
export function quantile(
  ratio: number,
  histogram: Metric,
  matchers: string,
  { perNode }: DashboardContext,
  {
    by = [],
    range = '$__rate_interval',
  }: { by?: readonly string[]; range?: PrometheusDuration | '$__rate_interval' } = {},
): string {
  const rates = perNode(promql`rate(${histogram}_bucket{${matchers}}[${range}])`, ...by, 'le');
  return promql`histogram_quantile(${ratio}, ${rates})`;
}
