/** What a recipe of CONTRIBUTING.md says to do next. */
export type Step =
  | { readonly kind: 'create'; readonly path: string; readonly text: string }
  | { readonly kind: 'insert'; readonly path: string; readonly below: string; readonly text: string }
  | { readonly kind: 'replace'; readonly path: string; readonly old: string; readonly text: string }
  | { readonly kind: 'run'; readonly script: string };

interface Block {
  /** The text between this block and the one before. */
  readonly prose: string;
  readonly language: string;
  readonly code: string;
}

/**
 * The steps of a section `## <title>`:
 * - "Create `path`" and a block: a new file;
 * - "In `path`, below `line`, add" and a block: lines in a file;
 * - "In `path`, replace `old` with `new`": a change in a line;
 * - a block of `sh`: commands in the project's folder.
 *
 * Throws when a block belongs to none of these.
 */
export function readRecipe(markdown: string, title: string): Step[] {
  return blocksOf(markdown, title).flatMap(({ prose, language, code }) => [
    ...replacements(prose),
    language === 'sh' ? ({ kind: 'run', script: code } as const) : fileStep(prose, code),
  ]);
}

/** The code blocks below a heading `## <title>`. */
function blocksOf(markdown: string, title: string): Block[] {
  const blocks: Block[] = [];
  let [section, prose, fence, language, code] = ['', '', '', '', ''];
  for (const line of markdown.split('\n')) {
    const opening = /^(`{3,})/.exec(line)?.[1];
    if (fence !== '' && line === fence) {
      if (section === title) blocks.push({ prose: prose.trim(), language, code });
      [prose, fence, code] = ['', '', ''];
    } else if (fence !== '') {
      code += `${line}\n`;
    } else if (opening) {
      fence = opening;
      language = line.slice(opening.length);
    } else if (line.startsWith('## ')) {
      section = line.slice(3);
      prose = '';
    } else {
      prose += `${line} `;
    }
  }
  return blocks;
}

function fileStep(prose: string, code: string): Step {
  const insert = /.*In `([^`]+)`, below `([^`]+)`, add:$/.exec(prose);
  if (insert) return { kind: 'insert', path: insert[1] ?? '', below: insert[2] ?? '', text: code };
  const create = /.*Create `([^`]+)`/.exec(prose);
  if (create) return { kind: 'create', path: create[1] ?? '', text: code };
  throw new Error(`what is this block for? ${prose}`);
}

function replacements(prose: string): Step[] {
  return [...prose.matchAll(/In `([^`]+)`, replace `([^`]+)` with `([^`]+)`/g)].map(
    ([, path = '', old = '', text = '']) => ({ kind: 'replace', path, old, text }),
  );
}
