import { readFile } from 'node:fs/promises';
import type { SecureContextOptions } from 'node:tls';

/** Where the API server is, and the credentials for it. */
export interface Access {
  /** With the path before `/api`, if the server is behind one. */
  readonly server: URL;
  /** Where the credentials come from, for error messages. */
  readonly source: string;
  /** The credentials as of now. Files are read for each request, because they are rotated; requests are few. */
  credentials(): Promise<Credentials>;
  /** The server refused the last credentials (401): what is cached of them is outdated. */
  invalidate?(): void;
}

/** The credentials of one request. */
export interface Credentials {
  readonly tls: TlsOptions;
  /** The header of this name. */
  readonly authorization?: string;
}

export interface TlsOptions extends Pick<SecureContextOptions, 'ca' | 'cert' | 'key'> {
  readonly servername?: string;
  readonly rejectUnauthorized?: boolean;
}

/** Reads a text from a file, which may be replaced, or from the configuration itself. */
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
