import * as pods from '../../../exporter/cluster/watchers/pods.ts';
import { RATE_LIMITER_BUCKETS } from './healthy-upstream.ts';
import { type Replay, SICK } from './replay.ts';
import { between, every, histogram, series } from './series.ts';
import { CLUSTER, instanceOf, nodeLabels } from './targets.ts';

const MINUTE = 60;
const NODE = nodeLabels(SICK);
const KUBELET = { cluster: CLUSTER, job: 'kubelet', instance: instanceOf(SICK, 10250), metrics_path: '/metrics' };

/** For 20 minutes pods come and go as fast as the kubelet can report them; the story does not say how long. */
const BUSY = [10 * MINUTE, 30 * MINUTE] as const;

/** Seconds that 40 pods waited at 1 request per second, in the order of their reports (Kubernetes 1.26). */
const RECORDED_LAGS = [
  38, 41, 29, 27, 38, 21, 45, 43, 34, 62, 54, 57, 42, 40, 59, 42, 38, 71, 78, 77, 83, 67, 80, 68, 78, 73, 78, 71, 65,
  65, 98, 77, 75, 92, 82, 93, 102, 83, 92, 82,
];

const busy = between(...BUSY, 1, 0);

/** A request each 0.2 s waits as long for the limit of 5 a second: one after the other, all the time. */
const requests = [
  ...every(10, 0.001, BUSY[0]),
  ...every(0.2, 0.2, BUSY[1] - BUSY[0]).map(({ at, value }) => ({ at: at + BUSY[0], value })),
  ...every(10, 0.001, 60 * MINUTE).filter(({ at }) => at > BUSY[1]),
];

export const statusThrottle: Replay = {
  id: '002-6',
  signature: 'status-throttle',
  title: 'a kubelet limited to 5 requests per second, 10 at once, with more pods than it can report',
  minutes: 60,
  sick: [
    series('foreshock_kubelet_api_qps', NODE, 5),
    series('foreshock_kubelet_api_burst', NODE, 10),
    ...histogram(
      'rest_client_rate_limiter_duration_seconds',
      { ...KUBELET, verb: 'GET', host: '10.0.9.1:6443' },
      RATE_LIMITER_BUCKETS,
      requests,
    ),
    ...histogram(
      pods.lag.name,
      { ...NODE, job: 'foreshock', instance: '10.0.9.9:10777' },
      pods.lag.buckets ?? [],
      every(
        15,
        (second) => (busy(second) ? (RECORDED_LAGS[(second / 15) % RECORDED_LAGS.length] ?? 0) : 1),
        60 * MINUTE,
      ),
    ),
  ],
  expected: [
    { alert: 'ForeshockKubeletClientThrottled', from: 17, to: 42 },
    { alert: 'ForeshockPodStatusLag', from: 17, to: 39 },
  ],
  inhibited: ['ForeshockPodStatusLag'],
};
