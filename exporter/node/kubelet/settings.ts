import { booleanField, durationField, type Fields, integerField, isFields, textField } from './fields.ts';
import { parseQuantity } from './quantity.ts';

/** What the kubelet runs with, of the things that make a node die. Times are in seconds. */
export interface KubeletSettings extends ImageGcThresholds {
  readonly imageGcMinimumAge: number;
  readonly statusUpdateInterval: number;
  readonly statusReportInterval: number;
  readonly leaseDuration: number;
  readonly serializeImagePulls: boolean;
  readonly apiQps: number;
  readonly apiBurst: number;
  readonly evictionThresholds: readonly EvictionThreshold[];
}

/** The fields that the metrics of settings are made of, those of the log limit among them. */
export const SETTING_FIELDS = [
  'imageGCHighThresholdPercent',
  'imageGCLowThresholdPercent',
  'imageMinimumGCAge',
  'nodeStatusUpdateFrequency',
  'nodeStatusReportFrequency',
  'nodeLeaseDurationSeconds',
  'serializeImagePulls',
  'kubeAPIQPS',
  'kubeAPIBurst',
  'evictionHard',
  'containerLogMaxSize',
  'containerLogMaxFiles',
] as const;
export type SettingField = (typeof SETTING_FIELDS)[number];

/** Percent of the image filesystem in use, at which images are deleted and down to which. */
export interface ImageGcThresholds {
  readonly highPercent: number;
  readonly lowPercent: number;
}

/** What must be left, or pods are evicted: a share of the whole, or a number of what the signal counts. */
export interface EvictionThreshold {
  readonly signal: string;
  readonly unit: 'ratio' | 'bytes' | 'inodes' | 'pids';
  readonly value: number;
}

/**
 * Reads the fields of a merged configuration; what is not set has the default of the kubelet's version, that of current
 * releases when it is not known (pkg/kubelet/apis/config/v1beta1/defaults.go). Throws when a field makes no sense.
 */
export function readSettings(fields: Fields, minor: number | undefined): KubeletSettings {
  const isBefore127 = minor !== undefined && minor < 27;
  return {
    ...readImageGcThresholds(fields),
    imageGcMinimumAge: durationField(fields, 'imageMinimumGCAge') ?? 120,
    statusUpdateInterval: durationField(fields, 'nodeStatusUpdateFrequency') ?? 10,
    statusReportInterval: durationField(fields, 'nodeStatusReportFrequency') ?? 300,
    leaseDuration: integerField(fields, 'nodeLeaseDurationSeconds') || 40,
    serializeImagePulls: booleanField(fields, 'serializeImagePulls') ?? true,
    apiQps: integerField(fields, 'kubeAPIQPS') ?? (isBefore127 ? 5 : 50),
    apiBurst: integerField(fields, 'kubeAPIBurst') || (isBefore127 ? 10 : 100),
    evictionThresholds: readEvictionThresholds(fields),
  };
}

export function readImageGcThresholds(fields: Fields): ImageGcThresholds {
  return {
    highPercent: integerField(fields, 'imageGCHighThresholdPercent') ?? 85,
    lowPercent: integerField(fields, 'imageGCLowThresholdPercent') ?? 80,
  };
}

/** As `memory.available`; errors and labels name it. */
const SIGNAL = /^[\w.-]{1,63}$/;

function readEvictionThresholds({ evictionHard }: Fields): EvictionThreshold[] {
  if (evictionHard === undefined || evictionHard === null) return [];
  if (!isFields(evictionHard)) throw new Error('evictionHard: not a map');
  return Object.keys(evictionHard).flatMap((signal) => {
    if (!SIGNAL.test(signal)) throw new Error('evictionHard: not a signal');
    return parseThreshold(signal, textField(evictionHard, signal) ?? '') ?? [];
  });
}

/** `10%` or a quantity; `0%` and `100%` switch a signal off (pkg/kubelet/eviction/helpers.go, parseThresholdStatement). */
function parseThreshold(signal: string, text: string): EvictionThreshold | undefined {
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(text)?.[1];
  if (percent !== undefined) {
    const value = Number(percent) / 100;
    return value === 0 || value === 1 ? undefined : { signal, unit: 'ratio', value };
  }
  try {
    return { signal, unit: unitOf(signal), value: parseQuantity(text) };
  } catch (error) {
    throw new Error(`evictionHard: ${signal}: ${(error as Error).message}`);
  }
}

function unitOf(signal: string): EvictionThreshold['unit'] {
  if (signal.endsWith('.inodesFree')) return 'inodes';
  return signal === 'pid.available' ? 'pids' : 'bytes';
}
