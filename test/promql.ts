import type { SyntaxNode, Tree } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';

/** The labels of a matcher in braces. */
export interface Matcher {
  readonly label: string;
  readonly operator: string;
  readonly value: string;
}

/** A metric as it stands in an expression. */
export interface Selector {
  readonly metric: string;
  readonly matchers: readonly Matcher[];
  /** Functions and aggregations around it, the nearest first. */
  readonly within: readonly string[];
  /** Whether only its being there matters: what it filters, counts, or multiplies by 0. */
  readonly existence: boolean;
  /** Whether its value is calculated or compared with. */
  readonly calculated: boolean;
}

/** What an expression is made of. */
export interface Query {
  /** Where it is not PromQL, as text from there on. */
  readonly errors: readonly string[];
  readonly selectors: readonly Selector[];
  /** All labels after by, without, on, ignoring, group_left and group_right. */
  readonly groupings: readonly { readonly keyword: string; readonly labels: readonly string[] }[];
}

/** Reads PromQL. What depends on types (`rate(a)`) it does not see; promtool does. */
export function parse(expr: string): Query {
  const tree = parser.parse(expr);
  return {
    errors: errorsOf(tree, expr),
    selectors: selectorsOf(tree.topNode, expr),
    groupings: groupingsOf(tree, expr),
  };
}

/** The selectors below a node of the syntax tree. */
export function selectorsOf(node: SyntaxNode, expr: string): Selector[] {
  if (node.name === 'VectorSelector') {
    const identifier = node.getChild('Identifier');
    const matchers = matchersOf(node, expr);
    const metric = identifier ? expr.slice(identifier.from, identifier.to) : nameIn(matchers);
    return [{ metric, matchers, ...surroundings(node, expr) }];
  }
  return childrenOf(node).flatMap((child) => selectorsOf(child, expr));
}

function nameIn(matchers: readonly Matcher[]): string {
  return matchers.find(({ label }) => label === '__name__')?.value ?? '';
}

function matchersOf(node: SyntaxNode, expr: string): Matcher[] {
  const list = node.getChild('LabelMatchers');
  return (list?.getChildren('UnquotedLabelMatcher') ?? []).map((matcher) => {
    const [label = '', operator = '', value = ''] = childrenOf(matcher).map(({ from, to }) => expr.slice(from, to));
    return { label, operator, value: value.slice(1, -1) };
  });
}

const EXISTENCE = ['count', 'group', 'absent', 'absent_over_time', 'count_over_time', 'present_over_time'];

function surroundings(node: SyntaxNode, expr: string): Pick<Selector, 'within' | 'existence' | 'calculated'> {
  const within: string[] = [];
  let [existence, calculated] = [false, false];
  for (let inner = node, outer = node.parent; outer; inner = outer, outer = outer.parent) {
    if (outer.name === 'FunctionCall' || outer.name === 'AggregateExpr') {
      const name = outer.firstChild;
      if (name) within.push(expr.slice(name.from, name.to));
    }
    if (outer.name === 'BinaryExpr') {
      existence ||= isFilter(outer, inner) || isTimesZero(outer, expr);
      calculated ||= !['And', 'Or', 'Unless'].some((operator) => outer?.getChild(operator));
    }
  }
  return { within, calculated, existence: existence || within.some((name) => EXISTENCE.includes(name)) };
}

/** The right side of `and` and `unless`, of which only the labels matter. */
function isFilter(operator: SyntaxNode, side: SyntaxNode): boolean {
  const isRight = operator.lastChild?.from === side.from;
  return isRight && (operator.getChild('And') !== null || operator.getChild('Unless') !== null);
}

function isTimesZero(operator: SyntaxNode, expr: string): boolean {
  const zero = operator.getChildren('NumberDurationLiteral').some(({ from, to }) => Number(expr.slice(from, to)) === 0);
  return zero && operator.getChild('Mul') !== null;
}

function groupingsOf(tree: Tree, expr: string): Query['groupings'] {
  const groupings: { keyword: string; labels: string[] }[] = [];
  tree.iterate({
    enter: ({ name, node }) => {
      const keyword = node.prevSibling;
      if (name === 'GroupingLabels' && keyword) {
        groupings.push({ keyword: expr.slice(keyword.from, keyword.to), labels: labelNames(node, expr) });
      }
    },
  });
  return groupings;
}

/** The labels named below a node of the syntax tree. */
export function labelNames(node: SyntaxNode | null, expr: string): string[] {
  if (!node) return [];
  if (node.name === 'LabelName') return [expr.slice(node.from, node.to)];
  return childrenOf(node).flatMap((child) => labelNames(child, expr));
}

function errorsOf(tree: Tree, expr: string): string[] {
  const errors: string[] = [];
  tree.iterate({
    enter: ({ type, from }) => {
      if (type.isError) errors.push(`not PromQL from here: ${expr.slice(from) || '(the end)'}`);
    },
  });
  return errors;
}

export function childrenOf(node: SyntaxNode, name?: string): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) children.push(child);
  return name === undefined ? children : children.filter((child) => child.name === name);
}
