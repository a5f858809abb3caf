import { counter, gauge, type Sample, sample } from '../exposition/metric.ts';

export const refusedRequests = counter(
  'foreshock_web_requests_refused_total',
  'Number of HTTP requests answered with 503, by the limit that they exceeded.',
  ['reason'],
);
export const closedConnections = counter(
  'foreshock_web_connections_closed_total',
  'Number of HTTP connections that the exporter cut off, by the limit that they exceeded.',
  ['reason'],
);
export const reloadSuccessful = gauge(
  'foreshock_web_config_last_reload_successful',
  'Whether the web configuration in use is the one of its files (1) or not (0).',
);

/** Metrics of the web server. */
export const SERVER_METRICS = [refusedRequests, closedConnections, reloadSuccessful];

/** Counts what the web server refuses, from its start. */
export class ServerCounts {
  readonly refused = { requests: 0, passwords: 0 };
  readonly closed = { connections: 0, pipelined: 0, timeout: 0, unread: 0 };
  /** Whether the web configuration could be read when its files last changed. */
  reloadSuccessful = true;

  samples(): Sample[] {
    const byReason = (counts: Readonly<Record<string, number>>) => Object.entries(counts);
    return [
      ...byReason(this.refused).map(([reason, count]) => sample(refusedRequests, count, { reason })),
      ...byReason(this.closed).map(([reason, count]) => sample(closedConnections, count, { reason })),
      sample(reloadSuccessful, this.reloadSuccessful ? 1 : 0, {}),
    ];
  }
}

/** Why a connection was cut off. */
export type CloseReason = keyof ServerCounts['closed'];
