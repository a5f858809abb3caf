import type { Host } from './host/host.ts';

/** A line for the log about something that is no fault. */
export interface Notice {
  readonly message: string;
  readonly about: Readonly<Record<string, string>>;
}

/** What a reader of the host is given: the host, and where to say what it is at, what failed and what is not there. */
export interface Report {
  readonly host: Host;
  /**
   * Says what is about to be read. It renews the run's deadline, so that a long run is not taken for a stuck one,
   * and names the culprit when the run does get stuck.
   */
  progress(about: string): void;
  /** Reports a thing that could not be read: logged once, and the run counts as failed, but its samples stand. */
  fault(about: string, error: unknown): void;
  /** Says that this host does not have something, which is normal: logged once, at debug level. */
  absent(what: string): void;
}

/** What `read` returns; undefined, and reported, when it throws, so that one unreadable thing does not hide the rest. */
export function tryRead<Value>(
  { progress, fault }: Pick<Report, 'progress' | 'fault'>,
  about: string,
  read: () => Value,
): Value | undefined {
  progress(about);
  try {
    return read();
  } catch (error) {
    fault(about, error);
    return undefined;
  }
}
