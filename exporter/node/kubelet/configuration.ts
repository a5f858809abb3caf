import { posix } from 'node:path';
import type { Tree } from '../host/tree.ts';
import type { Report } from '../report.ts';
import type { KubeletCommand } from './command.ts';
import { defaultsOfFile } from './defaults.ts';
import { type Fields, isFields, textField } from './fields.ts';
import { fieldsOfFlags } from './flags.ts';
import { flagValue } from './go-flags.ts';
import { loadYaml } from './yaml-file.ts';

/** Where the kubelet's configuration is when no `--config` says so. */
const USUAL_FILES = [
  '/var/lib/kubelet/config.yaml', // kubeadm
  '/etc/kubernetes/kubelet/config.json', // EKS with Amazon Linux 2023 (awslabs/amazon-eks-ami, nodeadm)
  '/etc/kubernetes/kubelet/kubelet-config.json', // EKS with Amazon Linux 2
  '/etc/kubernetes/kubelet/config', // Bottlerocket
  '/home/kubernetes/kubelet-config.yaml', // GKE
  '/etc/default/kubeletconfig.json', // AKS
  '/etc/kubernetes/kubelet.yaml', // Talos
  '/etc/kubernetes/kubelet.conf', // OpenShift; with kubeadm it is a kubeconfig
  '/var/lib/k0s/kubelet-config.yaml', // k0s
];

/** What the kubelet runs with: a KubeletConfiguration (kubelet.config.k8s.io/v1beta1), and what it is from. A plain value. */
export interface KubeletConfiguration {
  /** With the defaults that depend on other fields. */
  readonly fields: Fields;
  /** Fields that a file or a flag sets; all others have defaults. */
  readonly configured: readonly string[];
  /** The files, the main one first. */
  readonly sources: readonly string[];
  /** The main file, and whether the kubelet was given it or it is where one usually is. */
  readonly file?: { readonly path: string; readonly isGiven: boolean };
  /** The directory of `--root-dir`. */
  readonly rootDirectory?: string;
  /** What the flags are from; absent when no command of a kubelet was found. */
  readonly flagsFrom?: string;
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
 * other fields, the files of `--config-dir` in the order of their names, then flags. Without a command it is what the
 * usual file says; undefined when there is none either, or when one that does not run has none yet. `minor` is the
 * kubelet's version where that is known. Throws when a file that is there cannot be read or makes no sense, or when the one
 * that the kubelet runs with is not there.
 */
export function readConfiguration(
  context: Context,
  kubelet: KubeletCommand | undefined,
  minor?: number,
): KubeletConfiguration | undefined {
  const isGiven = kubelet !== undefined && flagValue(kubelet.args, 'config') !== undefined;
  const file = kubelet ? givenFile(context, kubelet) : usualFile(context);
  const isRunning = kubelet?.pid !== undefined;
  if (!file && (!kubelet || (isGiven && !isRunning))) return undefined;
  const dropIns = kubelet ? readDropIns(context, kubelet) : [];
  const files = [...(file ? [file] : []), ...dropIns];
  const flags = fieldsOfFlags(kubelet?.args ?? []);
  const sources = files.map(({ path }) => path);
  const base = withSources({ fields: file?.fields ?? {}, sources }, () => defaultsOfFile(file?.fields, minor));
  const merged = dropIns.reduce((fields, dropIn) => merge(fields, dropIn.fields), base);
  const rootDirectory = flagValue(kubelet?.args ?? [], 'root-dir');
  return {
    fields: { ...merged, ...flags },
    configured: configuredFields([...files.map(({ fields }) => fields), flags]),
    sources,
    ...(file && { file: { path: file.path, isGiven } }),
    ...(rootDirectory?.startsWith('/') && { rootDirectory: posix.normalize(rootDirectory) }),
    ...(kubelet && { flagsFrom: kubelet.by }),
  };
}

/** Fields whose zero is the default, which kubeadm writes for all of them (pkg/kubelet/apis/config/v1beta1/defaults.go). */
const ZERO_IS_DEFAULT = new Set([
  'imageMinimumGCAge',
  'nodeStatusUpdateFrequency',
  'nodeStatusReportFrequency',
  'nodeLeaseDurationSeconds',
  'kubeAPIBurst',
]);

/** The names of the fields that the last of `layers` to have them sets to a value that is no default. */
function configuredFields(layers: readonly Fields[]): string[] {
  const last: Fields = Object.assign({}, ...layers.map(withoutNull));
  const isDefault = (name: string, value: unknown) => ZERO_IS_DEFAULT.has(name) && /^0+[a-z]*$/.test(String(value));
  return Object.keys(last).filter((name) => !isDefault(name, last[name]));
}

function withoutNull(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

/** What `read` makes of the fields; its errors name the files that they are from. */
export function withSources<Value>(
  { fields, sources }: Pick<KubeletConfiguration, 'fields' | 'sources'>,
  read: (fields: Fields) => Value,
): Value {
  try {
    return read(fields);
  } catch (error) {
    throw new Error(`${sources.join(', ') || "the kubelet's flags"}: ${(error as Error).message}`);
  }
}

/** Where the kubelet's runtime listens; undefined when nothing says so. Throws when that makes no sense. */
export function endpointOf(configuration: KubeletConfiguration): string | undefined {
  return withSources(configuration, (fields) => textField(fields, 'containerRuntimeEndpoint'));
}

interface ConfigurationFile {
  readonly path: string;
  readonly fields: Fields;
}

/** The file of `--config`; the usual one when that is relative to a directory that is not known. */
function givenFile(context: Context, kubelet: KubeletCommand): ConfigurationFile | undefined {
  const flag = flagValue(kubelet.args, 'config');
  if (!flag) return undefined;
  const path = absolutePath(context, kubelet, flag);
  if (path === undefined) return usualFile(context);
  const fields = readFields(context, path);
  if (!fields && kubelet.pid !== undefined)
    throw new Error(`${path}: not found, although the kubelet was started with it`);
  return fields && { path, fields };
}

function usualFile(context: Context): ConfigurationFile | undefined {
  for (const path of USUAL_FILES) {
    const fields = readFields(context, path);
    const kind = fields?.kind ?? 'KubeletConfiguration';
    if (fields && kind === 'KubeletConfiguration') return { path, fields };
  }
  return undefined;
}

function absolutePath({ host }: Context, { pid }: KubeletCommand, path: string): string | undefined {
  if (posix.isAbsolute(path)) return path;
  const directory = pid === undefined ? undefined : host.procfs.readLink(`${pid}/cwd`);
  return directory === undefined ? undefined : posix.join(directory, path);
}

/** The files `*.conf` below `--config-dir`, in its directories too, in the order of filepath.WalkDir. */
function readDropIns(context: Context, kubelet: KubeletCommand): ConfigurationFile[] {
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
  const merged = Object.entries(withoutNull(patch)).map(([name, value]) => {
    const before = fields[name];
    return [name, isFields(before) && isFields(value) ? merge(before, value) : value] as const;
  });
  return { ...fields, ...Object.fromEntries(merged) };
}
