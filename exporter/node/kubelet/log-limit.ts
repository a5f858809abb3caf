import { type KubeletConfiguration, withSources } from './configuration.ts';
import { type Fields, integerField, textField } from './fields.ts';
import { parseQuantity } from './quantity.ts';

/**
 * Bytes that the kubelet lets the log of one container grow to: `containerLogMaxSize` × `containerLogMaxFiles` of its
 * configuration, 10Mi × 5 by default (pkg/kubelet/apis/config/v1beta1/defaults.go). Infinity when a negative size
 * switches rotation off. Throws when it makes no sense.
 */
export function logLimit(configuration: KubeletConfiguration): number {
  return withSources(configuration, limitOfFields);
}

function limitOfFields(fields: Fields): number {
  const size = sizeOf(fields);
  const files = integerField(fields, 'containerLogMaxFiles') ?? 5;
  return size < 0 ? Number.POSITIVE_INFINITY : size * files;
}

function sizeOf(fields: Fields): number {
  const text = textField(fields, 'containerLogMaxSize') || '10Mi';
  try {
    return parseQuantity(text);
  } catch (error) {
    throw new Error(`containerLogMaxSize: ${(error as Error).message}`);
  }
}
