import { BATCHES, during } from './quiet-week-times.ts';
import { type Course, type Labels, series } from './series.ts';

/** The container of each night, which logs 2 MB/s and is gone in the morning. */
export function batchJob(labels: Labels): [string, Course][] {
  const batch = { ...labels, namespace: 'data', pod: 'nightly-28', container: 'batch' };
  const since = (course: (seconds: number) => number): Course => {
    return (second) => {
      const night = during(BATCHES, second);
      return night && course(second - night.from);
    };
  };
  return [
    series(
      'foreshock_container_info',
      { ...batch, container_id: 'containerd://batch', runtime: 'containerd' },
      since(() => 1),
    ),
    series(
      'foreshock_container_log_written_bytes_total',
      batch,
      since((seconds) => 2e6 * seconds),
    ),
    series(
      'foreshock_container_log_bytes',
      batch,
      since((seconds) => (2e6 * seconds) % 5e7),
    ),
    series(
      'foreshock_container_log_limit_bytes',
      batch,
      since(() => 5e7),
    ),
    series(
      'foreshock_container_writable_layer_bytes',
      batch,
      since((seconds) => 1e5 * seconds),
    ),
    series(
      'foreshock_container_writable_layer_inodes',
      batch,
      since((seconds) => seconds),
    ),
    series(
      'foreshock_container_memory_pressure_seconds_total',
      { ...batch, kind: 'some' },
      since((seconds) => 0.2 * seconds),
    ),
    series(
      'foreshock_container_memory_pressure_seconds_total',
      { ...batch, kind: 'full' },
      since((seconds) => 0.02 * seconds),
    ),
  ];
}

/** One of the tasks that the batch job starts, each for five minutes. */
export function shortLived(labels: Labels, index: number): [string, Course][] {
  const task = { ...labels, namespace: 'data', pod: `task-${index}`, container: 'task' };
  const since = (course: (seconds: number) => number): Course => {
    return (second) => {
      const seconds = second - (during(BATCHES, second)?.from ?? Infinity) - index * 300;
      return seconds >= 0 && seconds < 300 ? course(seconds) : undefined;
    };
  };
  return [
    series(
      'foreshock_container_info',
      { ...task, container_id: `containerd://${index}`, runtime: 'containerd' },
      since(() => 1),
    ),
    series(
      'foreshock_container_log_written_bytes_total',
      task,
      since((seconds) => 1e5 * seconds),
    ),
    series(
      'foreshock_container_log_bytes',
      task,
      since((seconds) => 1e5 * seconds),
    ),
    series(
      'foreshock_container_log_limit_bytes',
      task,
      since(() => 5e7),
    ),
  ];
}
