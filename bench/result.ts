/** One thing measured, beside the goal set for it. */
export interface Result {
  readonly what: string;
  readonly measured: string;
  readonly goal: string;
}
