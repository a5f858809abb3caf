/** A gap between a Prometheus and what the rules need. */
export interface Finding {
  /** A note costs no alert anything: it has the data from another source, or it does not apply here. */
  readonly level: 'missing' | 'note';
  readonly what: string;
  /** The alerts that use what is missing. */
  readonly alerts?: readonly string[];
  readonly remedy?: string;
}

/** What moves the cursor of a terminal, forges a line of the report or cannot be seen: names are claims of what is scraped. */
const NOT_OF_A_LINE = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** The list as text: its first `max` entries, and how many more there are. */
export function abbreviate(list: readonly string[], max = 5): string {
  const more = list.length - max;
  return more > 1 ? `${list.slice(0, max).join(', ')} and ${more} more` : list.join(', ');
}

/** What is missing, then the notes, then a line that sums it up. */
export function report(findings: readonly Finding[], url: string): string {
  const missing = findings.filter(({ level }) => level === 'missing');
  const notes = findings.filter(({ level }) => level === 'note');
  const count = missing.length === 1 ? '1 thing is missing.' : `${missing.length} things are missing.`;
  const end = missing.length === 0 ? 'Nothing is missing.' : count;
  return [`Checked ${url}`, ...section('Missing', missing), ...section('Notes', notes), end].join('\n\n').concat('\n');
}

function section(title: string, findings: readonly Finding[]): string[] {
  return findings.length === 0 ? [] : [[`${title}:`, ...findings.map(paragraph)].join('\n')];
}

function paragraph({ level, what, alerts = [], remedy }: Finding): string {
  return [
    `  - ${what.replaceAll(NOT_OF_A_LINE, '?')}`,
    ...(alerts.length === 0 ? [] : [`      ${level === 'missing' ? 'needed' : 'used'} by: ${abbreviate(alerts)}`]),
    ...(remedy === undefined ? [] : [`      remedy: ${remedy}`]),
  ].join('\n');
}
