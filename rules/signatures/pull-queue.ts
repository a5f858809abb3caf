import * as pulls from '../../exporter/cluster/watchers/pulls.ts';
import * as kubeletConfig from '../../exporter/node/collectors/kubelet-config.ts';
import { duration } from '../format.ts';
import { ofAlert, ofSeries, shown } from '../labels.ts';
import { promql } from '../promql.ts';
import { KUBELET_STARTING } from '../series/kubelet-start.ts';
import { ifAssumed } from '../series/kubelet-thresholds.ts';
import { defineSignature } from '../signature.ts';

/** Seconds since the pull at the head of each node's queue was requested, by its image. */
export const OLDEST_PULL_AGE = 'node_image:foreshock_image_pull_age_seconds:max';

/** Image pulls in progress on each node. */
export const PULLS_IN_FLIGHT = `node:${pulls.inFlight.name}:max`;

/** Average seconds that the pulls of the last 10 minutes waited for others. */
export const PULL_WAIT = `node:${pulls.wait.name}:mean10m`;

/** The time over which waits are averaged. */
const WAIT_WINDOW = '10m';

/** 1 where a kubelet pulls one image at a time. */
export const PULLS_SERIALIZED = `node:${kubeletConfig.serializeImagePulls.name}:max`;

export const pullQueue = defineSignature({
  id: 'pull-queue',
  title: 'One slow image pull holds up all others on the node',
  story:
    'Story 002 §4: the event Pulling was 8 min old, and the node pulled no other image meanwhile, though one would have taken ' +
    'a minute. Reproduced with 8 MB at 200 kB/s: a pull of 0.2 s took 37.4 s, because it waited for one of 40.4 s.',
  thresholds: {
    oldest_pull_seconds: {
      default: 300,
      unit: 'seconds',
      help: 'Age of the oldest pull. Healthy: seconds, a minute for a large image. Story 002: 8 min and more.',
    },
    pulls_in_flight: {
      default: 2,
      unit: 'count',
      help: 'Pulls in progress at the same time; a single one holds up no other.',
    },
    pull_wait_seconds: {
      default: 120,
      unit: 'seconds',
      help: `Average time that pulls waited for others, over ${duration(WAIT_WINDOW)}. Healthy: 0 s. Story 002: minutes. Reproduced: 19 s.`,
    },
  },

  rules({ nodeLabels, perNode, texts, thresholds }) {
    const image = ofAlert('image');
    const atHead = ofSeries('image');
    return {
      records: [
        { record: OLDEST_PULL_AGE, expr: promql`time() - ${perNode(promql`${pulls.oldestStart}`, 'image')}` },
        { record: PULLS_IN_FLIGHT, expr: perNode(promql`${pulls.inFlight}`) },
        { record: PULLS_SERIALIZED, expr: perNode(promql`${kubeletConfig.serializeImagePulls}`) },
        {
          record: PULL_WAIT,
          expr: promql`
            ${perNode(promql`increase(${pulls.wait}_sum[${WAIT_WINDOW}])`)}
            / (${perNode(promql`increase(${pulls.wait}_count[${WAIT_WINDOW}])`)} > 0)`,
        },
      ],
      alerts: [
        {
          name: 'ForeshockImagePullQueueBlocked',
          severity: 'warning',
          // A pull at the head has waited itself; with another image at the head it is another alert, so that `for` is
          // the time at the head. Parallel pulls do not wait for each other.
          expr: promql`
            ${OLDEST_PULL_AGE} > ${thresholds.oldest_pull_seconds}
            and on (${nodeLabels})
            ${PULLS_IN_FLIGHT} >= ${thresholds.pulls_in_flight}
            unless on (${nodeLabels})
            ${PULLS_SERIALIZED} == 0`,
          for: '2m',
          // The waits of the others are known only once they are over, and then for 10 min.
          keepFiringFor: '15m',
          lead: 'The node is not lost: pods start late, by minutes to an hour, and rollouts wait for them.',
          summary: 'A slow image pull holds up the other pulls of its node.',
          description:
            `{{ if ${image.field} }}Image ${shown(image)}{{ else }}An image that its event does not name{{ end }} is at the head of the pull queue of ${texts.node} and was requested {{ $value | humanizeDuration }} ago. ` +
            texts.lookup((node) => `${PULLS_IN_FLIGHT}{${node}} - 1 > 0`, 'Pulls that wait behind it: {{ .Value }}. ') +
            texts.lookup(
              (node) => `${PULLS_SERIALIZED}{${node}} == 1`,
              `The kubelet pulls one image at a time: \`serializeImagePulls\` is true${ifAssumed(texts, 'serializeImagePulls')}. `,
            ) +
            'Next: `kubectl get events -A --field-selector reason=Pulling --sort-by=.lastTimestamp` shows the pods that wait.',
          dashboard: 'foreshock-kubelet-api',
          explains: ['pods_late'],
        },
        {
          name: 'ForeshockImagePullWaitLong',
          severity: 'warning',
          expr: promql`
            ${PULL_WAIT} > ${thresholds.pull_wait_seconds}
            unless on (${nodeLabels})
            ${KUBELET_STARTING}`,
          // The last pulls of a queue have waited longest, and are soon the only ones in the window.
          for: '5m',
          lead: 'None: these pods have started by now. The next ones are likely to be as late.',
          summary: 'Image pulls wait long in the queue of their node.',
          description:
            `Image pulls on ${texts.node} waited {{ $value | humanizeDuration }} in the queue, on average over ${duration(WAIT_WINDOW)}. ` +
            texts.lookup(
              // By the time at the head: the age of a pull includes the time that it waited itself.
              (node) => `topk(1, count_over_time(${OLDEST_PULL_AGE}{${node}}[30m]))`,
              `{{ if ${atHead.field} }}Longest at the head of the queue was ${shown(atHead)}. {{ end }}`,
            ) +
            'Next: `kubectl get events -A --field-selector reason=Pulled --sort-by=.lastTimestamp` shows how long each ' +
            'pull took and waited.',
          dashboard: 'foreshock-kubelet-api',
          symptom: 'pods_late',
        },
      ],
    };
  },
});
