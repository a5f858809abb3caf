import { lag } from '../../exporter/cluster/watchers/pods.ts';
import { apiBurst, apiQps } from '../../exporter/node/collectors/kubelet-config.ts';
import { promql } from '../promql.ts';
import { KUBELET_STARTING } from '../series/kubelet-start.ts';
import { defineSignature } from '../signature.ts';

/** Requests of each kubelet that wait for its own limit at any moment, on average. */
export const API_REQUESTS_HELD = 'node:rest_client_rate_limiter_duration_seconds_sum:rate3m';

/** Seconds that each request waits for it. */
export const API_REQUEST_WAIT = 'node:rest_client_rate_limiter_duration_seconds:mean3m';

/** Seconds from the start of a container to its status, which one in ten exceeds. */
export const STATUS_LAG = `node:${lag.name}:p90_increase10m`;

/** Containers whose status came later than the threshold in the last 10 minutes. */
export const STATUSES_LATE = `node:${lag.name}_late:increase10m`;

/** Requests a second, and at once, that each kubelet allows itself. */
export const API_QPS = `node:${apiQps.name}:max`;
export const API_BURST = `node:${apiBurst.name}:max`;

export const statusThrottle = defineSignature({
  id: 'status-throttle',
  title: "The kubelet's own limit of requests keeps the status of pods back",
  story:
    'Story 002 §6: containers ran and their pods stayed Pending: 5 requests a second, 10 at once. With 30 and 40 "everything ' +
    'started to fly". Reproduced with 40 pods at 1 request a second: their status came 21 to 102 s late, one every 2 s.',
  thresholds: {
    held_requests: {
      default: 0.5,
      unit: 'count',
      help: 'Requests that wait for the limit at any moment, on average; healthy below 0.01, 1 when reproduced: one after the other, all the time.',
    },
    status_lag_seconds: {
      default: 30,
      unit: 'seconds',
      help: 'From the start of a container to its status, which one in ten exceeds; healthy 1 to 2 s, 92 s when reproduced.',
    },
    late_containers: {
      default: 3,
      unit: 'count',
      help: 'Containers that were as late in 10 min; fewer are chance. In the story most of them, 37 of 40 when reproduced.',
    },
  },

  rules({ cluster, nodeLabels, perNode, perTarget, selectors, texts, thresholds }) {
    // Events are most of the POST requests; they have a limit of their own and hold no status up. The sum, as buckets end
    // at 0.5 s in older kubelets, and many a Prometheus drops them. Since 1.22, first by `url`, then by `host`.
    const held = (part: 'sum' | 'count') =>
      perTarget(promql`
        sum by (${cluster}, instance) (
          max by (${cluster}, instance, verb, host, url) (
            rate(rest_client_rate_limiter_duration_seconds_${part}{${selectors.kubelet},verb!="POST"}[3m])
          )
        )`);
    const bound = (lag.buckets ?? []).findLast((bucket) => bucket <= thresholds.status_lag_seconds) ?? 0;
    const limits =
      texts.lookup((node) => `${API_QPS}{${node}}`, '`kubeAPIQPS` is {{ .Value }}') +
      texts.lookup((node) => `${API_BURST}{${node}}`, ', `kubeAPIBurst` {{ .Value }}. ');
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
          expr: promql`histogram_quantile(0.9, ${perNode(promql`increase(${lag}_bucket[10m])`, 'le')})`,
        },
        {
          record: STATUSES_LATE,
          // Prometheus 3 writes whole bounds with a zero behind the point.
          expr: promql`
            ${perNode(promql`increase(${lag}_count[10m])`)}
            - ${perNode(promql`increase(${lag}_bucket{le=~"${bound}|${bound}.0"}[10m])`)}`,
        },
        { record: API_QPS, expr: perNode(promql`${apiQps}`) },
        { record: API_BURST, expr: perNode(promql`${apiBurst}`) },
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
          lead: 'The node is not lost, its heartbeats have a client without limit: pods look Pending for minutes, and rollouts and services wait for them.',
          summary: 'A kubelet keeps its own requests to the API server back.',
          description:
            `The kubelet of ${texts.node} keeps its own requests back: at any moment {{ $value | printf "%.1f" }} of them wait for its limit. ` +
            texts.lookup(
              (node) => `${API_REQUEST_WAIT}{${node}}`,
              'A request waits {{ .Value | humanizeDuration }} on average. ',
            ) +
            `${limits}Next: raise both in the kubelet's configuration; ` +
            '`kubectl get --raw /api/v1/nodes/{{ $labels.node }}/proxy/configz` shows them as they are.',
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
          lead: 'The node is not lost: its pods run and look as if they did not, so that rollouts and services wait.',
          summary: 'Containers of a node run, and their pods look as if they did not.',
          description:
            `On ${texts.node} ` +
            texts.lookup((node) => `round(${STATUSES_LATE}{${node}})`, '{{ .Value }} containers ', 'containers ') +
            `that started in 10 minutes ran for more than ${bound} s before the API server heard of it; one in ten for more than ` +
            '{{ $value | humanizeDuration }}. ' +
            texts.lookup(
              (node) => `${API_REQUESTS_HELD}{${node}} > ${thresholds.held_requests}`,
              'Its kubelet keeps its own requests back. ',
            ) +
            `${limits}Next: \`kubectl get pods -A --field-selector spec.nodeName={{ $labels.node }},status.phase=Pending\` ` +
            'beside `crictl ps` on the node.',
          dashboard: 'foreshock-kubelet-api',
          symptom: 'pods_late',
        },
      ],
    };
  },
});
