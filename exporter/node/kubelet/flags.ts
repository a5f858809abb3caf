import type { Fields } from './fields.ts';
import { flagValue, switchValue } from './go-flags.ts';

/** Flags of the same meaning as a field of the configuration (cmd/kubelet/app/options/options.go). */
const FLAGS: Record<string, string> = {
  'image-gc-high-threshold': 'imageGCHighThresholdPercent',
  'image-gc-low-threshold': 'imageGCLowThresholdPercent',
  'minimum-image-ttl-duration': 'imageMinimumGCAge',
  'node-status-update-frequency': 'nodeStatusUpdateFrequency',
  'kube-api-qps': 'kubeAPIQPS',
  'kube-api-burst': 'kubeAPIBurst',
  'container-log-max-size': 'containerLogMaxSize',
  'container-log-max-files': 'containerLogMaxFiles',
  'container-runtime-endpoint': 'containerRuntimeEndpoint',
};

/** The fields of a KubeletConfiguration that flags set, as their texts. */
export function fieldsOfFlags(args: readonly string[]): Fields {
  const texts = Object.entries(FLAGS).map(([flag, field]) => [field, flagValue(args, flag)] as const);
  const eviction = flagValue(args, 'eviction-hard');
  const all = [
    ...texts,
    ['serializeImagePulls', switchValue(args, 'serialize-image-pulls')] as const,
    ['evictionHard', eviction === undefined ? undefined : parseThresholds(eviction)] as const,
  ];
  return Object.fromEntries(all.filter(([, value]) => value !== undefined));
}

/** `memory.available<100Mi,nodefs.available<10%`. */
function parseThresholds(text: string): Fields {
  const pairs = text.split(',').map((pair) => pair.trim().split('<'));
  return Object.fromEntries(pairs.flatMap(([signal, value]) => (signal && value ? [[signal, value]] : [])));
}
