import { counter, gauge } from './metric.ts';

const LABELS = ['collector'] as const;

export const success = gauge(
  'foreshock_collector_success',
  'Whether the last run of the collector read everything (1) or not (0).',
  LABELS,
);
export const duration = gauge(
  'foreshock_collector_duration_seconds',
  'Seconds that the last run of the collector took.',
  LABELS,
);
export const lastSuccess = gauge(
  'foreshock_collector_last_success_timestamp_seconds',
  'Unix time in seconds when the collector last succeeded.',
  LABELS,
);
export const timeouts = counter(
  'foreshock_collector_timeouts_total',
  'Number of times that the collector got stuck.',
  LABELS,
);

export const truncatedValues = gauge(
  'foreshock_collector_truncated_label_values',
  'Number of label values of the collector that are cut because of their length.',
  LABELS,
);
export const droppedSeries = gauge(
  'foreshock_collector_dropped_series',
  'Number of series that the collector leaves out because a metric has too many.',
  LABELS,
);
export const unmeasured = gauge(
  'foreshock_containers_unmeasured',
  'Number of known containers that the collector could not measure, by reason.',
  ['collector', 'reason'],
);

/** Metrics of each collector's runs. */
export const COLLECTOR_METRICS = [success, duration, lastSuccess, timeouts, truncatedValues, droppedSeries, unmeasured];
