const FACTORS: Record<string, number> = {
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 1024,
  Mi: 1024 ** 2,
  Gi: 1024 ** 3,
  Ti: 1024 ** 4,
  Pi: 1024 ** 5,
  Ei: 1024 ** 6,
};

/** A Kubernetes quantity, `10Mi`, `1.5G`, `1e9`, `-1` (apimachinery, pkg/api/resource). Throws for anything else. */
export function parseQuantity(text: string): number {
  const match = /^([+-]?\d*\.?\d+(?:[eE][+-]?\d+)?)(m|[kMGTPE]|[KMGTPE]i)?$/.exec(text.trim());
  const factor = FACTORS[match?.[2] ?? ''];
  if (!match || factor === undefined) throw new Error('not a quantity');
  return Number(match[1]) * factor;
}
