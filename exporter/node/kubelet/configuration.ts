import { posix } from 'node:path';
import type { Tree } from '../host/tree.ts';
import type { Report } from '../report.ts';
import { defaultsOfFile } from './defaults.ts';
import { type Fields, isFields } from './fields.ts';
import { flagValue, switchValue } from './go-flags.ts';
import type { KubeletProcess } from './process.ts';
import { loadYaml } from './yaml-file.ts';

/** Where the kubelet's configuration is when no `--config` says so. */
const USUAL_FILES = [
  '/var/lib/kubelet/config.yaml', // kubeadm
  '/etc/kubernetes/kubelet/config.json', // EKS with Amazon Linux 2023 (awslabs/amazon-eks-ami, nodeadm)
  '/etc/kubernetes/kubelet/kubelet-config.json', // EKS with Amazon Linux 2
  '/home/kubernetes/kubelet-config.yaml', // GKE
];

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

/** What the kubelet runs with: a KubeletConfiguration (kubelet.config.k8s.io/v1beta1), and the files it is from. */
export interface KubeletConfiguration {
  readonly fields: Fields;
  readonly sources: readonly string[];
}

interface Context extends Pick<Report, 'host' | 'progress'> {
  /** The files as the kubelet sees them; absent when they are those of the host. */
  readonly files?: Tree;
}

/** What is looked at below `--config-dir`, and below it how deep. */
const MAX_DROP_IN_ENTRIES = 1000;
const MAX_DROP_IN_DEPTH = 8;

/**
 * The configuration of a kubelet as it merges it (cmd/kubelet/app/server.go): its file with the defaults that depend on
 * other fields, the files of `--config-dir` in the order of their names, then flags. Without a process it is what the
 * usual file says; undefined when there is none either. `minor` is the kubelet's version where that is known. Throws
 * when a file that is there cannot be read or makes no sense, or when the one that the kubelet was given is not there.
 */
export function readConfiguration(
  context: Context,
  kubelet: KubeletProcess | undefined,
  minor?: number,
): KubeletConfiguration | undefined {
  const file = kubelet ? givenFile(context, kubelet) : usualFile(context);
  if (!file && !kubelet) return undefined;
  const dropIns = kubelet ? readDropIns(context, kubelet) : [];
  const sources = [...(file ? [file] : []), ...dropIns].map(({ path }) => path);
  const base = withSources({ fields: file?.fields ?? {}, sources }, () => defaultsOfFile(file?.fields, minor));
  const merged = dropIns.reduce((fields, dropIn) => merge(fields, dropIn.fields), base);
  return { fields: { ...merged, ...fieldsOfFlags(kubelet?.args ?? []) }, sources };
}

/** What `read` makes of the fields; its errors name the files that they are from. */
export function withSources<Value>({ fields, sources }: KubeletConfiguration, read: (fields: Fields) => Value): Value {
  try {
    return read(fields);
  } catch (error) {
    throw new Error(`${sources.join(', ') || "the kubelet's flags"}: ${(error as Error).message}`);
  }
}

interface ConfigurationFile {
  readonly path: string;
  readonly fields: Fields;
}

/** The file of `--config`; the usual one when that is relative to a directory that is not known. */
function givenFile(context: Context, kubelet: KubeletProcess): ConfigurationFile | undefined {
  const flag = flagValue(kubelet.args, 'config');
  if (!flag) return undefined;
  const path = absolutePath(context, kubelet, flag);
  if (path === undefined) return usualFile(context);
  const fields = readFields(context, path);
  if (!fields) throw new Error(`${path}: not found, although the kubelet was started with it`);
  return { path, fields };
}

function usualFile(context: Context): ConfigurationFile | undefined {
  for (const path of USUAL_FILES) {
    const fields = readFields(context, path);
    if (fields) return { path, fields };
  }
  return undefined;
}

function absolutePath({ host }: Context, { pid }: KubeletProcess, path: string): string | undefined {
  if (posix.isAbsolute(path)) return path;
  const directory = host.procfs.readLink(`${pid}/cwd`);
  return directory === undefined ? undefined : posix.join(directory, path);
}

/** The files `*.conf` below `--config-dir`, in its directories too, in the order of filepath.WalkDir. */
function readDropIns(context: Context, kubelet: KubeletProcess): ConfigurationFile[] {
  const flag = flagValue(kubelet.args, 'config-dir');
  const directory = flag && absolutePath(context, kubelet, flag);
  const entries = directory ? filesBelow(filesOf(context), directory, MAX_DROP_IN_DEPTH) : [];
  const paths: string[] = [];
  for (const path of entries) {
    paths.push(path);
    if (paths.length > MAX_DROP_IN_ENTRIES) throw new Error(`${directory}: more than ${MAX_DROP_IN_ENTRIES} files`);
  }
  return paths.flatMap((path) => {
    const fields = path.endsWith('.conf') ? readFields(context, path) : undefined;
    return fields ? { path, fields } : [];
  });
}

function* filesBelow(files: Tree, directory: string, depth: number): Generator<string> {
  const tree = files.subtree(directory);
  const directories = new Set(tree.directories());
  for (const name of tree.listIfPresent().sort()) {
    const path = posix.join(directory, name);
    if (!directories.has(name)) yield path;
    else if (depth > 1) yield* filesBelow(files, path, depth - 1);
  }
}

function filesOf({ host, files }: Context): Tree {
  return files ?? host.rootfs;
}

function readFields(context: Context, path: string): Fields | undefined {
  context.progress(path);
  const value = loadYaml(filesOf(context), path);
  if (value !== undefined && !isFields(value)) throw new Error(`${path}: not a KubeletConfiguration`);
  return value;
}

/** A JSON merge patch (RFC 7386): maps are merged, all else is replaced; here null leaves a field as it was. */
function merge(fields: Fields, patch: Fields): Fields {
  const set = Object.entries(patch).filter(([, value]) => value !== null);
  const merged = set.map(([name, value]) => {
    const before = fields[name];
    return [name, isFields(before) && isFields(value) ? merge(before, value) : value] as const;
  });
  return { ...fields, ...Object.fromEntries(merged) };
}

function fieldsOfFlags(args: readonly string[]): Fields {
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
