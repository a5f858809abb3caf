import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';

/** Stands for Grafana's interval in expressions that are parsed: a range that none of ours has. */
export const RATE_INTERVAL = '239s';

/** An expression with something in place of Grafana's own variables; those in strings do not matter. */
export function substituted(expr: string): string {
  return expr
    .replaceAll('$__rate_interval', RATE_INTERVAL)
    .replaceAll('$__range', '6h')
    .replaceAll('$__interval', '1m')
    .replaceAll('$__from', '0');
}

export function syntaxErrors(expr: string): string[] {
  const errors: string[] = [];
  const text = substituted(expr);
  parser.parse(text).iterate({
    enter: ({ type, from }) => {
      if (type.isError) errors.push(`not PromQL from here: ${text.slice(from)}`);
    },
  });
  return errors;
}

/** Selectors in an expression, and the function that each is directly given to. */
export function selectorsIn(expr: string): { name: string; call: string }[] {
  const text = substituted(expr);
  return nodesIn(text, 'VectorSelector').map((node) => {
    const identifier = node.getChild('Identifier');
    return { name: identifier ? text.slice(identifier.from, identifier.to) : '', call: callAround(node, text) };
  });
}

/** Ranges in an expression, and the function that each is directly given to. */
export function rangesIn(expr: string): { call: string; range: string }[] {
  const text = substituted(expr);
  return nodesIn(text, 'MatrixSelector').map((node) => ({
    call: callAround(node, text),
    range: /\[([^\]]+)\]$/.exec(text.slice(node.from, node.to))?.[1] ?? '',
  }));
}

function nodesIn(text: string, name: string): SyntaxNode[] {
  const nodes: SyntaxNode[] = [];
  parser.parse(text).iterate({
    enter: ({ name: found, node }) => {
      if (found === name) nodes.push(node);
    },
  });
  return nodes;
}

/** The nearest call of a function around a node, with only ranges, offsets and brackets between. */
function callAround(node: SyntaxNode, text: string): string {
  const between = ['MatrixSelector', 'StepInvariantExpr', 'OffsetExpr', 'ParenExpr', 'FunctionCallBody'];
  let outer = node.parent;
  while (outer && between.includes(outer.name)) outer = outer.parent;
  const called = outer?.name === 'FunctionCall' ? outer.firstChild : null;
  return called ? text.slice(called.from, called.to) : '';
}
