import { createHash } from 'node:crypto';

/** Characters that a label's value may have, where it is not `MAX_NAME_LENGTH`. */
const MAX_LENGTHS: Readonly<Record<string, number>> = {
  // The kernel's name of a process (TASK_COMM_LEN).
  command: 15,
  cgroup: 512,
  directory: 512,
  image: 512,
};

/** Of namespaces, pods, containers and nodes: the longest name in Kubernetes (a DNS subdomain, RFC 1123). */
const MAX_NAME_LENGTH = 253;

/** Digits that keep apart two values that begin alike. */
const DIGEST_LENGTH = 8;

/**
 * A label's value as it is printed. What is too long is cut, with `…` at the cut and a digest of the whole after it, and
 * half characters, which JSON can hold and UTF-8 cannot, become U+FFFD.
 */
export function limitLabelValue(label: string, value: string): string {
  const maxLength = MAX_LENGTHS[label] ?? MAX_NAME_LENGTH;
  const whole = /[\ud800-\udfff]/.test(value) ? value.replaceAll(/\p{Surrogate}/gu, '\ufffd') : value;
  if (whole.length <= maxLength) return whole;
  const digest = createHash('sha256').update(value).digest('hex').slice(0, DIGEST_LENGTH);
  const start = whole.slice(0, maxLength - DIGEST_LENGTH - 1).replace(/[\ud800-\udbff]$/, '');
  return `${start}…${digest}`;
}
