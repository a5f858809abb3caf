import type { KubeEvent, KubeNode, KubePod, Lease, Resource } from '../../../../exporter/cluster/objects.ts';
import type { FakeApiServer } from '../api-server/fake-api-server.ts';
import type { ApiObject, Contents } from '../api-server/resource-store.ts';
import { type Recording, readRecordings } from '../recordings.ts';
import { digest, imageAt, imagesOf } from './synthetic-images.ts';

/** The version that everything has before the first change. */
const VERSION = '1000';

/**
 * A cluster of so many nodes and pods. Its objects are the recorded ones under other names, made when a list asks for
 * them, so that the largest takes no memory.
 */
export class SyntheticCluster {
  readonly nodes: number;
  readonly pods: number;
  readonly #templates: Readonly<Record<Resource, ApiObject>>;
  /** When each node's lease was renewed, in seconds of Unix time. */
  readonly #renewedAt: Float64Array;

  /** `now`: Unix time in seconds. */
  constructor(nodes: number, pods: number, now: number) {
    this.nodes = nodes;
    this.pods = pods;
    this.#templates = templates(readRecordings());
    this.#renewedAt = Float64Array.from({ length: nodes }, (_, index) => now - (index % 10));
  }

  /** Fills a server; events begin with none. */
  load(server: FakeApiServer): void {
    const version = Number(VERSION);
    server.load(
      'nodes',
      lazy(this.nodes, (index) => this.node(index)),
      version,
    );
    server.load(
      'leases',
      lazy(this.nodes, (index) => this.lease(index)),
      version,
    );
    server.load(
      'pods',
      lazy(this.pods, (index) => this.pod(index)),
      version,
    );
    server.load(
      'events',
      lazy(0, (index) => this.event(index, 0)),
      version,
    );
  }

  /** A node, with the kubelet's status as of a time when one is given. */
  node(index: number, patchedAt?: number): ApiObject {
    const template = this.#templates.nodes as ApiObject & KubeNode;
    const conditions = template.status?.conditions?.map((condition) => ({
      ...condition,
      ...(patchedAt !== undefined && { lastHeartbeatTime: wholeSeconds(patchedAt) }),
    }));
    const managedFields = template.metadata.managedFields?.map((entry) =>
      patchedAt !== undefined && entry.manager === 'kubelet' && entry.subresource === 'status'
        ? { ...entry, time: wholeSeconds(patchedAt) }
        : entry,
    );
    const metadata = { ...named(template, nodeName(index), patchedAt), managedFields };
    return { ...template, metadata, status: { ...template.status, conditions, images: imagesOf(index) } } as ApiObject;
  }

  lease(index: number): ApiObject {
    const template = this.#templates.leases as ApiObject & Lease;
    const renewTime = new Date((this.#renewedAt[index] ?? 0) * 1000).toISOString().replace('Z', '000Z');
    const spec = { ...template.spec, holderIdentity: nodeName(index), renewTime };
    return { ...template, metadata: named(template, nodeName(index)), spec } as ApiObject;
  }

  /** A lease as its kubelet has just renewed it. */
  renewed(index: number, now: number): ApiObject {
    this.#renewedAt[index] = now;
    return changed(this.lease(index));
  }

  /** A pod, that runs since a time when one is given. */
  pod(index: number, startedAt?: number): ApiObject {
    const template = this.#templates.pods as ApiObject & KubePod;
    const name = `service-${index % 5000}-${digest(`set ${index % 5000}`).slice(0, 10)}-${digest(`pod ${index}`).slice(0, 5)}`;
    const image = imageAt(index).names.at(-1) ?? '';
    const spec = {
      ...template.spec,
      nodeName: nodeName(index % this.nodes),
      containers: template.spec?.containers?.map((container) => ({ ...container, image })),
    };
    const containerStatuses = template.status?.containerStatuses?.map((status) => ({
      ...status,
      image,
      containerID: `containerd://${digest(`container ${index} ${startedAt ?? ''}`)}`,
      ...(startedAt !== undefined && { state: { running: { startedAt: wholeSeconds(startedAt) } } }),
    }));
    const metadata = { ...named(template, name, startedAt), namespace: `team-${index % 200}` };
    return { ...template, metadata, spec, status: { ...template.status, containerStatuses } } as ApiObject;
  }

  /** A new event about a pod. */
  event(index: number, now: number): ApiObject {
    const template = this.#templates.events as ApiObject & KubeEvent;
    const pod = this.pod(index % this.pods).metadata;
    const { name, namespace = '' } = pod;
    const source = { component: 'kubelet', host: nodeName(index % this.nodes) };
    const involvedObject = { ...template.involvedObject, kind: 'Pod', name, namespace };
    const metadata = { ...named(template, `${name}.${index.toString(16)}`, now), namespace };
    const time = wholeSeconds(now);
    return { ...template, metadata, involvedObject, source, firstTimestamp: time, lastTimestamp: time } as ApiObject;
  }
}

/** One object of each kind, of those that are up and running. */
function templates(recordings: readonly Recording[]): Record<Resource, ApiObject> {
  const first = (resource: Resource, accept: (object: ApiObject) => boolean = () => true) => {
    const object = recordings.find((recording) => recording.resource === resource)?.list.items.find(accept);
    if (!object) throw new Error(`no ${resource} were recorded`);
    return object;
  };
  return {
    nodes: first('nodes'),
    leases: first('leases'),
    pods: first('pods', (pod) => (pod as KubePod).status?.phase === 'Running'),
    events: first('events', (event) => (event as KubeEvent).reason === 'Pulled'),
  };
}

/** The metadata of a template under another name; without a version, for the server to set, when it is a change. */
function named({ metadata }: ApiObject, name: string, changedAt?: number): ApiObject['metadata'] {
  const hex = digest(name);
  const uid = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
  const { resourceVersion: _, ...rest } = { ...metadata, name, uid };
  return changedAt === undefined ? { ...rest, resourceVersion: VERSION } : rest;
}

function changed({ metadata: { resourceVersion: _, ...metadata }, ...object }: ApiObject): ApiObject {
  return { ...object, metadata };
}

function nodeName(index: number): string {
  return `node-${String(index).padStart(5, '0')}`;
}

/** As Kubernetes writes most times. */
function wholeSeconds(time: number): string {
  return new Date(time * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
}

function lazy(length: number, at: (index: number) => ApiObject): Contents {
  return { snapshot: () => ({ length, at }), apply: () => {} };
}
