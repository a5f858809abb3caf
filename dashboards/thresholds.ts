import type { Threshold } from '../rules/signature.ts';
import { signatures } from '../rules/signatures/index.ts';

/** `signature-id.threshold_name`, as in the settings of the rules. */
export type ThresholdKey = `${string}.${string}`;

/** The threshold that the rules declare by that name. */
export function threshold(key: ThresholdKey): Threshold {
  const [id, name = ''] = key.split('.');
  const found = signatures.find((signature) => signature.id === id)?.thresholds[name];
  if (found === undefined) throw new Error(`no signature declares the threshold ${key}`);
  return found;
}
