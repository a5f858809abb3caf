import { UsageError } from '../../config/usage-error.ts';

/** The settings of one context, cluster or user of a kubeconfig file. */
export class Section {
  /** The file and the entry, as errors name them. */
  readonly about: string;
  readonly #settings: ReadonlyMap<string, unknown>;

  /** An entry without settings, such as `user:` alone, has none. */
  constructor(about: string, settings: unknown) {
    this.about = about;
    const mapping = settings ?? {};
    if (typeof mapping !== 'object' || Array.isArray(mapping)) throw new UsageError(`${about}: must be a mapping`);
    this.#settings = new Map(Object.entries(mapping));
  }

  get(name: string): unknown {
    return this.#settings.get(name);
  }

  /** A setting that must be text; undefined when it is absent or empty. */
  text(name: string): string | undefined {
    const value = this.get(name) ?? '';
    if (typeof value !== 'string') throw new UsageError(`${this.about}: ${name} must be text`);
    return value === '' ? undefined : value;
  }

  required(name: string): string {
    const value = this.text(name);
    if (value === undefined) throw new UsageError(`${this.about}: ${name} is not set`);
    return value;
  }

  flag(name: string): boolean {
    const value = this.get(name) ?? false;
    if (typeof value !== 'boolean') throw new UsageError(`${this.about}: ${name} must be true or false`);
    return value;
  }

  /** Throws if one of these settings is present. */
  refuse(names: readonly string[], reason: string): void {
    const name = names.find((candidate) => this.#settings.has(candidate));
    if (name !== undefined) throw new UsageError(`${this.about}: ${name} ${reason}`);
  }
}
