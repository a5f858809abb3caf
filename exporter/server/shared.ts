/**
 * Calls `make` for the first who asks, and gives what it resolves to also to all who ask meanwhile and for `shareMs`
 * after. An error goes to those who wait for it, and no further.
 */
export function shared<Value>(make: () => Promise<Value>, shareMs: number): () => Promise<Value> {
  let latest: Promise<Value> | undefined;
  const forget = () => {
    latest = undefined;
  };
  return () => {
    if (latest !== undefined) return latest;
    latest = make();
    latest.then(() => setTimeout(forget, shareMs).unref(), forget);
    return latest;
  };
}
