import type { Outcome, Part, Row } from './part.ts';

const HEAD = `# What Foreshock was run on

Written by \`npm run matrix\`, which takes the versions that Debian and the npm registry have on the day; \`npm run matrix -- docker\`
writes one section anew. What could not be run is listed too, with the reason. \`npm test\` runs with the versions of the
machine that it runs on.
`;

/** The section of a part: what its rows came to, when and where. */
export function sectionOf(part: Part, rows: readonly Row[], machine: string, date: string): string {
  const lines = rows.map(
    ({ on, outcome, seconds }) => `| ${on} | ${formatOutcome(outcome)} | ${duration(seconds)} |\n`,
  );
  return `## ${part.name}

${part.about}

${date}, on ${machine}:

| on | result | took |
| --- | --- | --- |
${lines.join('')}${failuresOf(rows)}`;
}

/** A document with new sections; those of other parts are kept as they are, those of parts that are gone are dropped. */
export function withSections(document: string, sections: readonly string[], names: readonly string[]): string {
  const nameOf = (section: string) => /^## (.*)/.exec(section)?.[1] ?? '';
  const old = document.split(/^(?=## )/m).slice(1);
  const byName = new Map([...old, ...sections].map((section) => [nameOf(section), `${section.trimEnd()}\n`]));
  return [HEAD, ...names.flatMap((name) => byName.get(name) ?? [])].join('\n');
}

function failuresOf(rows: readonly Row[]): string {
  const lines = rows.flatMap(({ on, outcome }) =>
    outcome.result === 'failed'
      ? outcome.failures.map(({ test, error }) => `- ${on}: ${test}: ${firstLine(error)}\n`)
      : [],
  );
  return lines.length > 0 ? `\nFailed:\n\n${lines.join('')}` : '';
}

function formatOutcome(outcome: Outcome): string {
  switch (outcome.result) {
    case 'passed':
      return `${outcome.tests} passed${outcome.leftOut > 0 ? `, ${outcome.leftOut} left out` : ''}`;
    case 'failed':
      return `**${outcome.failures.length} failed**, ${outcome.tests} run`;
    case 'not run':
      return `**not run**: ${firstLine(outcome.reason)}`;
  }
}

/** One row for the terminal, with all that failed tests say. */
export function lineOf({ on, outcome, seconds }: Row): string {
  const details = outcome.result === 'failed' ? outcome.failures.map(({ test, error }) => `\n${test}\n${error}`) : [];
  return `${on}: ${formatOutcome(outcome).replaceAll('**', '')}, ${duration(seconds)}${details.join('\n')}`;
}

/** Of the details that a test gives in YAML, what its error says. */
function firstLine(text: string): string {
  const [, message = text] = /^error: (?:\|-\n +)?'?(.*?)'?$/m.exec(text) ?? [];
  return (message.split('\n')[0] ?? '').replaceAll('|', '\\|');
}

function duration(seconds: number): string {
  return seconds < 90 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}
