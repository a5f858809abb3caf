import type { Resource } from '../objects.ts';
import type { Access } from './access.ts';
import { ApiError } from './api-error.ts';
import { RESOURCES } from './resources.ts';

export type Verb = 'list' | 'watch';

/** Errors of OpenSSL for a certificate that is not from the configured authority (Node's list of X509 errors). */
const UNTRUSTED = new Set([
  'CERT_SIGNATURE_FAILURE',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** Why a list or a watch failed, in one line, with what to do about it if that is known. */
export function explain(error: unknown, verb: Verb, resource: Resource, access: Access): string {
  if (error instanceof ApiError) return explainRefusal(error, verb, resource, access);
  const { code } = error as NodeJS.ErrnoException;
  const message = messageOf(error);
  if (code !== undefined && UNTRUSTED.has(code)) {
    return `the certificate of ${access.server.origin} is not from the authority in ${access.source} (${message})`;
  }
  return message;
}

function explainRefusal(error: ApiError, verb: Verb, resource: Resource, access: Access): string {
  const reply = `(${error.status}: ${error.message})`;
  const { group } = RESOURCES[resource];
  const apiGroup = group === '' ? 'the core API group' : group;
  switch (error.status) {
    case 401:
      return `the API server rejects the credentials of ${access.source}: expired, or of another cluster ${reply}`;
    case 403:
      return `not allowed to ${verb} ${resource} in ${apiGroup}: the ClusterRole needs get, list, watch on ${resource} ${reply}`;
    default:
      return `cannot ${verb} ${resource} in ${apiGroup} ${reply}`;
  }
}

/** Connecting to a host name with several addresses fails with one error for each, and no message of its own. */
function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(messageOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}
