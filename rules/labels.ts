/**
 * A label whose value stands in the text of an alert: one of the alert's own, or of the first series that a lookup found.
 * Values are claims: images, pods and processes choose them, down to quotes, braces and line breaks.
 */
export interface Label {
  readonly name: string;
  /** Where Prometheus' templates find it. */
  readonly field: `$labels.${string}` | `.Labels.${string}`;
}

export function ofAlert(name: string): Label {
  return { name, field: `$labels.${name}` };
}

export function ofSeries(name: string): Label {
  return { name, field: `.Labels.${name}` };
}

/**
 * What a shell reads as one plain word. Markdown, Slack, YAML, HTML and templates read nothing in it either. A `-` in front
 * would make it an option, and zsh expands a `=` in front.
 */
const PLAIN_WORD = '^[A-Za-z0-9_./:@][A-Za-z0-9_./:@=-]*$';

/** Everything but letters and digits of all scripts, blanks, and punctuation that is no markup. */
export const NOT_PLAIN_TEXT = '[^\\pL\\pN _.,/:@=+-]';

/** Definitions that stand before a text in which labels are {@link shown} or are parts of a {@link command}. */
export const DEFINITIONS =
  `{{ define "text" }}{{ reReplaceAll ${JSON.stringify(NOT_PLAIN_TEXT)} "?" . }}{{ end }}` +
  `{{ define "word" }}{{ if match "${PLAIN_WORD}" .arg1 }}{{ .arg1 }}{{ else }}{{ .arg0 }}{{ end }}{{ end }}` +
  `{{ define "note" }}{{ if not (match "${PLAIN_WORD}" .arg1) }} (replace {{ .arg0 }}: its value is not safe to paste){{ end }}{{ end }}`;

/** The value as part of a sentence: `?` stands for each character that a reader of the text could take for markup. */
export function shown({ field }: Label): string {
  return `{{ template "text" ${field} }}`;
}

/**
 * A command in backticks, with labels as its words or as parts of them. Where a value is no plain word, its label's name in
 * capitals stands for it, and a note after the command says so: the templates of Prometheus cannot quote for a shell.
 */
export function command(texts: TemplateStringsArray, ...labels: readonly Label[]): string {
  const placed = labels.map(({ name, field }) => `args "${name.toUpperCase()}" ${field}`);
  const code = texts.reduce((before, text, index) => `${before}{{ template "word" (${placed[index - 1]}) }}${text}`);
  return `\`${code}\`${placed.map((label) => `{{ template "note" (${label}) }}`).join('')}`;
}
