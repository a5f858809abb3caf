import { gauge, type Metric, type Sample, sample } from '../../exposition/metric.ts';
import { type CollectorContext, defineCollector } from '../collector.ts';
import type { Sighting } from '../daemons/sighting.ts';
import { interpret, readConfiguration } from '../kubelet/configuration.ts';
import { findKubelet, type KubeletProcess } from '../kubelet/process.ts';
import { type EvictionThreshold, type KubeletSettings, readSettings } from '../kubelet/settings.ts';
import { kubeletMinor } from '../kubelet/version.ts';

const SOURCE =
  "Read once a minute from the kubelet's configuration, drop-in files and flags, with the defaults of its version; the " +
  'kubelet itself reads them when it starts.';

export const imageGcHigh = gauge(
  'foreshock_kubelet_image_gc_high_threshold_ratio',
  `Share of the image filesystem in use at which the kubelet deletes images; 1 switches that off. ${SOURCE}`,
);
export const imageGcLow = gauge(
  'foreshock_kubelet_image_gc_low_threshold_ratio',
  `Share of the image filesystem in use down to which the kubelet deletes images. ${SOURCE}`,
);
export const imageGcMinimumAge = gauge(
  'foreshock_kubelet_image_gc_minimum_age_seconds',
  `How long an image that nothing uses is kept from the kubelet's collection. ${SOURCE}`,
);
export const statusUpdateInterval = gauge(
  'foreshock_kubelet_status_update_interval_seconds',
  `How often the kubelet looks whether its node's status has changed, and posts it if so. ${SOURCE}`,
);
export const statusReportInterval = gauge(
  'foreshock_kubelet_status_report_interval_seconds',
  `How often the kubelet posts its node's status when nothing changes. ${SOURCE}`,
);
export const leaseDuration = gauge(
  'foreshock_kubelet_lease_duration_seconds',
  `How long the kubelet's lease is valid; it is renewed after a quarter of that. ${SOURCE}`,
);
export const serializeImagePulls = gauge(
  'foreshock_kubelet_serialize_image_pulls',
  `Whether the kubelet pulls one image at a time, so that a slow registry holds up all pods of the node. ${SOURCE}`,
);
export const apiQps = gauge(
  'foreshock_kubelet_api_qps',
  `Requests a second that the kubelet sends to the API server at most. ${SOURCE}`,
);
export const apiBurst = gauge(
  'foreshock_kubelet_api_burst',
  `Requests that the kubelet sends to the API server at once before its limit of requests a second holds. ${SOURCE}`,
);

export const evictionThresholds: Record<EvictionThreshold['unit'], Metric<'signal'>> = {
  ratio: gauge(
    'foreshock_kubelet_eviction_threshold_ratio',
    `Share of the whole below which the kubelet evicts pods, of each signal with a hard threshold in shares. ${SOURCE}`,
    ['signal'],
  ),
  bytes: gauge(
    'foreshock_kubelet_eviction_threshold_bytes',
    `Free bytes below which the kubelet evicts pods, of each signal with a hard threshold in bytes. ${SOURCE}`,
    ['signal'],
  ),
  inodes: gauge(
    'foreshock_kubelet_eviction_threshold_inodes',
    `Free inodes below which the kubelet evicts pods, of each signal with a hard threshold in inodes. ${SOURCE}`,
    ['signal'],
  ),
  pids: gauge(
    'foreshock_kubelet_eviction_threshold_pids',
    `Free process ids below which the kubelet evicts pods, of each signal with a hard threshold in process ids. ${SOURCE}`,
    ['signal'],
  ),
};

interface State {
  readonly look: Sighting;
  readonly version: { readonly pid: number | undefined; readonly minor: number | undefined };
}

export const kubeletConfig = defineCollector({
  name: 'kubelet_config',
  help: 'the limits and intervals that the kubelet runs with',
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
  options: {},
  schedule: '20 * * * * *',
  timeout: 10,

  collect(context, previous: State | undefined) {
    const { kubelet, look } = findKubelet(context, previous?.look);
    const version = knownVersion(context, kubelet, previous);
    const samples = samplesOf(context, kubelet, version.minor);
    return { samples, state: { look, version } };
  },
});

/** An executable does not change while it runs. */
function knownVersion(
  { host, progress, absent }: CollectorContext,
  kubelet: KubeletProcess | undefined,
  previous: State | undefined,
): State['version'] {
  if (previous && previous.version.pid === kubelet?.pid) return previous.version;
  progress("the kubelet's executable");
  const minor = kubeletMinor(host, kubelet);
  if (kubelet && minor === undefined) absent("the kubelet's version in its executable or from dpkg");
  return { pid: kubelet?.pid, minor };
}

/** What does not make sense to the kubelet keeps it from starting, so it is no more than one fault. */
function samplesOf(
  context: CollectorContext,
  kubelet: KubeletProcess | undefined,
  minor: number | undefined,
): Sample[] {
  const { absent, fault } = context;
  try {
    const configuration = readConfiguration(context, kubelet, minor);
    if (configuration) return settingSamples(interpret(configuration, (fields) => readSettings(fields, minor)));
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
