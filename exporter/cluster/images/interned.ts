/** Keeps one copy of equal values that many objects have in common. */
export class Interned<Value> {
  readonly #maxValues: number;
  readonly #values = new Map<string, Value>();

  /**
   * Beyond `maxValues` it starts again from empty: values in use stay alive, but are no longer shared with new ones.
   */
  constructor(maxValues: number) {
    this.#maxValues = maxValues;
  }

  /** The value of a key; `make` must give equal values for equal keys. */
  get(key: string, make: () => Value): Value {
    const known = this.#values.get(key);
    if (known !== undefined) return known;
    if (this.#values.size >= this.#maxValues) this.#values.clear();
    const value = make();
    this.#values.set(key, value);
    return value;
  }
}
