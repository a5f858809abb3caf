import { readFileSync } from 'node:fs';
import { loadAll, YAMLException } from 'js-yaml';
import { UsageError } from './usage-error.ts';

/** Reads a YAML file that must be a mapping; an empty file is an empty mapping. Throws `UsageError`. */
export function readYamlMapping(path: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`cannot read ${path}: ${(error as Error).message}`);
  }
  return parseYamlMapping(path, text);
}

/** The mapping in the text of the file at `path`; an empty text is an empty mapping. Throws `UsageError`. */
export function parseYamlMapping(path: string, text: string): Record<string, unknown> {
  const document = parse(path, text);
  if (document === undefined || document === null) return {};
  if (typeof document !== 'object' || Array.isArray(document)) {
    throw new UsageError(`${path}: must be a mapping of settings`);
  }
  return document as Record<string, unknown>;
}

function parse(path: string, text: string): unknown {
  try {
    // load() refuses a file without a document, such as one with only comments.
    const documents = loadAll(text, { filename: path });
    if (documents.length > 1) throw new UsageError(`${path}: must be a single YAML document`);
    return documents[0];
  } catch (error) {
    if (error instanceof YAMLException)
      throw new UsageError(`${path} is not valid YAML: ${error.message.split('\n')[0]}`);
    throw error;
  }
}
