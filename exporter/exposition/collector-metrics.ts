import { counter, gauge } from './metric.ts';

const LABELS = ['collector'] as const;

export const success = gauge(
  'foreshock_collector_success',
  'Whether the last run of a collector read all it had to: 0 when it failed, missed something or is stuck. ' +
    'A host that has nothing to read is a success. In the cluster role, whether all it watches was listed and answers now.',
  LABELS,
);
export const duration = gauge(
  'foreshock_collector_duration_seconds',
  'How long the last run of a collector took; the cluster role, which watches all the time, has none.',
  LABELS,
);
export const lastSuccess = gauge(
  'foreshock_collector_last_success_timestamp_seconds',
  'When a collector last succeeded: the age of its other values. In the cluster role, when the API server last said ' +
    'something about each thing it watches, in quiet times once a minute.',
  LABELS,
);
export const timeouts = counter(
  'foreshock_collector_timeouts_total',
  'How often a run of a collector got stuck: it made no progress for the seconds of --collector.<name>.timeout. ' +
    'It is not started again before that run has ended. In the cluster role, how often the API server fell silent.',
  LABELS,
);

/** What every collector tells of itself. */
export const SELF_METRICS = [success, duration, lastSuccess, timeouts];
