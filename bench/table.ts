import type { Row } from './comparison.ts';
import type { Summary } from './statistics.ts';

/**
 * A table in Markdown, padded so that it also reads in a terminal: for each build the median, with the spread where there
 * were several rounds; then the first build ÷ the second.
 */
export function tableOf(rows: readonly Row[], programs: readonly string[]): string {
  const ratio = programs.length > 1 ? ['ratio'] : [];
  const header = ['figure', ...programs, ...ratio, 'peer', 'goal'];
  const cells = rows.map((row) => [
    row.what,
    ...programs.map((program) => shown(row.builds.get(program), row.unit)),
    ...ratio.map(() => ratioOf(row, programs)),
    row.peer ? `${row.peer.program}: ${shown(row.peer, row.unit)}` : '',
    goalOf(row),
  ]);
  const widths = header.map((title, column) =>
    Math.max(title.length, ...cells.map((line) => line[column]?.length ?? 0)),
  );
  const line = (texts: readonly string[]) => `| ${texts.map((text, i) => text.padEnd(widths[i] ?? 0)).join(' | ')} |\n`;
  return [header, widths.map((width) => '-'.repeat(width)), ...cells].map(line).join('');
}

/** "12.3 ms (11.9–14.0)". */
function shown(summary: Summary | undefined, unit: string): string {
  if (!summary) return '';
  const { median, min, max } = summary;
  if (min === Number.POSITIVE_INFINITY) return 'died';
  return `${rounded(median)} ${unit}${min === max ? '' : ` (${rounded(min)}–${rounded(max)})`}`;
}

function ratioOf({ builds }: Row, [first = '', second = '']: readonly string[]): string {
  const [a, b] = [builds.get(first)?.median, builds.get(second)?.median];
  return a === undefined || !b || !Number.isFinite(a) || !Number.isFinite(b) ? '' : (a / b).toFixed(2);
}

function goalOf({ goal, peer, unit }: Row): string {
  if (!goal) return '';
  return 'atMost' in goal ? `≤ ${goal.atMost} ${unit}` : `≤ ${goal.timesPeer} × ${peer?.program ?? 'its peer'}`;
}

/** Three digits that matter, and all before the point. A figure is infinite if the program died of what was measured. */
function rounded(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return 'died';
  return Math.abs(value) >= 100 ? Math.round(value).toString() : Number(value.toPrecision(3)).toString();
}
