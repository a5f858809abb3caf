import { readFileSync } from 'node:fs';
import { loadAll, YAMLException } from 'js-yaml';
import { UsageError } from './usage-error.ts';

/** Reads a YAML file that must be a mapping; an empty file is an empty mapping. Throws `UsageError`. */
export function readYamlMapping(path: string, parse?: (text: string) => unknown): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`cannot read ${path}: ${(error as Error).message}`);
  }
  return parseYamlMapping(path, text, parse);
}

/**
 * The mapping in the text of the file at `path`; an empty text is an empty mapping. `parse` reads the YAML of others, and its
 * errors quote nothing of it; without, the text is a single document of YAML 1.2. Throws `UsageError`.
 */
export function parseYamlMapping(
  path: string,
  text: string,
  parse?: (text: string) => unknown,
): Record<string, unknown> {
  const document = parse ? parseOfOthers(path, text, parse) : parseDocument(path, text);
  if (document === undefined || document === null) return {};
  if (typeof document !== 'object' || Array.isArray(document)) {
    throw new UsageError(`${path}: must be a mapping of settings`);
  }
  return document as Record<string, unknown>;
}

function parseOfOthers(path: string, text: string, parse: (text: string) => unknown): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw new UsageError(`${path} is not valid YAML: ${(error as Error).message}`);
  }
}

function parseDocument(path: string, text: string): unknown {
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
