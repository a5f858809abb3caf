import { setImmediate as turn } from 'node:timers/promises';
import { inspect } from 'node:util';

/** Real seconds after which a condition counts as never met. */
const LIMIT = 20;

/** Waits until `read` gives something that `accept` takes; throws with what it gave last. */
export async function eventually<Value>(
  read: () => Value,
  accept: (value: Value) => boolean = Boolean,
): Promise<Value> {
  const deadline = Date.now() + LIMIT * 1000;
  for (;;) {
    const value = read();
    if (accept(value)) return value;
    if (Date.now() > deadline) throw new Error(`not within ${LIMIT} s: ${read}; last seen: ${inspect(value)}`);
    await turn();
  }
}
