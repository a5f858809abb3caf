import { gauge, type Metric, type Sample, sample } from '../../exposition/metric.ts';
import { defineCollector } from '../collector.ts';
import { inspectKubelet } from '../inventory/lookups.ts';
import { withSources } from '../kubelet/configuration.ts';
import { type EvictionThreshold, type KubeletSettings, readSettings, SETTING_FIELDS } from '../kubelet/settings.ts';
import { tryRead } from '../report.ts';

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

export const settingInfo = gauge(
  'foreshock_kubelet_setting_info',
  "Always 1: whether a kubelet setting is configured, or assumed to be its version's default.",
  ['setting', 'source'],
);
export const settingsRead = gauge(
  'foreshock_kubelet_settings_read_timestamp_seconds',
  "Unix time in seconds when the kubelet's settings were last read.",
);

export const kubeletConfig = defineCollector({
  name: 'kubelet_config',
  help: 'the limits and intervals of the kubelet',
  description:
    "Read once a minute from the kubelet's configuration file, drop-in files and flags; the kubelet itself reads them " +
    'only when it starts. Flags are those of its process, or for k3s, RKE2, k0s and MicroK8s what their services and files ' +
    "give it. A setting that is in none of them has the default of the kubelet's version and is `assumed`; `setting` is " +
    'the name of its field in KubeletConfiguration. While the kubelet is down, its last known settings stay. If it pulls ' +
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
    settingInfo,
    settingsRead,
  ],
  reads: { procfs: 'part', rootfs: 'part' },
  options: {},
  schedule: '20 * * * * *',
  timeoutSeconds: 10,

  collect(context) {
    const { process, minor, configuration, error, readAt } = inspectKubelet(context);
    if (process && minor === undefined) context.absent("the kubelet's version in its executable or from dpkg");
    if (!configuration) {
      if (error === undefined) context.absent('a kubelet');
      return { samples: [] };
    }
    const about = "the kubelet's configuration";
    const settings = tryRead(context, about, () => withSources(configuration, (fields) => readSettings(fields, minor)));
    if (!settings) return { samples: [] };
    const readAtUnixTime = context.unixTime() - (context.now() - (readAt ?? context.now()));
    return {
      samples: [
        ...settingSamples(settings),
        ...SETTING_FIELDS.map((setting) => {
          const source = configuration.configured.includes(setting) ? 'configured' : 'assumed';
          return sample(settingInfo, 1, { setting, source });
        }),
        sample(settingsRead, readAtUnixTime, {}),
      ],
    };
  },
});

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
