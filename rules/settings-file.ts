import { UsageError } from '../exporter/config/usage-error.ts';
import { readYamlMapping } from '../exporter/config/yaml.ts';
import { ruleGroups } from './pack.ts';
import { DEFAULT_SETTINGS, type Settings } from './settings.ts';
import { signatures } from './signatures/index.ts';

/** The defaults with what a YAML file sets instead. Throws `UsageError`, which names the file and the key. */
export function readSettings(path: string): Settings {
  const document = readYamlMapping(path);
  try {
    return settingsOf(document);
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(`${path}: ${error.message}`);
    throw error;
  }
}

/** The defaults with what a document sets instead; a list and `operator.labels` replace the default. Throws `UsageError`. */
export function settingsOf(document: unknown): Settings {
  const settings = readAll(document, '', DEFAULT_SETTINGS);
  const { cluster, node } = settings.labels;
  if ([node, 'node', 'instance'].includes(cluster)) {
    throw wrong('labels.cluster', 'must be another label than that of nodes or targets', cluster);
  }
  return settings;
}

/** Takes a value as YAML has it for the key `at`; `otherwise` is the default. */
type Read<Value> = (value: unknown, at: string, otherwise: Value) => Value;

function readAll(document: unknown, at: string, otherwise: Settings): Settings {
  const alerts = ruleGroups(DEFAULT_SETTINGS).flatMap((group) => group.alerts.map(({ name }) => name));
  const thresholds = Object.fromEntries(
    signatures.map((signature) => [
      signature.id,
      mapping<Readonly<Record<string, number>>>('threshold', each(Object.keys(signature.thresholds), threshold)),
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
    severities: mapping<Settings['severities']>('alert', each(alerts, oneOf('critical', 'warning', 'info'))),
    disabled: list(alerts, 'alert'),
    runbook_url: urlWith('{alert}'),
    dashboard_url: urlWith('{dashboard}'),
    format: oneOf('prometheus', 'operator'),
    operator: mapping<Settings['operator']>('setting', {
      namespace: text(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'the name of a namespace'),
      labels: kubernetesLabels,
    }),
  });
  return read(document, at, otherwise);
}

/** A mapping whose keys are known; those that are not given keep their defaults. One without content is empty. */
function mapping<Value extends object>(
  kind: string,
  keys: { readonly [Key in keyof Value]: Read<Value[Key]> },
): Read<Value> {
  return (value, at, otherwise = {} as Value) => {
    const read = entries(value, at).map(([name, one]) => {
      const where = at === '' ? name : `${at}.${name}`;
      if (!Object.hasOwn(keys, name)) throw new UsageError(`${where}: no such ${kind}; ${there(Object.keys(keys))}`);
      const key = name as keyof Value & string;
      return [key, keys[key](one, where, otherwise[key])] as const;
    });
    return { ...otherwise, ...Object.fromEntries(read) };
  };
}

/** The same for each of these keys. */
function each<Value>(names: readonly string[], read: Read<Value>): Readonly<Record<string, Read<Value>>> {
  return Object.fromEntries(names.map((name) => [name, read]));
}

function entries(value: unknown, at: string): [string, unknown][] {
  if (value === null || value === undefined) return [];
  if (typeof value !== 'object' || Array.isArray(value)) throw wrong(at, 'must be a mapping', value);
  return Object.entries(value);
}

function list(names: readonly string[], kind: string): Read<readonly string[]> {
  return (value, at) => {
    if (value === null) return [];
    if (!Array.isArray(value)) throw wrong(at, `must be a list of ${kind}s`, value);
    return value.map((one: unknown) => {
      if (typeof one !== 'string' || !names.includes(one)) {
        throw new UsageError(`${at}: no such ${kind} ${JSON.stringify(one)}; ${there(names)}`);
      }
      return one;
    });
  };
}

function oneOf<const Value extends string>(...values: readonly Value[]): Read<Value> {
  return (value, at) => {
    const found = values.find((one) => one === value);
    if (found === undefined) throw wrong(at, `must be one of ${values.join(', ')}`, value);
    return found;
  };
}

function threshold(value: unknown, at: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) {
    throw wrong(at, 'must be a number, 0 or more', value);
  }
  return value;
}

function text(pattern: RegExp, what: string): Read<string> {
  return (value, at) => {
    if (typeof value !== 'string' || !pattern.test(value)) throw wrong(at, `must be ${what}`, value);
    return value;
  };
}

const LABEL_NAME = '[a-zA-Z_][a-zA-Z0-9_]*';
const labelName = text(new RegExp(`^${LABEL_NAME}$`), 'the name of a label');

/** As PromQL writes them (prometheus.io/docs/prometheus/latest/querying/basics): at least one, since others follow. */
const QUOTED = String.raw`"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\`[^\`]*\``;
const MATCHER = `\\s*${LABEL_NAME}\\s*(?:=~|!~|!=|=)\\s*(?:${QUOTED})\\s*`;
const matchers = text(new RegExp(`^${MATCHER}(?:,${MATCHER})*$`), 'label matchers, such as job="kubelet"');

function urlWith(placeholder: string): Read<string> {
  return (value, at) => {
    if (typeof value !== 'string' || !/^https?:\/\/./.test(value) || !value.includes(placeholder)) {
      throw wrong(at, `must be an http or https URL with ${placeholder} in it`, value);
    }
    return value;
  };
}

/** Values as the API server takes them (kubernetes.io/docs/concepts/overview/working-with-objects/labels). */
function kubernetesLabels(value: unknown, at: string): Readonly<Record<string, string>> {
  const label = text(/^([A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?)?$/, 'the value of a label, as text');
  return Object.fromEntries(entries(value, at).map(([name, one]) => [name, label(one, `${at}.${name}`, '')]));
}

function there(names: readonly string[]): string {
  return names.length === 0 ? 'there are none' : `there are ${names.join(', ')}`;
}

function wrong(at: string, must: string, value: unknown): UsageError {
  return new UsageError(`${at}: ${must}, not ${JSON.stringify(value)}`);
}
