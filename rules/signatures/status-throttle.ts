import * as pods from '../../exporter/cluster/watchers/pods.ts';
import * as kubeletConfig from '../../exporter/node/collectors/kubelet-config.ts';
import { duration } from '../format.ts';
import { command, ofAlert } from '../labels.ts';
import { promql } from '../promql.ts';
import { KUBELET_STARTING } from '../series/kubelet-start.ts';
import { ifAssumed } from '../series/kubelet-thresholds.ts';
import { defineSignature } from '../signature.ts';

/** Requests of each kubelet that wait for its own rate limit, on average. */
export const API_REQUESTS_HELD = 'node:rest_client_rate_limiter_duration_seconds_sum:rate3m';

/** Average seconds that each request waits for it. */
export const API_REQUEST_WAIT = 'node:rest_client_rate_limiter_duration_seconds:mean3m';

/** Seconds from the start of a container until its status is in the API, exceeded by one container in ten. */
export const STATUS_LAG = `node:${pods.lag.name}:p90_increase10m`;

/** Containers of the last 10 minutes whose status came later than the threshold. */
export const STATUSES_LATE = `node:${pods.lag.name}_late:increase10m`;

/** The rate limit of each kubelet: requests per second, and at once. */
export const API_QPS = `node:${kubeletConfig.apiQps.name}:max`;
export const API_BURST = `node:${kubeletConfig.apiBurst.name}:max`;

/** The time in which containers start whose lag is looked at. */
const START_WINDOW = '10m';

export const statusThrottle = defineSignature({
  id: 'status-throttle',
  title: "The kubelet's own API rate limit delays the status of pods",
  story:
    'Story 002 §6: containers ran while their pods stayed Pending; the kubelet was limited to 5 requests per second and 10 at ' +
    'once. With 30 and 40 "everything started to fly". Reproduced with 40 pods at 1 request per second: their status came 21 ' +
    'to 102 s late, one every 2 s.',
  thresholds: {
    held_requests: {
      default: 0.5,
      unit: 'count',
      help: 'Requests that wait for the rate limit, on average. Healthy: below 0.01. Reproduced: 1, one after the other without pause.',
    },
    status_lag_seconds: {
      default: 30,
      unit: 'seconds',
      help: 'Time from the start of a container until its status is in the API, exceeded by one in ten. Healthy: 1 to 2 s. Reproduced: 92 s.',
    },
    late_containers: {
      default: 3,
      unit: 'count',
      help: `Containers that were late within ${duration(START_WINDOW)}; fewer are chance. Story 002: most of them. Reproduced: 37 of 40.`,
    },
  },

  rules({ cluster, nodeLabels, perNode, perTarget, selectors, texts, thresholds }) {
    // Events are most of the POST requests; they have their own limit and delay no status. The sum, because buckets end at
    // 0.5 s in older kubelets, and many a Prometheus drops them. Labelled by `url` since 1.22, later by `host`.
    const held = (part: 'sum' | 'count') =>
      perTarget(promql`
        sum by (${cluster}, instance) (
          max by (${cluster}, instance, verb, host, url) (
            rate(rest_client_rate_limiter_duration_seconds_${part}{${selectors.kubelet},verb!="POST"}[3m])
          )
        )`);
    const bound = (pods.lag.buckets ?? []).findLast((bucket) => bucket <= thresholds.status_lag_seconds) ?? 0;
    const limits =
      texts.lookup((node) => `${API_QPS}{${node}}`, `\`kubeAPIQPS\` is {{ .Value }}${ifAssumed(texts, 'kubeAPIQPS')}`) +
      texts.lookup(
        (node) => `${API_BURST}{${node}}`,
        `, \`kubeAPIBurst\` {{ .Value }}${ifAssumed(texts, 'kubeAPIBurst')}. `,
      );
    return {
      records: [
        {
          record: KUBELET_STARTING,
          expr: promql`0 * (time() - ${perTarget(`process_start_time_seconds{${selectors.kubelet}}`)} < 1800) + 1`,
        },
        { record: API_REQUESTS_HELD, expr: held('sum') },
        { record: API_REQUEST_WAIT, expr: promql`${API_REQUESTS_HELD} / (${held('count')} > 0)` },
        {
          record: STATUS_LAG,
          expr: promql`histogram_quantile(0.9, ${perNode(promql`increase(${pods.lag}_bucket[${START_WINDOW}])`, 'le')})`,
        },
        {
          record: STATUSES_LATE,
          // Prometheus 3 writes whole bounds with a decimal zero.
          expr: promql`
            ${perNode(promql`increase(${pods.lag}_count[${START_WINDOW}])`)}
            - ${perNode(promql`increase(${pods.lag}_bucket{le=~"${bound}|${bound}.0"}[${START_WINDOW}])`)}`,
        },
        { record: API_QPS, expr: perNode(promql`${kubeletConfig.apiQps}`) },
        { record: API_BURST, expr: perNode(promql`${kubeletConfig.apiBurst}`) },
      ],
      alerts: [
        {
          name: 'ForeshockKubeletClientThrottled',
          severity: 'warning',
          expr: promql`
            ${API_REQUESTS_HELD} > ${thresholds.held_requests}
            unless on (${nodeLabels})
            ${KUBELET_STARTING}`,
          for: '5m',
          keepFiringFor: '10m',
          lead: 'The node is not lost, because heartbeats are not limited. Pods look Pending for minutes, and rollouts and services wait for them.',
          summary: 'A kubelet is throttled by its own API rate limit.',
          description:
            `The kubelet of ${texts.node} is throttled by its own API rate limit: on average {{ $value | printf "%.1f" }} requests wait. ` +
            texts.lookup(
              (node) => `${API_REQUEST_WAIT}{${node}}`,
              'A request waits for {{ .Value | humanizeDuration }} on average. ',
            ) +
            `${limits}Next: ${command`kubectl get --raw /api/v1/nodes/${ofAlert('node')}/proxy/configz`} shows both in force; ` +
            "raise them in the kubelet's configuration.",
          dashboard: 'foreshock-kubelet-api',
          explains: ['pods_late'],
        },
        {
          name: 'ForeshockPodStatusLag',
          severity: 'warning',
          expr: promql`
            ${STATUS_LAG} > ${thresholds.status_lag_seconds}
            and on (${nodeLabels})
            round(${STATUSES_LATE}) >= ${thresholds.late_containers}
            unless on (${nodeLabels})
            ${KUBELET_STARTING}`,
          for: '5m',
          lead: 'The node is not lost: its pods run but look Pending, so rollouts and services wait.',
          summary: 'Pod status lags behind running containers.',
          description:
            `On ${texts.node} ` +
            texts.lookup((node) => `round(${STATUSES_LATE}{${node}})`, '{{ .Value }} containers ', 'containers ') +
            `that started in the last ${duration(START_WINDOW)} ran for more than ${duration(bound)} before the API server knew; ` +
            'one in ten for more than {{ $value | humanizeDuration }}. ' +
            texts.lookup(
              (node) => `${API_REQUESTS_HELD}{${node}} > ${thresholds.held_requests}`,
              'Its kubelet is throttled by its own API rate limit. ',
            ) +
            `${limits}Next: compare ${command`kubectl get pods -A --field-selector spec.nodeName=${ofAlert('node')},status.phase=Pending`} ` +
            'with `crictl ps` on the node.',
          dashboard: 'foreshock-kubelet-api',
          symptom: 'pods_late',
        },
      ],
    };
  },
});
