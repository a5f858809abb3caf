import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import { childrenOf, labelNames, selectorsOf } from './promql.ts';

/** The labels that a metric's series can have; undefined for a metric that there is not. */
export type LabelsOf = (metric: string) => readonly string[] | undefined;

/** What is wrong with an expression, and the labels that its result can have. */
export interface LabelCheck {
  readonly problems: readonly string[];
  readonly labels: readonly string[];
}

/** Follows labels through an expression: each one that it matches, groups by or joins on must be there. */
export function checkLabels(expr: string, labelsOf: LabelsOf): LabelCheck {
  const problems: string[] = [];
  const labels = new Labels(expr, labelsOf, problems).of(parser.parse(expr).topNode);
  return { problems, labels: [...labels].sort() };
}

class Labels {
  readonly #expr: string;
  readonly #labelsOf: LabelsOf;
  readonly #problems: string[];

  constructor(expr: string, labelsOf: LabelsOf, problems: string[]) {
    this.#expr = expr;
    this.#labelsOf = labelsOf;
    this.#problems = problems;
  }

  of(node: SyntaxNode): ReadonlySet<string> {
    switch (node.name) {
      case 'VectorSelector':
        return this.#ofSelector(node);
      case 'AggregateExpr':
        return this.#ofAggregation(node);
      case 'BinaryExpr':
        return this.#ofOperator(node);
      case 'FunctionCall':
        return this.#ofFunction(node);
      default:
        return union(childrenOf(node).map((child) => this.of(child)));
    }
  }

  #ofSelector(node: SyntaxNode): ReadonlySet<string> {
    const [selector] = selectorsOf(node, this.#expr);
    const metric = selector?.metric ?? '';
    const labels = this.#labelsOf(metric);
    if (labels === undefined) {
      this.#problems.push(`there is no metric ${metric}`);
      return new Set();
    }
    // `label=""` matches series without the label.
    const matched = selector?.matchers.filter(({ operator, value }) => operator !== '=' || value !== '') ?? [];
    const wanted = matched.map(({ label }) => label).filter((label) => label !== '__name__');
    this.#expect(new Set(labels), wanted, `${metric} matched by`);
    return new Set(labels);
  }

  #ofAggregation(node: SyntaxNode): ReadonlySet<string> {
    const inner = union(childrenOf(node, 'FunctionCallBody').map((body) => this.of(body)));
    const operator = this.#text(node.firstChild);
    const modifier = node.getChild('AggregateModifier');
    const labels = labelNames(modifier, this.#expr);
    if (modifier) this.#expect(inner, labels, `${operator} ${this.#text(modifier.firstChild)}`);
    if (['topk', 'bottomk', 'limitk'].includes(operator)) return inner;
    const kept = modifier?.getChild('Without') ? minus(inner, labels) : new Set(labels);
    const [counted] = operator === 'count_values' ? stringsIn(node, this.#expr) : [];
    return counted === undefined ? kept : new Set([...kept, counted]);
  }

  #ofOperator(node: SyntaxNode): ReadonlySet<string> {
    const operands = childrenOf(node).filter(({ name }) => /Expr|Selector|FunctionCall|Literal/.test(name));
    const [left, right] = [operands[0], operands.at(-1)].map((side) => (side ? this.of(side) : new Set<string>()));
    if (!left || !right) return new Set();
    const modifier = node.getChild('MatchingModifierClause');
    const [matching, grouped] = modifier?.getChildren('GroupingLabels') ?? [];
    const on = modifier?.getChild('On') ? labelNames(matching ?? null, this.#expr) : undefined;
    if (on) for (const side of [left, right]) this.#expect(side, on, 'on');
    if (node.getChild('Or')) return new Set([...left, ...right]);
    if (!modifier && !isScalar(operands[0]) && !isScalar(operands.at(-1))) this.#expectSame(left, right);
    if (node.getChild('And') || node.getChild('Unless')) return left;
    if (isScalar(operands.at(-1))) return left;
    if (isScalar(operands[0])) return right;
    const brought =
      modifier?.getChild('On') || modifier?.getChild('Ignoring') ? labelNames(grouped ?? null, this.#expr) : [];
    if (modifier?.getChild('GroupRight')) {
      this.#expect(left, brought, 'group_right');
      return new Set([...right, ...brought]);
    }
    this.#expect(right, brought, 'group_left');
    if (modifier?.getChild('GroupLeft') || isComparison(node)) return new Set([...left, ...brought]);
    return on ? new Set(on) : left;
  }

  #ofFunction(node: SyntaxNode): ReadonlySet<string> {
    const name = this.#text(node.firstChild);
    const labels = union(childrenOf(node, 'FunctionCallBody').map((body) => this.of(body)));
    const strings = stringsIn(node, this.#expr);
    if (name === 'label_replace') {
      this.#expect(labels, [strings[2] ?? ''], name);
      return new Set([...labels, strings[0] ?? '']);
    }
    if (name === 'scalar') return new Set();
    if (name === 'label_join') return new Set([...labels, strings[0] ?? '']);
    return name === 'histogram_quantile' ? minus(labels, ['le']) : labels;
  }

  #expect(there: ReadonlySet<string>, wanted: readonly string[], where: string): void {
    for (const label of wanted) if (!there.has(label)) this.#problems.push(`${where} ${label}, which is not there`);
  }

  /** Without `on`, series meet by all of their labels. */
  #expectSame(left: ReadonlySet<string>, right: ReadonlySet<string>): void {
    const odd = [...minus(left, [...right]), ...minus(right, [...left])];
    if (odd.length > 0) this.#problems.push(`joined by all labels, and only one side has ${odd.join(', ')}`);
  }

  #text(node: SyntaxNode | null): string {
    return node ? this.#expr.slice(node.from, node.to) : '';
  }
}

function isComparison(node: SyntaxNode): boolean {
  return ['Eql', 'Neq', 'Gtr', 'Lss', 'Gte', 'Lte'].some((name) => node.getChild(name));
}

/** A number, or what gives one: it has no labels and joins with nothing. */
function isScalar(node: SyntaxNode | undefined): boolean {
  if (!node) return true;
  if (node.name === 'VectorSelector' || node.name === 'AggregateExpr') return false;
  if (node.firstChild?.firstChild?.name === 'Scalar') return true;
  return childrenOf(node).every(isScalar);
}

function union(sets: readonly ReadonlySet<string>[]): Set<string> {
  return new Set(sets.flatMap((set) => [...set]));
}

function minus(set: ReadonlySet<string>, labels: readonly string[]): Set<string> {
  return new Set([...set].filter((label) => !labels.includes(label)));
}

function stringsIn(node: SyntaxNode, expr: string): string[] {
  return childrenOf(node, 'FunctionCallBody')
    .flatMap((body) => childrenOf(body, 'StringLiteral'))
    .map(({ from, to }) => expr.slice(from + 1, to - 1));
}
