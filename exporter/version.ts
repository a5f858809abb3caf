import { readFileSync } from 'node:fs';

/** The version in package.json, which is in a directory above both the source and the compiled tree. */
export const VERSION = findVersion(new URL('.', import.meta.url));

function findVersion(directory: URL): string {
  for (const parent of ['../', '../../']) {
    try {
      const { name, version } = JSON.parse(readFileSync(new URL(`${parent}package.json`, directory), 'utf8'));
      if (name === 'foreshock') return version;
    } catch {
      // Not at this level.
    }
  }
  return 'unknown';
}
