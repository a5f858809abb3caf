import type { Resource } from '../../../../exporter/cluster/objects.ts';

interface Type {
  readonly kind: string;
  readonly apiVersion: string;
  readonly namespaced: boolean;
}

export const TYPES: ReadonlyMap<Resource, Type> = new Map([
  ['nodes', { kind: 'Node', apiVersion: 'v1', namespaced: false }],
  ['pods', { kind: 'Pod', apiVersion: 'v1', namespaced: true }],
  ['events', { kind: 'Event', apiVersion: 'v1', namespaced: true }],
  ['leases', { kind: 'Lease', apiVersion: 'coordination.k8s.io/v1', namespaced: true }],
]);

export function typeOf(resource: Resource): Type {
  const type = TYPES.get(resource);
  if (!type) throw new Error(`no ${resource}`);
  return type;
}

/** What a path names. */
export interface Route {
  readonly resource: Resource;
  readonly namespace?: string;
}

/** `/api/v1/pods`, `/api/v1/namespaces/shop/pods`, `/apis/coordination.k8s.io/v1/leases` and the like. */
export function routeOf(path: string): Route | undefined {
  const match = /^\/(?:api|apis)\/([^/]+(?:\/v1)?)(?:\/namespaces\/([^/]+))?\/([a-z]+)$/.exec(path);
  const [, apiVersion, namespace, resource] = match ?? [];
  const type = TYPES.get(resource as Resource);
  if (!type || type.apiVersion !== apiVersion) return undefined;
  return { resource: resource as Resource, ...(namespace !== undefined && { namespace }) };
}

const GROUP_VERSION = { groupVersion: 'coordination.k8s.io/v1', version: 'v1' };

/** What clients such as kubectl read first, by path. */
export const DISCOVERY: ReadonlyMap<string, object> = new Map<string, object>([
  ['/version', { major: '1', minor: '26', gitVersion: 'v1.26.1' }],
  ['/api', { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] }],
  [
    '/apis',
    {
      kind: 'APIGroupList',
      apiVersion: 'v1',
      groups: [{ name: 'coordination.k8s.io', versions: [GROUP_VERSION], preferredVersion: GROUP_VERSION }],
    },
  ],
  ['/api/v1', resourceList('v1')],
  ['/apis/coordination.k8s.io/v1', resourceList('coordination.k8s.io/v1')],
]);

function resourceList(groupVersion: string): object {
  const own = [...TYPES].filter(([, { apiVersion }]) => apiVersion === groupVersion);
  const resources = own.map(([name, { kind, namespaced }]) => ({
    name,
    singularName: '',
    namespaced,
    kind,
    verbs: ['get', 'list', 'watch'],
  }));
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources };
}
