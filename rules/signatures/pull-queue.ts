import * as pulls from '../../exporter/cluster/watchers/pulls.ts';
import { serializeImagePulls } from '../../exporter/node/collectors/kubelet-config.ts';
import { promql } from '../promql.ts';
import { KUBELET_STARTING } from '../series/kubelet-start.ts';
import { defineSignature } from '../signature.ts';

/** Seconds since the pull at the head of each node's queue was asked for, by its image. */
export const OLDEST_PULL_AGE = 'node_image:foreshock_image_pull_age_seconds:max';

/** Image pulls of each node that have begun and not ended. */
export const PULLS_IN_FLIGHT = `node:${pulls.inFlight.name}:max`;

/** Seconds that the pulls of the last 10 minutes waited for others, on average. */
export const PULL_WAIT = `node:${pulls.wait.name}:mean10m`;

/** 1 where a kubelet pulls one image at a time. */
export const PULLS_SERIALIZED = `node:${serializeImagePulls.name}:max`;

export const pullQueue = defineSignature({
  id: 'pull-queue',
  title: 'One slow image pull holds up all others of the node',
  story:
    'Story 002 §4: the event Pulling was 8 min old, and no other image was pulled on the node meanwhile, though one would ' +
    'have taken a minute. Reproduced with 8 MB at 200 kB/s: a pull of 0.2 s took 37.4 s, as one of 40.4 s was before it.',
  thresholds: {
    oldest_pull_seconds: {
      default: 300,
      unit: 'seconds',
      help: 'How long the oldest pull may take; healthy are seconds, a minute for a large image, in the story 8 min and more.',
    },
    pulls_in_flight: {
      default: 2,
      unit: 'count',
      help: 'Pulls in progress at the same time; a single one holds up no other.',
    },
    pull_wait_seconds: {
      default: 120,
      unit: 'seconds',
      help: 'What pulls waited for others, on average over 10 min; healthy 0 s, minutes in the story, 19 s when reproduced.',
    },
  },

  rules({ nodeLabels, perNode, texts, thresholds }) {
    const image = '{{ with $labels.image }}Image {{ . }}{{ else }}An image that its event does not name{{ end }}';
    return {
      records: [
        { record: OLDEST_PULL_AGE, expr: promql`time() - ${perNode(promql`${pulls.oldestStart}`, 'image')}` },
        { record: PULLS_IN_FLIGHT, expr: perNode(promql`${pulls.inFlight}`) },
        { record: PULLS_SERIALIZED, expr: perNode(promql`${serializeImagePulls}`) },
        {
          record: PULL_WAIT,
          expr: promql`
            ${perNode(promql`increase(${pulls.wait}_sum[10m])`)}
            / (${perNode(promql`increase(${pulls.wait}_count[10m])`)} > 0)`,
        },
      ],
      alerts: [
        {
          name: 'ForeshockImagePullQueueBlocked',
          severity: 'warning',
          // A pull at the head has waited itself; with another image at the head it is another alert, so that `for` is
          // the time at the head. Pulls side by side hold up nobody.
          expr: promql`
            ${OLDEST_PULL_AGE} > ${thresholds.oldest_pull_seconds}
            and on (${nodeLabels})
            ${PULLS_IN_FLIGHT} >= ${thresholds.pulls_in_flight}
            unless on (${nodeLabels})
            ${PULLS_SERIALIZED} == 0`,
          for: '2m',
          // What others waited is known when they have waited, and for 10 min.
          keepFiringFor: '15m',
          lead: 'The node is not lost: pods start late, by minutes to an hour, and a rollout stands still with them.',
          summary: 'A slow image pull holds up the other images of its node.',
          description:
            `${image} is at the head of the queue of ${texts.node} and was asked for {{ $value | humanizeDuration }} ago. ` +
            texts.lookup((node) => `${PULLS_IN_FLIGHT}{${node}} - 1 > 0`, 'Pulls behind it: {{ .Value }}. ') +
            texts.lookup(
              (node) => `${PULLS_SERIALIZED}{${node}} == 1`,
              'This kubelet pulls one image at a time: `serializeImagePulls` is true. ',
            ) +
            'Next: `kubectl get events -A --field-selector reason=Pulling --sort-by=.lastTimestamp` shows whose pods wait.',
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
          lead: 'None: these pods have started by now. It is the sign that the next ones will be as late.',
          summary: 'Image pulls of a node waited for others for minutes.',
          description:
            `Image pulls on ${texts.node} waited {{ $value | humanizeDuration }} in its queue, on average over 10 minutes. ` +
            texts.lookup(
              // By the time at the head: the age of a pull counts what it waited itself.
              (node) => `topk(1, count_over_time(${OLDEST_PULL_AGE}{${node}}[30m]))`,
              '{{ with .Labels.image }}Longest at its head was {{ . }}. {{ end }}',
            ) +
            'Next: `kubectl get events -A --field-selector reason=Pulled --sort-by=.lastTimestamp` shows what each pull took ' +
            'and waited.',
          dashboard: 'foreshock-kubelet-api',
          symptom: 'pods_late',
        },
      ],
    };
  },
});
