import { gauge, type Metric, type Sample, sample } from '../../exposition/metric.ts';
import { type CollectorContext, defineCollector } from '../collector.ts';
import { lookUpKubelet } from '../inventory/lookups.ts';
import { withSources } from '../kubelet/configuration.ts';
import { configurationOf, type Kubelet } from '../kubelet/kubelet.ts';
import { type EvictionThreshold, type KubeletSettings, readSettings } from '../kubelet/settings.ts';

export const imageGcHigh = gauge(
  'foreshock_kubelet_image_gc_high_threshold_ratio',
  'Image filesystem usage (0 to 1) that starts image garbage collection; 1 disables it.',
);
export const imageGcLow = gauge(
  'foreshock_kubelet_image_gc_low_threshold_ratio',
  'Image filesystem usage (0 to 1) down to which the kubelet deletes images.',
);
export const imageGcMinimumAge = gauge(
  'foreshock_kubelet_image_gc_minimum_age_seconds',
  'Seconds that the kubelet keeps an unused image before it may delete it.',
);
export const statusUpdateInterval = gauge(
  'foreshock_kubelet_status_update_interval_seconds',
  "Seconds between the kubelet's checks of its node status, which it posts if changed.",
);
export const statusReportInterval = gauge(
  'foreshock_kubelet_status_report_interval_seconds',
  "Seconds between the kubelet's posts of its node status while nothing changes.",
);
export const leaseDuration = gauge(
  'foreshock_kubelet_lease_duration_seconds',
  "Seconds that the kubelet's lease is valid; it is renewed after a quarter of that.",
);
export const serializeImagePulls = gauge(
  'foreshock_kubelet_serialize_image_pulls',
  'Whether the kubelet pulls images one at a time (1) or in parallel (0).',
);
export const apiQps = gauge(
  'foreshock_kubelet_api_qps',
  'Maximum requests per second that the kubelet sends to the API server.',
);
export const apiBurst = gauge(
  'foreshock_kubelet_api_burst',
  'Maximum number of requests that the kubelet sends to the API server in one burst.',
);

export const evictionThresholds: Record<EvictionThreshold['unit'], Metric<'signal'>> = {
  ratio: gauge(
    'foreshock_kubelet_eviction_threshold_ratio',
    'Hard eviction threshold of a signal, as the free share (0 to 1) of its capacity.',
    ['signal'],
  ),
  bytes: gauge('foreshock_kubelet_eviction_threshold_bytes', 'Hard eviction threshold of a signal, in free bytes.', [
    'signal',
  ]),
  inodes: gauge('foreshock_kubelet_eviction_threshold_inodes', 'Hard eviction threshold of a signal, in free inodes.', [
    'signal',
  ]),
  pids: gauge(
    'foreshock_kubelet_eviction_threshold_pids',
    'Hard eviction threshold of a signal, in free process IDs.',
    ['signal'],
  ),
};

export const kubeletConfig = defineCollector({
  name: 'kubelet_config',
  help: 'the limits and intervals of the kubelet',
  description:
    "Read once a minute from the kubelet's configuration file, drop-in files and flags; a setting that is not in " +
    "them has the default of the kubelet's version. The kubelet itself reads them only when it starts. If it pulls " +
    'images one at a time, a slow registry holds up all pods of the node. A burst may exceed the requests per ' +
    'second. The kubelet evicts pods when a signal falls below its hard threshold, which is a share, bytes, inodes ' +
    'or process IDs.',
  metrics: [
    imageGcHigh,
    imageGcLow,
    imageGcMinimumAge,
    statusUpdateInterval,
    statusReportInterval,
    leaseDuration,
    serializeImagePulls,
    apiQps,
    apiBurst,
    ...Object.values(evictionThresholds),
  ],
  reads: { procfs: 'part', rootfs: 'part' },
  options: {},
  schedule: '20 * * * * *',
  timeoutSeconds: 10,

  collect(context) {
    const kubelet = lookUpKubelet(context);
    if (kubelet.process && kubelet.minor === undefined) {
      context.absent("the kubelet's version in its executable or from dpkg");
    }
    return { samples: samplesOf(context, kubelet) };
  },
});

/** What does not make sense to the kubelet keeps it from starting, so it is no more than one fault. */
function samplesOf({ absent, fault }: CollectorContext, kubelet: Kubelet): Sample[] {
  try {
    const configuration = configurationOf(kubelet);
    if (configuration)
      return settingSamples(withSources(configuration, (fields) => readSettings(fields, kubelet.minor)));
    absent('a kubelet');
  } catch (error) {
    fault("the kubelet's configuration", error);
  }
  return [];
}

function settingSamples(settings: KubeletSettings): Sample[] {
  return [
    sample(imageGcHigh, settings.highPercent / 100, {}),
    sample(imageGcLow, settings.lowPercent / 100, {}),
    sample(imageGcMinimumAge, settings.imageGcMinimumAge, {}),
    sample(statusUpdateInterval, settings.statusUpdateInterval, {}),
    sample(statusReportInterval, settings.statusReportInterval, {}),
    sample(leaseDuration, settings.leaseDuration, {}),
    sample(serializeImagePulls, Number(settings.serializeImagePulls), {}),
    sample(apiQps, settings.apiQps, {}),
    sample(apiBurst, settings.apiBurst, {}),
    ...settings.evictionThresholds.map(({ signal, unit, value }) =>
      sample(evictionThresholds[unit], value, { signal }),
    ),
  ];
}
