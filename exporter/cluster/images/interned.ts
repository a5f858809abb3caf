/** Keeps one copy of values that many objects have in common. */
export class Interned<Value> {
  readonly #limit: number;
  readonly #values = new Map<string, Value>();

  /** Beyond `limit` values it starts anew: what is in use stays, and is no longer shared with what comes. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The value of a key; `make` must give equal values for equal keys. */
  get(key: string, make: () => Value): Value {
    const known = this.#values.get(key);
    if (known !== undefined) return known;
    if (this.#values.size >= this.#limit) this.#values.clear();
    const value = make();
    this.#values.set(key, value);
    return value;
  }
}
