import type { Outcome, Part, Row } from './part.ts';

/** What the rows of each part came to, as docs/matrix.md. */
export function reportOf(results: readonly (readonly [Part, readonly Row[]])[], machine: string, date: string): string {
  const sections = results.map(
    ([part, rows]) => `## ${part.name}\n\n${part.about}\n\n${tableOf(rows)}${failuresOf(rows)}`,
  );
  return `# What Foreshock was run on

Written by \`npm run matrix\`, which takes the versions that Debian has on the day: ${date}, on ${machine}.
What could not be run is in it, with the reason. \`npm test\` runs on the versions of the machine that it runs on.

${sections.join('\n')}`;
}

function tableOf(rows: readonly Row[]): string {
  const lines = rows.map(({ on, outcome, seconds }) => `| ${on} | ${shown(outcome)} | ${duration(seconds)} |\n`);
  return `| on | result | took |\n| --- | --- | --- |\n${lines.join('')}`;
}

function failuresOf(rows: readonly Row[]): string {
  const lines = rows.flatMap(({ on, outcome }) =>
    outcome.result === 'failed'
      ? outcome.failures.map(({ test, error }) => `- ${on}: ${test}: ${firstLine(error)}\n`)
      : [],
  );
  return lines.length > 0 ? `\nFailed:\n\n${lines.join('')}` : '';
}

function shown(outcome: Outcome): string {
  switch (outcome.result) {
    case 'passed':
      return `${outcome.tests} passed${outcome.leftOut > 0 ? `, ${outcome.leftOut} left out` : ''}`;
    case 'failed':
      return `**${outcome.failures.length} failed**, ${outcome.tests} run`;
    case 'not run':
      return `**not run**: ${firstLine(outcome.reason)}`;
  }
}

/** One row of the terminal. */
export function lineOf({ on, outcome, seconds }: Row): string {
  const details = outcome.result === 'failed' ? outcome.failures.map(({ test, error }) => `\n${test}\n${error}`) : [];
  return `${on}: ${shown(outcome).replaceAll('**', '')}, ${duration(seconds)}${details.join('\n')}`;
}

/** Of the details that a test gives in YAML, what its error says. */
function firstLine(text: string): string {
  const [, message = text] = /^error: (?:\|-\n +)?'?(.*?)'?$/m.exec(text) ?? [];
  return (message.split('\n')[0] ?? '').replaceAll('|', '\\|');
}

function duration(seconds: number): string {
  return seconds < 90 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}
