import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { dump } from 'js-yaml';
import { ruleGroups } from '../../rules/pack.ts';
import { packFiles } from '../../rules/render/files.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../rules/settings.ts';
import { signatures } from '../../rules/signatures/index.ts';

/** One test of `promtool test rules` (prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules). */
export interface PromtoolTest {
  readonly name: string;
  readonly interval: string;
  readonly input_series: readonly { readonly series: string; readonly values: string }[];
  readonly alert_rule_test?: readonly {
    readonly eval_time: string;
    readonly alertname: string;
    readonly exp_alerts: readonly {
      readonly exp_labels: Readonly<Record<string, string>>;
      readonly exp_annotations: Readonly<Record<string, string>>;
    }[];
  }[];
  readonly promql_expr_test?: readonly {
    readonly expr: string;
    readonly eval_time: string;
    readonly exp_samples: readonly { readonly labels: string; readonly value: number }[];
  }[];
}

export interface Verdict {
  readonly ok: boolean;
  readonly output: string;
}

/**
 * Minutes by which an alert on a range may fire or be silent at other times than in Prometheus 2: since 3.0 a sample that is
 * exactly as old as the range is long does not count (prometheus.io/docs/prometheus/latest/migration, "Range selectors and
 * lookback exclude samples coinciding with the left boundary"). Samples of tests have round times, so that it happens to all.
 */
export const LEFT_OPEN_MINUTES = majorVersion() >= 3 ? 1 : 0;

/** Of promtool; NaN where there is none. */
function majorVersion(): number {
  const { stdout, stderr } = spawnSync('promtool', ['--version'], { encoding: 'utf8' });
  return Number(/version (\d+)/.exec(`${stdout}${stderr}`)?.[1]);
}

interface Options {
  readonly settings?: Settings;
  /** Time between two evaluations. */
  readonly interval?: string;
  /** Loads only the rules of this signature and those that they read, which is faster than all. */
  readonly signature?: string;
}

/** Runs these tests on the rules, in a folder that is removed after the test. */
export function runPromtool(
  t: TestContext,
  tests: readonly PromtoolTest[],
  { settings = DEFAULT_SETTINGS, interval = '1m', signature }: Options = {},
): Verdict {
  const wanted = signature === undefined ? signatures.map(({ id }) => id) : [signature];
  const rules = [...packFiles(settings)].filter(([path]) =>
    [...withWhatTheyRead(wanted, settings)].some((id) => path === `${settings.format}/${id}.yaml`),
  );
  const { directory, files } = writeFiles(t, rules);
  const document = {
    rule_files: files,
    evaluation_interval: interval,
    // Groups that others read come first; Prometheus itself has no order, and is one interval late.
    group_eval_order: [...new Set(['nodes', 'heartbeat', ...signatures.map(({ id }) => id)])].map(
      (id) => `foreshock-${id}`,
    ),
    tests,
  };
  writeFileSync(join(directory, 'test.yaml'), dump(document, { lineWidth: -1, noRefs: true }));
  return promtool(directory, ['test', 'rules', 'test.yaml']);
}

/**
 * The annotations of the alert that fires in each of these tests, which expect none: promtool prints what it got instead,
 * as `Annotations:{name="value", …}` with the values quoted as in Go.
 */
export function renderedAnnotations(
  t: TestContext,
  tests: readonly PromtoolTest[],
  options: Options,
): Map<string, Readonly<Record<string, string>>> {
  const { output } = runPromtool(t, tests, options);
  const failures = output.split(/^ {4}name: /m).slice(1);
  return new Map(
    failures.map((failure) => {
      const [, name = '', annotations = ''] = /^(.*),\n[\s\S]*?^ +Annotations:\{(.*)\}$/m.exec(failure) ?? [];
      const pairs = [...annotations.matchAll(/(\w+)=("(?:[^"\\]|\\.)*")/g)];
      return [name, Object.fromEntries(pairs.map(([, key = '', value = '']) => [key, unquoted(value)]))];
    }),
  );
}

/** The value of a string as `%q` prints it (pkg.go.dev/strconv#Quote): JSON, but for a few escapes. */
function unquoted(text: string): string {
  const json = text.replaceAll(/\\(?:x(..)|U000(.{5})|([av])|.)/g, (sequence, byte?, rune?, control?) => {
    if (byte !== undefined) return `\\u00${byte}`;
    if (rune !== undefined) return String.fromCodePoint(Number.parseInt(rune, 16));
    return control === undefined ? sequence : control === 'a' ? '\\u0007' : '\\u000b';
  });
  return JSON.parse(json);
}

/** These groups, and those whose recorded series they read. */
function withWhatTheyRead(ids: readonly string[], settings: Settings): ReadonlySet<string> {
  const groups = ruleGroups(settings);
  const found = new Set(ids);
  // The loop also visits what is added to the set meanwhile.
  for (const id of found) {
    const text = JSON.stringify(groups.find((group) => group.id === id));
    for (const { id: other, records } of groups)
      if (records.some(({ record }) => text.includes(record))) found.add(other);
  }
  return found;
}

/** Checks rule files, given by path, with all lints of promtool. */
export function checkRules(t: TestContext, contents: readonly (readonly [string, string])[]): Verdict {
  const { directory, files } = writeFiles(t, contents);
  return promtool(directory, ['check', 'rules', '--lint=all', '--lint-fatal', ...files]);
}

/** Writes the files to one folder that is removed after the test. */
function writeFiles(t: TestContext, contents: readonly (readonly [string, string])[]) {
  const directory = mkdtempSync(join(tmpdir(), 'foreshock-rules-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const files = contents.map(([path, content]) => {
    const file = path.replaceAll('/', '-');
    writeFileSync(join(directory, file), content);
    return file;
  });
  return { directory, files };
}

function promtool(directory: string, args: readonly string[]): Verdict {
  const { status, stdout, stderr } = spawnSync('promtool', args, {
    cwd: directory,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    timeout: 600_000,
    // Collects less garbage, for a third less time.
    env: { ...process.env, GOGC: '400' },
  });
  return { ok: status === 0, output: stdout + stderr };
}
