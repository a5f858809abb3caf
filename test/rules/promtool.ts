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

interface Options {
  readonly settings?: Settings;
  /** Between two evaluations. */
  readonly interval?: string;
  /** Whose rules are loaded, with those that they are made of: the fewer, the sooner it is done; all unless it is given. */
  readonly signature?: string;
}

/** Writes the pack and these tests to a folder that goes with the test, and gives what promtool has to say of them. */
export function runPromtool(
  t: TestContext,
  tests: readonly PromtoolTest[],
  { settings = DEFAULT_SETTINGS, interval = '1m', signature }: Options = {},
): Verdict {
  const wanted = signature === undefined ? signatures.map(({ id }) => id) : [signature];
  const rules = [...packFiles(settings)].filter(([path]) =>
    [...withWhatTheyRead(wanted, settings)].some((id) => path === `${settings.format}/${id}.yaml`),
  );
  const { directory, files } = written(t, rules);
  const document = {
    rule_files: files,
    evaluation_interval: interval,
    // What others read comes first; Prometheus itself knows no order, and is an interval late.
    group_eval_order: [...new Set(['nodes', 'heartbeat', ...signatures.map(({ id }) => id)])].map(
      (id) => `foreshock-${id}`,
    ),
    tests,
  };
  writeFileSync(join(directory, 'test.yaml'), dump(document, { lineWidth: -1, noRefs: true }));
  return promtool(directory, ['test', 'rules', 'test.yaml']);
}

/** The groups of signatures, and those whose recorded series they read. */
function withWhatTheyRead(ids: readonly string[], settings: Settings): ReadonlySet<string> {
  const groups = ruleGroups(settings);
  const found = new Set(ids);
  // A set gives what is added to it meanwhile, too.
  for (const id of found) {
    const text = JSON.stringify(groups.find((group) => group.id === id));
    for (const { id: other, records } of groups)
      if (records.some(({ record }) => text.includes(record))) found.add(other);
  }
  return found;
}

/** What promtool has to say of rule files, by their paths, when it looks for all that it knows to be wrong. */
export function checkRules(t: TestContext, contents: readonly (readonly [string, string])[]): Verdict {
  const { directory, files } = written(t, contents);
  return promtool(directory, ['check', 'rules', '--lint=all', '--lint-fatal', ...files]);
}

/** Files in a folder that goes with the test; without folders of their own. */
function written(t: TestContext, contents: readonly (readonly [string, string])[]) {
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
    // Its garbage is gone with it: a third less time.
    env: { ...process.env, GOGC: '400' },
  });
  return { ok: status === 0, output: stdout + stderr };
}
