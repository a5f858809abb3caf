import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { TestContext } from 'node:test';
import { dump } from 'js-yaml';
import { packFiles } from '../../rules/render/files.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../rules/settings.ts';

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

/** Writes the pack and these tests to a folder that goes with the test, and gives what promtool has to say of them. */
export function runPromtool(
  t: TestContext,
  tests: readonly PromtoolTest[],
  { settings = DEFAULT_SETTINGS, interval = '1m' }: { settings?: Settings; interval?: string } = {},
): { readonly ok: boolean; readonly output: string } {
  const directory = mkdtempSync(join(tmpdir(), 'foreshock-rules-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const rules = [...packFiles(settings)].filter(([path]) => path.startsWith(`${settings.format}/`));
  const files = rules.map(([path, content]) => {
    const file = basename(path);
    writeFileSync(join(directory, file), content);
    return file;
  });
  const document = {
    rule_files: files,
    evaluation_interval: interval,
    group_eval_order: ['foreshock-nodes', 'foreshock-heartbeat'],
    tests,
  };
  writeFileSync(join(directory, 'test.yaml'), dump(document, { lineWidth: -1, noRefs: true }));
  const { status, stdout, stderr } = spawnSync('promtool', ['test', 'rules', 'test.yaml'], {
    cwd: directory,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    timeout: 300_000,
  });
  return { ok: status === 0, output: stdout + stderr };
}
