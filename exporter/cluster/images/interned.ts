/** Keeps one copy of equal values that many objects have in common. */
export class Interned<Value> {
  readonly #maxCharacters: number;
  #characters = 0;
  readonly #values = new Map<string, Value>();

  /**
   * When the keys have more than `maxCharacters` together, it starts again from empty: values in use stay alive, but are no
   * longer shared with new ones.
   */
  constructor(maxCharacters: number) {
    this.#maxCharacters = maxCharacters;
  }

  /** The value of a key; `make` must give equal values for equal keys. */
  get(key: string, make: () => Value): Value {
    const known = this.#values.get(key);
    if (known !== undefined) return known;
    this.#characters += key.length;
    if (this.#characters > this.#maxCharacters) {
      this.#values.clear();
      this.#characters = key.length;
    }
    const value = make();
    this.#values.set(key, value);
    return value;
  }
}
