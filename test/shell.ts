import { forEachChild, parse, type SyntaxNode } from 'unbash';

/** What a shell makes of a command: the kinds of its syntax, without what its literal words say. */
export interface ShellShape {
  readonly kind: string;
  readonly parts: readonly ShellShape[];
}

/** Throws where a shell would report a syntax error. */
export function shellShape(command: string): ShellShape {
  const script = parse(command);
  const [error] = script.errors ?? [];
  if (error !== undefined) throw new Error(`${command}: ${error.message}`);
  return shapeOf(script);
}

function shapeOf(node: SyntaxNode): ShellShape {
  const parts: ShellShape[] = [];
  forEachChild(node, (child) => parts.push(shapeOf(child)));
  return { kind: node.type, parts };
}
