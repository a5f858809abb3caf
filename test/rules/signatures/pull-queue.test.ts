import { testAlerts } from '../alert-cases.ts';
import { testSilence } from '../silence.ts';

const NODE = 'cluster="eu",node="node-a"';
const OLDEST = `foreshock_image_pull_oldest_start_timestamp_seconds{${NODE},image="registry.example.com/infra/openvpn:master"}`;
const IN_FLIGHT = `foreshock_image_pulls_in_flight{${NODE}}`;
const SERIALIZED = `foreshock_kubelet_serialize_image_pulls{${NODE}}`;
const WAIT_SUM = `foreshock_image_pull_wait_seconds_sum{${NODE}}`;
const WAIT_COUNT = `foreshock_image_pull_wait_seconds_count{${NODE}}`;

/** The kubelet's target, by the name that it gives its node. */
const KUBELET = 'cluster="eu",job="kubelet",instance="10.0.0.7:10250"';

testAlerts('pull-queue', {
  ForeshockImagePullQueueBlocked: {
    series: { [OLDEST]: '0x10 stale', [IN_FLIGHT]: '3x10 0x40', [SERIALIZED]: '1x50' },
    firesAt: 8,
    resolvedAt: 26,
    labels: { node: 'node-a', image: 'registry.example.com/infra/openvpn:master' },
    description:
      'Image registry.example.com/infra/openvpn:master is at the head of the pull queue of node-a of cluster ' +
      'eu and was requested 8m 0s ago. Pulls that wait behind it: 2. The kubelet pulls one image at a time: ' +
      '`serializeImagePulls` is true (assumed: the default). Next: `kubectl get events -A --field-selector reason=Pulling ' +
      '--sort-by=.lastTimestamp` shows the pods that wait.',
  },
  ForeshockImagePullWaitLong: {
    series: { [OLDEST]: '0x4 stale', [WAIT_SUM]: '0x5 960x40', [WAIT_COUNT]: '0x5 2x40' },
    firesAt: 11,
    resolvedAt: 16,
    labels: { node: 'node-a' },
    description:
      'Image pulls on node-a of cluster eu waited 8m 0s in the queue, on average over 10 min. Longest at the ' +
      'head of the queue was registry.example.com/infra/openvpn:master. Next: `kubectl get events -A ' +
      '--field-selector reason=Pulled --sort-by=.lastTimestamp` shows how long each pull took and waited.',
  },
});

testSilence('pull-queue', {
  "one pull that is in nobody's way": { [OLDEST]: '0x30', [IN_FLIGHT]: '1x30' },
  'images pulled side by side': { [OLDEST]: '0x30', [IN_FLIGHT]: '3x30', [SERIALIZED]: '0x30' },
  'images that follow one another': {
    [OLDEST]: '0x6 stale',
    [OLDEST.replace('openvpn', 'web')]: '_x6 60x1 stale',
    [OLDEST.replace('openvpn', 'orders')]: '_x8 120x1 stale',
    [IN_FLIGHT]: '3x10 0x20',
  },
  'a node that has just joined, and pulls all its images': {
    [WAIT_SUM]: '0 900 2700x20',
    [WAIT_COUNT]: '0 6 12x20',
    [`kubelet_node_name{${KUBELET},node="node-a"}`]: '1x22',
    [`process_start_time_seconds{${KUBELET}}`]: '0x22',
  },
});
