/** The sections of level two by their titles, in the order of the file. */
export function sectionsOf(text: string): Map<string, string> {
  const [, ...parts] = text.split(/^## /m);
  return new Map(
    parts.map((part) => {
      const [title = '', ...content] = part.split('\n');
      return [title, content.join('\n')] as const;
    }),
  );
}

/** The headings of a text as links name them: `Fix for good` is `fix-for-good`. */
export function headingsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w -]/g, '')
      .replaceAll(' ', '-'),
  );
}

/** The code blocks of a language. */
export function blocksOf(text: string, language: string): string[] {
  const found = [...text.matchAll(new RegExp(`^ *\`\`\`${language}\n([\\s\\S]*?)^ *\`\`\``, 'gm'))];
  return found.map(([, content = '']) => content.trim());
}

/** The items of the lists of a text, each with the paragraphs and blocks that belong to it; what stands before, as one. */
export function listItemsOf(text: string): string[] {
  return text.split(/^(?=\d+\. |- )/m);
}

/** What stands between backticks. */
export function codeSpansOf(text: string): string[] {
  return [...text.matchAll(/`([^`]*)`/g)].map(([, code = '']) => code);
}

/** A text without its code, in blocks and between backticks. */
export function withoutCode(text: string): string {
  return text.replaceAll(/^ *```[\s\S]*?^ *```$/gm, '').replaceAll(/`[^`]*`/g, '');
}
