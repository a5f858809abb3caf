import type { Metric } from '../exporter/exposition/metric.ts';

/** What an expression is made of: a declared metric (its name), a number, or text. */
type Part = Metric | number | string;

/**
 * A PromQL expression in which metrics stand by their declarations (a histogram's needs its suffix behind it), without
 * the indentation of the source around it; a part of several lines is indented as the line that it stands in.
 */
export function promql(texts: TemplateStringsArray, ...parts: readonly Part[]): string {
  const expression = texts.reduce((before, text, index) => {
    const indent = /(?:^|\n)( *)[^\n]*$/.exec(before)?.[1] ?? '';
    return before + written(parts[index - 1] ?? '').replaceAll('\n', `\n${indent}`) + text;
  });
  const lines = expression
    .replace(/^\s*\n/, '')
    .trimEnd()
    .split('\n');
  const indent = Math.min(...lines.filter((line) => line.trim() !== '').map((line) => line.search(/\S/)));
  return lines.map((line) => line.slice(indent)).join('\n');
}

function written(part: Part): string {
  return typeof part === 'object' ? part.name : String(part);
}
