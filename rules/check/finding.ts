/** Something that rules miss in a Prometheus, or that is worth to know. */
export interface Finding {
  /** No alert needs what a note is about: it has it from elsewhere, or there is nothing to tell here. */
  readonly level: 'missing' | 'note';
  readonly what: string;
  /** The alerts that see less without it. */
  readonly alerts?: readonly string[];
  readonly remedy?: string;
}

/** As many of a list as people read, and how many more there are. */
export function few(list: readonly string[], most = 5): string {
  const more = list.length - most;
  return more > 1 ? `${list.slice(0, most).join(', ')} and ${more} more` : list.join(', ');
}

/** What is missing, then the notes; and a line that sums it up. */
export function report(findings: readonly Finding[], asked: string): string {
  const missing = findings.filter(({ level }) => level === 'missing');
  const notes = findings.filter(({ level }) => level === 'note');
  const count = missing.length === 1 ? '1 thing is missing.' : `${missing.length} things are missing.`;
  const end = missing.length === 0 ? 'All that the rules need is there.' : count;
  return [`Checked ${asked}`, ...section('Missing', missing), ...section('To know', notes), end]
    .join('\n\n')
    .concat('\n');
}

function section(title: string, findings: readonly Finding[]): string[] {
  return findings.length === 0 ? [] : [[`${title}:`, ...findings.map(paragraph)].join('\n')];
}

function paragraph({ level, what, alerts = [], remedy }: Finding): string {
  return [
    `  - ${what}`,
    ...(alerts.length === 0 ? [] : [`      ${level === 'missing' ? 'needed' : 'used'} by: ${few(alerts)}`]),
    ...(remedy === undefined ? [] : [`      remedy: ${remedy}`]),
  ].join('\n');
}
