/** A Markdown document in which a section stands in the place of the one with its heading. Throws if there is none. */
export function replaceSection(document: string, section: string): string {
  const headingOf = (text: string) => text.slice(0, text.indexOf('\n'));
  const parts = document.split(/^(?=## )/m);
  const index = parts.findIndex((part) => headingOf(part) === headingOf(section));
  if (index === -1) throw new Error(`no section "${headingOf(section)}" in the document`);
  const isLast = index === parts.length - 1;
  return parts.with(index, isLast ? section : `${section}\n`).join('');
}
