import { readFile } from 'node:fs/promises';
import type { SecureContextOptions } from 'node:tls';

/** Where the API server is, and how a client is let in. */
export interface Access {
  /** With the path before `/api`, if the server is behind one. */
  readonly server: URL;
  /** Where the credentials come from, for error messages. */
  readonly source: string;
  /** What a request must bring, as of now: files are read for each one, which are few, because they are rotated. */
  credentials(): Promise<Credentials>;
  /** The server did not accept the last ones (401). */
  refused?(): void;
}

/** What one request brings. */
export interface Credentials {
  readonly tls: TlsOptions;
  /** The header of this name. */
  readonly authorization?: string;
}

export interface TlsOptions extends Pick<SecureContextOptions, 'ca' | 'cert' | 'key'> {
  readonly servername?: string;
  readonly rejectUnauthorized?: boolean;
}

/** Something that stands in a file, which may be replaced, or in the configuration itself. */
export type Source = () => Promise<string>;

/** A file's text. `about` names the setting, for the error. */
export function fileSource(path: string, about: string): Source {
  return async () => {
    try {
      return await readFile(path, 'utf8');
    } catch (error) {
      throw new Error(`${about}: cannot read ${path}: ${(error as Error).message}`);
    }
  };
}
