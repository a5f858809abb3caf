import type { Failure } from './part.ts';

/** What `node --test --test-reporter=tap` said. */
export interface TapResult {
  readonly passed: number;
  readonly failures: readonly Failure[];
  readonly skipped: readonly Failure[];
}

/** A test point: "    not ok 3 - a name # SKIP why". Node.js escapes # and \ in names. */
const POINT = /^( *)(not )?ok \d+ - (.*?)(?: # (SKIP|TODO)\b ?(.*))?$/;

/**
 * Reads the report of Node.js (nodejs.org/api/test.html#tap-output). Subtests stand indented by four blanks before their
 * parent; a parent that failed because of them is left out. Throws when the report ends early, as of a runner that died.
 */
export function parseTap(text: string): TapResult {
  const failures: Failure[] = [];
  const skipped: Failure[] = [];
  const names: string[] = [];
  const lines = text.split('\n');
  for (const [index, line] of lines.entries()) {
    const start = /^( *)# Subtest: (.*)$/.exec(line);
    if (start) names.splice((start[1] ?? '').length / 4, Number.POSITIVE_INFINITY, unescaped(start[2] ?? ''));
    const [match, indent = '', not, name = '', directive, why = ''] = POINT.exec(line) ?? [];
    if (match === undefined) continue;
    const test = [...names.slice(0, indent.length / 4), unescaped(name)].join(' > ');
    if (directive === 'SKIP') skipped.push({ test, error: why });
    if (!not) continue;
    const details = detailsAfter(lines, index + 1, indent);
    if (!/failureType: 'subtestsFailed'/.test(details)) failures.push({ test, error: details });
  }
  const passed = /^# pass (\d+)$/m.exec(text)?.[1];
  if (passed === undefined) throw new Error(`the tests ended early: ${text.trim().slice(-500)}`);
  return { passed: Number(passed), failures, skipped };
}

/** The lines between "---" and "...", without their indentation. */
function detailsAfter(lines: readonly string[], from: number, indent: string): string {
  const edge = `${indent}  `;
  if (lines[from] !== `${edge}---`) return '';
  const end = lines.indexOf(`${edge}...`, from);
  return lines
    .slice(from + 1, end === -1 ? undefined : end)
    .map((line) => line.slice(edge.length))
    .join('\n');
}

function unescaped(name: string): string {
  return name.replaceAll(/\\(.)/g, '$1');
}
