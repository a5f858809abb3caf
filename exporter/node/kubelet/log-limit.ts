import { type KubeletConfiguration, withSources } from './configuration.ts';
import { type Fields, integerField, textField } from './fields.ts';
import { parseQuantity } from './quantity.ts';

/**
 * Bytes that the kubelet lets the log of one container grow to: `containerLogMaxSize` × `containerLogMaxFiles` of its
 * configuration, 10Mi × 5 by default (pkg/kubelet/apis/config/v1beta1/defaults.go). Infinity when a negative size
 * switches rotation off. Throws when the configuration is there and makes no sense.
 */
export function logLimit(configuration: KubeletConfiguration | undefined): number {
  return configuration ? withSources(configuration, limitOfFields) : limitOfFields({});
}

function limitOfFields(fields: Fields): number {
  const size = parseQuantity(textField(fields, 'containerLogMaxSize') || '10Mi');
  const files = integerField(fields, 'containerLogMaxFiles') ?? 5;
  return size < 0 ? Number.POSITIVE_INFINITY : size * files;
}
