import { promql } from '../../rules/promql.ts';
import { OLDEST_PULL_AGE, PULL_WAIT, PULLS_IN_FLIGHT } from '../../rules/signatures/pull-queue.ts';
import { API_REQUEST_WAIT, API_REQUESTS_HELD, STATUS_LAG } from '../../rules/signatures/status-throttle.ts';
import type { DashboardContext } from '../context.ts';
import { NO_CLUSTER_ROLE, NO_KUBELET_METRICS } from '../no-data.ts';
import type { TimeSeries } from '../panel.ts';
import { percentileOf, windowOf } from '../series-name.ts';

export function pullsInFlight({ chosenNode }: DashboardContext): TimeSeries {
  return {
    kind: 'timeseries',
    title: 'Image pulls in flight',
    description: 'Pulls that have begun and not ended, including those that wait.',
    healthy: 'some, for a minute',
    story: 'Story 002 §4: the queue stood still for 8 min.',
    signature: 'pull-queue',
    unit: 'count',
    noData: NO_CLUSTER_ROLE,
    width: 8,
    queries: [{ expr: promql`${PULLS_IN_FLIGHT}{${chosenNode}}`, legend: 'in flight' }],
    alerts: ['ForeshockImagePullQueueBlocked'],
  };
}

export function oldestPull({ chosenNode, threshold }: DashboardContext): TimeSeries {
  return {
    kind: 'timeseries',
    title: 'Oldest image pull in flight',
    description:
      'Time since it began, by image. It blocks all other pulls where the kubelet pulls one image at a time.',
    signature: 'pull-queue',
    unit: 'seconds',
    noData: 'No pull in flight',
    width: 8,
    queries: [{ expr: promql`${OLDEST_PULL_AGE}{${chosenNode}}`, legend: '{{image}}' }],
    thresholds: { warning: threshold('pull-queue.oldest_pull_seconds') },
    alerts: ['ForeshockImagePullQueueBlocked'],
  };
}

export function pullWait({ chosenNode, threshold }: DashboardContext): TimeSeries {
  return {
    kind: 'timeseries',
    title: 'Wait for other image pulls',
    description: `Average of the pulls that ended in the last ${windowOf(PULL_WAIT)}. Kubelets before 1.26 do not report it.`,
    signature: 'pull-queue',
    unit: 'seconds',
    noData: 'No pull has ended, or the kubelet is older than 1.26',
    width: 8,
    queries: [{ expr: promql`${PULL_WAIT}{${chosenNode}}`, legend: 'wait' }],
    thresholds: { warning: threshold('pull-queue.pull_wait_seconds') },
    alerts: ['ForeshockImagePullWaitLong'],
  };
}

export function statusLag({ chosenNode, threshold }: DashboardContext): TimeSeries {
  return {
    kind: 'timeseries',
    title: 'Pod status lag',
    description:
      'Time from the start of a container until the status of its pod shows it running: ' +
      `${percentileOf(STATUS_LAG)} of the last ${windowOf(STATUS_LAG)}.`,
    story: 'Story 002 §6: pods stayed Pending while their containers ran.',
    signature: 'status-throttle',
    unit: 'seconds',
    noData: 'No container has started',
    width: 12,
    queries: [{ expr: promql`${STATUS_LAG}{${chosenNode}}`, legend: percentileOf(STATUS_LAG) }],
    thresholds: { warning: threshold('status-throttle.status_lag_seconds') },
    alerts: ['ForeshockPodStatusLag'],
  };
}

export function heldRequests({ chosenNode, threshold }: DashboardContext): TimeSeries {
  return {
    kind: 'timeseries',
    title: 'API requests held back',
    description:
      'Requests that wait for the client-side rate limit of the kubelet (`kubeAPIQPS`, `kubeAPIBurst`), on average.',
    story: 'Story 002 §6: 5 requests/s with a burst of 10.',
    signature: 'status-throttle',
    unit: 'count',
    noData: NO_KUBELET_METRICS,
    width: 12,
    queries: [{ expr: promql`${API_REQUESTS_HELD}{${chosenNode}}`, legend: 'waiting' }],
    thresholds: { warning: threshold('status-throttle.held_requests') },
    alerts: ['ForeshockKubeletClientThrottled'],
  };
}

export function requestWait({ chosenNode }: DashboardContext): TimeSeries {
  return {
    kind: 'timeseries',
    title: 'Wait per API request',
    description:
      'How long a request of the kubelet waits for its client-side rate limit before it is sent, on average.',
    healthy: '0 s',
    story: 'Story 002 §6: each request waited for all before it.',
    signature: 'status-throttle',
    unit: 'seconds',
    noData: NO_KUBELET_METRICS,
    width: 12,
    queries: [{ expr: promql`${API_REQUEST_WAIT}{${chosenNode}}`, legend: 'wait' }],
    alerts: ['ForeshockKubeletClientThrottled'],
  };
}
