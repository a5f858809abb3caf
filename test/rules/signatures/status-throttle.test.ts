import { testAlerts } from '../alert-cases.ts';
import { testSilence } from '../silence.ts';

const NODE = 'cluster="eu",node="node-a"';
const KUBELET = 'cluster="eu",job="kubelet",instance="10.0.0.7:10250"';
const NODE_NAME = `kubelet_node_name{${KUBELET},node="node-a"}`;
const LIMITS = {
  [`foreshock_kubelet_api_qps{${NODE}}`]: '5x60',
  [`foreshock_kubelet_setting_info{${NODE},setting="kubeAPIQPS",source="configured"}`]: '1x60',
  [`foreshock_kubelet_api_burst{${NODE}}`]: '10x60',
  [`foreshock_kubelet_setting_info{${NODE},setting="kubeAPIBurst",source="assumed"}`]: '1x60',
};

const ofLimiter = (part: string, verb: string, more = '') =>
  `rest_client_rate_limiter_duration_seconds_${part}{${KUBELET},verb="${verb}",host="10.0.9.1:6443"${more}}`;
const lag = (part: string) => `foreshock_pod_status_lag_seconds_${part.replace('}', `,${NODE}}`)}`;

/** From the 10th minute on, for 20: 3 GET and 2 PATCH a second, each of which waits 0.2 s. */
const THROTTLED = {
  [ofLimiter('sum', 'GET')]: '0x10 36+36x19 720x30',
  [ofLimiter('count', 'GET')]: '0x10 180+180x19 3600x30',
  [ofLimiter('sum', 'PATCH')]: '0x10 24+24x19 480x30',
  [ofLimiter('count', 'PATCH')]: '0x10 120+120x19 2400x30',
};

/** 40 containers a minute from the 5th on, for 5: 4 of them within 2 s, 16 within a minute, the others within two. */
const LATE = {
  [lag('bucket{le="2"}')]: '0x5 4+4x4 20x40',
  [lag('bucket{le="30"}')]: '0x5 4+4x4 20x40',
  [lag('bucket{le="60"}')]: '0x5 20+20x4 100x40',
  [lag('bucket{le="120"}')]: '0x5 40+40x4 200x40',
  [lag('bucket{le="+Inf"}')]: '0x5 40+40x4 200x40',
  [lag('count{}').replace('{,', '{')]: '0x5 40+40x4 200x40',
};

testAlerts('status-throttle', {
  ForeshockKubeletClientThrottled: {
    series: { [NODE_NAME]: '1x60', ...THROTTLED, ...LIMITS },
    firesAt: 17,
    resolvedAt: 42,
    labels: { node: 'node-a' },
    description:
      'The kubelet of node-a of cluster eu is throttled by its own API rate limit: on average 1.0 requests ' +
      'wait. A request waits for 200ms on average. `kubeAPIQPS` is 5, `kubeAPIBurst` 10 (assumed: the default). Next: `kubectl get ' +
      "--raw /api/v1/nodes/node-a/proxy/configz` shows both in force; raise them in the kubelet's " +
      'configuration.',
  },
  ForeshockPodStatusLag: {
    series: { ...LATE, ...LIMITS },
    firesAt: 11,
    resolvedAt: 20,
    labels: { node: 'node-a' },
    description:
      'On node-a of cluster eu 180 containers that started in the last 10 min ran for more than 30 s before ' +
      'the API server knew; one in ten for more than 1m 48s. `kubeAPIQPS` is 5, `kubeAPIBurst` 10 (assumed: the default). Next: ' +
      'compare `kubectl get pods -A --field-selector spec.nodeName=node-a,status.phase=Pending` with `crictl ' +
      'ps` on the node.',
  },
});

testSilence('status-throttle', {
  'events, which have a limit of their own': {
    [NODE_NAME]: '1x60',
    [ofLimiter('sum', 'POST')]: '0+400x60',
    [ofLimiter('count', 'POST')]: '0+300x60',
  },
  'a kubelet that has just started': {
    [NODE_NAME]: '1x60',
    [`process_start_time_seconds{${KUBELET}}`]: '300x60',
    ...THROTTLED,
    ...LATE,
  },
  'one container that was late': {
    [lag('bucket{le="30"}')]: '0x40',
    [lag('bucket{le="60"}')]: '0x10 1x30',
    [lag('bucket{le="+Inf"}')]: '0x10 1x30',
    [lag('count{}').replace('{,', '{')]: '0x10 1x30',
  },
});
