/** What a part of a word stands for: one of the three is there. */
type Part = (parts: Record<'single' | 'double' | 'bare', string | undefined>) => string;

const UNIT_PARTS = /'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|((?:[^\s'"\\]|\\.)+)|(\s+)|./gs;
const SHELL_PARTS = /'([^']*)'|"((?:[^"\\]|\\.)*)"|((?:[^\s'"\\]|\\.)+)|(\s+)|./gs;

/** The words of a line of a unit file, which may be quoted in part or whole, with the escapes of C (systemd.syntax(7), "Quoting"). */
export function unitWords(text: string): string[] {
  return words(text, UNIT_PARTS, ({ single, double, bare }) => unescapeC(single ?? double ?? bare ?? ''));
}

/** The words of a line of a shell, up to where they are redirected or end in a pipe; nothing is expanded. */
export function shellWords(text: string): string[] {
  const found = words(text, SHELL_PARTS, ({ single, double, bare }) => {
    if (single !== undefined) return single;
    return double?.replaceAll(/\\([\\"$`])/g, '$1') ?? bare?.replaceAll(/\\(.)/gs, '$1') ?? '';
  });
  const end = found.findIndex((word) => /^\d*[<>]|^[|;&]/.test(word));
  return end === -1 ? found : found.slice(0, end);
}

function words(text: string, parts: RegExp, unquote: Part): string[] {
  const found: string[] = [];
  let isOpen = false;
  for (const [part, single, double, bare, space] of text.matchAll(parts)) {
    if (space !== undefined) {
      isOpen = false;
      continue;
    }
    const isQuoted = single !== undefined || double !== undefined;
    const value = isQuoted || bare !== undefined ? unquote({ single, double, bare }) : part;
    if (isOpen) found.push((found.pop() ?? '') + value);
    else found.push(value);
    isOpen = true;
  }
  return found;
}

const ESCAPES: Record<string, string> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', s: ' ' };

function unescapeC(text: string): string {
  return text.replaceAll(/\\(?:x([\da-f]{2})|([0-7]{3})|(.))/gis, (_, hex?: string, octal?: string, letter = '') => {
    if (hex) return String.fromCharCode(Number.parseInt(hex, 16));
    if (octal) return String.fromCharCode(Number.parseInt(octal, 8));
    return ESCAPES[letter] ?? letter;
  });
}
