/** A command of the program; `main.ts` loads the one that is asked for. */
export interface Command {
  /** The text of `foreshock <command> --help`. */
  help(): string;
  /** Resolves to the exit status. Throws `UsageError`. */
  run(flags: readonly string[]): Promise<number>;
}
