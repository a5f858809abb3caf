/** HTML or SVG that needs no escaping any more. */
export interface Markup {
  readonly markup: string;
}

type Child = Markup | string | readonly Child[];

/** An element; texts and attributes are escaped, attributes that are undefined left out. */
export function tag(
  name: string,
  attributes: Readonly<Record<string, string | number | undefined>> = {},
  ...children: readonly Child[]
): Markup {
  const pairs = Object.entries(attributes).filter(([, value]) => value !== undefined);
  const written = pairs.map(([key, value]) => ` ${key}="${escaped(String(value))}"`).join('');
  return { markup: `<${name}${written}>${children.map(inside).join('')}</${name}>` };
}

function inside(child: Child): string {
  if (typeof child === 'string') return escaped(child);
  return 'markup' in child ? child.markup : child.map(inside).join('');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
