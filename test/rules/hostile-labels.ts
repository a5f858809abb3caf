import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeSpansOf, withoutCode } from '../markdown.ts';
import { missing } from '../programs.ts';
import { shellShape } from '../shell.ts';
import { type PromtoolTest, renderedAnnotations } from './promtool.ts';

type Change = (name: string) => string;

/** What images, pods and processes can be called: harmless here, but it means something to a shell or to a reader. */
const HOSTILE: Readonly<Record<string, Change>> = {
  'command substitution': (name) => `${name}$(id)`,
  backticks: (name) => `${name}\`id\``,
  quotes: (name) => `${name}' "`,
  operators: (name) => `${name}; id | id & id > id < id #`,
  'line breaks': (name) => `${name}\r\nid\u2028id\u2029id\u0085`,
  'invisible characters': (name) => `${name}\u0000\u001b[1m\u200b\u202e`,
  'templates and YAML': (name) => `${name}{{ . }} {"a": [b]}`,
  markup: (name) => `<!channel> *b* ~s~ [x](y) <b>${name}</b> &amp;`,
  expansions: (name) => `~/$HOME/*/?[a]!!\\${name}`,
  'an option': (name) => `--${name}`,
  'a command name, for zsh': (name) => `=${name}`,
  'a long name': (name) => `${name}${'a'.repeat(300)}`,
};

/** Labels whose values come from containers. */
const OF_CONTAINERS = /\b(namespace|pod|container|cgroup|command|directory|image)=("(?:[^"\\]|\\.)+")/g;

/** Labels whose values come from hosts and from the configuration of Prometheus; in one line. */
const OF_HOSTS = /\b(cluster|node|nodename|device|instance)=("(?:[^"\\]|\\.)+")/g;

const kinds: readonly (readonly [kind: string, labels: RegExp, change: Change])[] = [
  ['as it is', OF_CONTAINERS, (name) => name],
  ...Object.entries(HOSTILE).map(([kind, change]) => [kind, OF_CONTAINERS, change] as const),
  ['a host', OF_HOSTS, (name) => `--${name}$(id) \`id\` ' "; {{ . }} <b>*x*</b> #`],
];

/** Series on which an alert fires, and the minute at which it does. */
type FiringSeries = Readonly<{ series: Readonly<Record<string, string>>; firesAt: number }>;

/** Renders each alert with hostile labels: its commands stay what they are, and nothing of a value is markup. */
export function testHostileLabels(
  signature: string,
  cases: Readonly<Record<string, FiringSeries | readonly FiringSeries[] | undefined>>,
): void {
  test(`${signature}: hostile labels change no command and add no markup`, { skip: missing(['promtool']) }, (t) => {
    const tests = Object.entries(cases).flatMap(([alert, alertCases]) =>
      [alertCases ?? []].flat().flatMap((alertCase, index) =>
        kinds.map(([kind, labels, change]) =>
          firingTest(`${alert} ${index}: ${kind}`, alert, alertCase, (series) =>
            // Plain Docker has no namespace and no pod: what is empty stays empty.
            series.replaceAll(labels, (_, label, value) => `${label}=${JSON.stringify(change(JSON.parse(value)))}`),
          ),
        ),
      ),
    );
    const rendered = renderedAnnotations(t, tests, { signature });
    for (const { name } of tests) {
      const [alert = ''] = name.split(': ');
      check(rendered.get(name) ?? {}, rendered.get(`${alert}: as it is`) ?? {}, name);
    }
  });
}

function firingTest(
  name: string,
  alertname: string,
  { series, firesAt }: FiringSeries,
  relabeled: (series: string) => string,
): PromtoolTest {
  return {
    name,
    interval: '1m',
    input_series: Object.entries(series).map(([key, values]) => ({ series: relabeled(key), values })),
    alert_rule_test: [{ eval_time: `${firesAt}m`, alertname, exp_alerts: [] }],
  };
}

type Annotations = Readonly<Record<string, string>>;

function check(hostile: Annotations, plain: Annotations, name: string): void {
  const { description = '', dashboard_url = '', ...others } = hostile;
  const { description: plainDescription = '', dashboard_url: plainUrl = '', ...plainOthers } = plain;
  assert.deepEqual(others, plainOthers, name);
  assert.notEqual(description, '', `${name} does not fire`);
  assert.doesNotMatch(description, /[{}\p{C}\u2028\u2029]/u, name);
  assert.deepEqual(
    codeSpansOf(description).map(shellShape),
    codeSpansOf(plainDescription).map(shellShape),
    description,
  );
  assert.equal(markupOf(description), markupOf(plainDescription), description);
  assert.deepEqual(parametersOf(dashboard_url), parametersOf(plainUrl), name);
}

/** What is neither letter, digit nor harmless punctuation, in order. */
function markupOf(description: string): string {
  return withoutCode(description).replaceAll(/[\p{L}\p{N} _.,/:@=+?()-]/gu, '');
}

/** A URL with the names of its parameters. */
function parametersOf(url: string): string[] {
  const { origin, pathname, hash, searchParams } = new URL(url);
  return [origin, pathname, hash, ...searchParams.keys()];
}
