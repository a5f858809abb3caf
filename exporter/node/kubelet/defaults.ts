import { booleanField, durationField, type Fields, integerField, isFields } from './fields.ts';

/**
 * A configuration file, or none, with those defaults that depend on its other fields: what drop-in files and flags set
 * later does not change them (pkg/kubelet/apis/config/v1beta1/defaults.go; cmd/kubelet/app/server.go, loadConfigFile).
 */
export function defaultsOfFile(file: Fields | undefined, minor: number | undefined): Fields {
  const fields = file ?? {};
  const isReportSet = durationField(fields, 'nodeStatusReportFrequency') !== undefined;
  const isUpdateSet = durationField(fields, 'nodeStatusUpdateFrequency') !== undefined;
  const reportDefault = isUpdateSet ? fields.nodeStatusUpdateFrequency : '5m';
  const maxParallel = integerField(fields, 'maxParallelImagePulls') ?? 1;
  return {
    ...fields,
    nodeStatusReportFrequency: isReportSet ? fields.nodeStatusReportFrequency : reportDefault,
    serializeImagePulls: booleanField(fields, 'serializeImagePulls') ?? maxParallel < 2,
    evictionHard: evictionOfFile(file, minor),
  };
}

/**
 * Thresholds are all replaced by those of the file, unless it says that they are to be merged (since 1.34). Without a file
 * there are none since 1.25.
 */
function evictionOfFile(file: Fields | undefined, minor: number | undefined): Fields {
  const defaults = defaultEviction(minor);
  if (!file) return minor !== undefined && minor < 25 ? defaults : {};
  const own = file.evictionHard ?? undefined;
  if (own === undefined) return defaults;
  if (!isFields(own)) throw new Error('evictionHard: not a map');
  return booleanField(file, 'mergeDefaultEvictionSettings') ? { ...defaults, ...own } : own;
}

/** pkg/kubelet/eviction/defaults_linux.go; the inodes of images came with 1.30. */
function defaultEviction(minor: number | undefined): Fields {
  return {
    'memory.available': '100Mi',
    'nodefs.available': '10%',
    'nodefs.inodesFree': '5%',
    'imagefs.available': '15%',
    ...(minor === undefined || minor >= 30 ? { 'imagefs.inodesFree': '5%' } : {}),
  };
}
