import { UsageError } from '../exporter/config/usage-error.ts';
import { readYamlMapping } from '../exporter/config/yaml.ts';
import { ruleGroups } from './pack.ts';
import { DEFAULT_SETTINGS, type Settings } from './settings.ts';
import { signatures } from './signatures/index.ts';

/** The defaults, overridden by a YAML file. Throws `UsageError`, which names the file and the key. */
export function readSettings(path: string): Settings {
  const document = readYamlMapping(path);
  try {
    return settingsOf(document);
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(`${path}: ${error.message}`);
    throw error;
  }
}

/** The defaults, overridden by a document; a list and `operator.labels` replace the default. Throws `UsageError`. */
export function settingsOf(document: unknown): Settings {
  const settings = readDocument(document);
  const { cluster, node } = settings.labels;
  if ([node, 'node', 'instance'].includes(cluster)) {
    throw invalid('labels.cluster', 'must differ from node, instance and labels.node', cluster);
  }
  return settings;
}

/** Reads the YAML value of the setting with this key, as `labels.node`. Throws `UsageError`. */
type Read<Value> = (value: unknown, key: string, defaultValue: Value) => Value;

function readDocument(document: unknown): Settings {
  const alerts = ruleGroups(DEFAULT_SETTINGS).flatMap((group) => group.alerts.map(({ name }) => name));
  const thresholds = Object.fromEntries(
    signatures.map((signature) => [
      signature.id,
      mapping<Readonly<Record<string, number>>>('threshold', each(Object.keys(signature.thresholds), notNegative)),
    ]),
  );
  const read = mapping<Settings>('setting', {
    selectors: mapping<Settings['selectors']>('selector', {
      foreshock: matchers,
      node_exporter: matchers,
      kubelet: matchers,
      kube_state_metrics: matchers,
    }),
    labels: mapping<Settings['labels']>('label', { cluster: labelName, node: labelName }),
    thresholds: mapping<Settings['thresholds']>('signature', thresholds),
    node_monitor_grace_seconds: notNegative,
    severities: mapping<Settings['severities']>('alert', each(alerts, oneOf('critical', 'warning', 'info'))),
    disabled: list(alerts, 'alert'),
    runbook_url: urlWith('{alert}'),
    dashboard_url: urlWith('{dashboard}'),
    format: oneOf('prometheus', 'operator'),
    operator: mapping<Settings['operator']>('setting', {
      namespace: text(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'a namespace name'),
      labels: kubernetesLabels,
    }),
  });
  return read(document, '', DEFAULT_SETTINGS);
}

/** A mapping with these keys; those that it leaves out keep their defaults. */
function mapping<Value extends object>(
  kind: string,
  keys: { readonly [Key in keyof Value]: Read<Value[Key]> },
): Read<Value> {
  return (value, key, defaults = {} as Value) => {
    const read = entries(value, key).map(([name, item]) => {
      const itemKey = key === '' ? name : `${key}.${name}`;
      if (!Object.hasOwn(keys, name))
        throw new UsageError(`${itemKey}: unknown ${kind}; ${available(Object.keys(keys))}`);
      const known = name as keyof Value & string;
      return [known, keys[known](item, itemKey, defaults[known])] as const;
    });
    return { ...defaults, ...Object.fromEntries(read) };
  };
}

/** The same reader for each of these keys. */
function each<Value>(names: readonly string[], read: Read<Value>): Readonly<Record<string, Read<Value>>> {
  return Object.fromEntries(names.map((name) => [name, read]));
}

/** A key without a value is an empty mapping, as in a file where all lines below it are commented out. */
function entries(value: unknown, key: string): [string, unknown][] {
  if (value === null || value === undefined) return [];
  if (typeof value !== 'object' || Array.isArray(value)) throw invalid(key, 'must be a mapping', value);
  return Object.entries(value);
}

function list(names: readonly string[], kind: string): Read<readonly string[]> {
  return (value, key) => {
    if (value === null) return [];
    if (!Array.isArray(value)) throw invalid(key, `must be a list of ${kind}s`, value);
    return value.map((item: unknown) => {
      if (typeof item !== 'string' || !names.includes(item)) {
        throw new UsageError(`${key}: unknown ${kind} ${JSON.stringify(item)}; ${available(names)}`);
      }
      return item;
    });
  };
}

function oneOf<const Value extends string>(...values: readonly Value[]): Read<Value> {
  return (value, key) => {
    const found = values.find((candidate) => candidate === value);
    if (found === undefined) throw invalid(key, `must be one of ${values.join(', ')}`, value);
    return found;
  };
}

function notNegative(value: unknown, key: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) {
    throw invalid(key, 'must be a number, 0 or more', value);
  }
  return value;
}

function text(pattern: RegExp, what: string): Read<string> {
  return (value, key) => {
    if (typeof value !== 'string' || !pattern.test(value)) throw invalid(key, `must be ${what}`, value);
    return value;
  };
}

const LABEL_NAME = '[a-zA-Z_][a-zA-Z0-9_]*';
const labelName = text(new RegExp(`^${LABEL_NAME}$`), 'a label name');

/** As PromQL writes them (prometheus.io/docs/prometheus/latest/querying/basics): at least one, since others follow. */
const QUOTED = String.raw`"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\`[^\`]*\``;
const MATCHER = `\\s*${LABEL_NAME}\\s*(?:=~|!~|!=|=)\\s*(?:${QUOTED})\\s*`;
const matchers = text(new RegExp(`^${MATCHER}(?:,${MATCHER})*$`), 'label matchers, such as job="kubelet"');

function urlWith(placeholder: string): Read<string> {
  return (value, key) => {
    if (typeof value !== 'string' || !/^https?:\/\/./.test(value) || !value.includes(placeholder)) {
      throw invalid(key, `must be an http or https URL that contains ${placeholder}`, value);
    }
    return value;
  };
}

/** Values that the API server accepts (kubernetes.io/docs/concepts/overview/working-with-objects/labels). */
function kubernetesLabels(value: unknown, key: string): Readonly<Record<string, string>> {
  const label = text(/^([A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?)?$/, 'a label value in quotes');
  return Object.fromEntries(entries(value, key).map(([name, item]) => [name, label(item, `${key}.${name}`, '')]));
}

function available(names: readonly string[]): string {
  return names.length === 0 ? 'none available' : `available: ${names.join(', ')}`;
}

function invalid(key: string, requirement: string, value: unknown): UsageError {
  return new UsageError(`${key}: ${requirement}, not ${JSON.stringify(value)}`);
}
