import { join } from 'node:path';
import { UsageError } from '../../config/usage-error.ts';
import { type Access, fileSource } from './access.ts';

/** Where the kubelet puts a pod's service account (kube-apiserver, plugin/pkg/admission/serviceaccount). */
const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * Access from inside a pod: the address from the environment, and the pod's service account. Throws `UsageError`
 * elsewhere.
 */
export function inCluster(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  directory = SERVICE_ACCOUNT,
): Access {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = environment;
  if (!host || !port) {
    throw new UsageError(
      'KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set: outside of a pod, set --kubeconfig',
    );
  }
  const account = 'the service account (automountServiceAccountToken must be on)';
  const token = fileSource(join(directory, 'token'), account);
  const authority = fileSource(join(directory, 'ca.crt'), account);
  return {
    server: new URL(`https://${host.includes(':') ? `[${host}]` : host}:${port}`),
    source: directory,
    credentials: async () => ({
      tls: { ca: await authority() },
      authorization: `Bearer ${(await token()).trim()}`,
    }),
  };
}
