import type { Tree } from '../host/tree.ts';
import { FileRefused } from '../host/untrusted-file.ts';

/** Longer files describe no service. */
const MAX_SERVICE_FILE_BYTES = 65_536;

/** The text of a file of a service; undefined when there is none, or when it is masked by a link to /dev/null. */
export function serviceFile(files: Tree, path: string): string | undefined {
  try {
    return files.readUntrustedIfPresent(path, MAX_SERVICE_FILE_BYTES);
  } catch (error) {
    if (error instanceof FileRefused && error.reason === 'not_regular') return undefined;
    throw new Error(`${path}: ${(error as Error).message}`);
  }
}

export type Environment = Readonly<Record<string, string>>;

/** How a host starts a daemon. It may hold secrets: neither goes into a log, an error or a metric. */
export interface Service {
  /** The arguments after the program. */
  readonly args: readonly string[];
  readonly environment: Environment;
  /** The file that has the command. */
  readonly file: string;
}
