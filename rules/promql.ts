import type { Metric } from '../exporter/exposition/metric.ts';

/** Part of an expression: a declared metric, which stands for its name, a number, or text. */
type Part = Metric | number | string;

/**
 * A PromQL expression with metrics named by their declarations (a histogram needs its suffix after it), without the
 * indentation of the source around it; a part of several lines is indented like the line that it is in.
 */
export function promql(texts: TemplateStringsArray, ...parts: readonly Part[]): string {
  const expression = texts.reduce((before, text, index) => {
    const indent = /(?:^|\n)( *)[^\n]*$/.exec(before)?.[1] ?? '';
    return before + textOf(parts[index - 1] ?? '').replaceAll('\n', `\n${indent}`) + text;
  });
  const lines = expression
    .replace(/^\s*\n/, '')
    .trimEnd()
    .split('\n');
  const indent = Math.min(...lines.filter((line) => line.trim() !== '').map((line) => line.search(/\S/)));
  return lines.map((line) => line.slice(indent)).join('\n');
}

function textOf(part: Part): string {
  return typeof part === 'object' ? part.name : String(part);
}
