import type { PrometheusServer } from '../real/prometheus-server.ts';

/** Unix times, both included. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** One series of an answer. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  /** [Unix time, value]. */
  readonly values: readonly (readonly [number, number])[];
}

/** Series, and the seconds that Prometheus took for them. */
export interface Answer {
  readonly series: readonly Series[];
  readonly seconds: number;
}

interface Data {
  readonly result: readonly {
    readonly metric: Record<string, string>;
    readonly values?: readonly [number, string][];
    readonly value?: readonly [number, string];
  }[];
  readonly stats?: { readonly timings: { readonly execTotalTime: number } };
}

/** Asks for a range. */
export function queryRange(server: PrometheusServer, query: string, { from, to }: Range, step: number) {
  return ask(server, 'query_range', { query, start: String(from), end: String(to), step: String(step) });
}

/** Asks for a moment: a range of one value. */
export function queryInstant(server: PrometheusServer, query: string, time: number) {
  return ask(server, 'query', { query, time: String(time) });
}

async function ask(server: PrometheusServer, path: string, parameters: Record<string, string>): Promise<Answer> {
  const { result, stats } = await server.api<Data>(`${path}?${new URLSearchParams({ ...parameters, stats: 'all' })}`);
  return {
    series: result.map(({ metric, values, value }) => ({
      labels: metric,
      values: (values ?? (value ? [value] : [])).map(([time, text]) => [time, numberOf(text)] as const),
    })),
    seconds: stats?.timings.execTotalTime ?? 0,
  };
}

function numberOf(text: string): number {
  return Number(text.replace('Inf', 'Infinity'));
}
