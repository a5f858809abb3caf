import { containerIdsIn, podUidIn } from './cgroup-path.ts';
import { type Container, type Owner, ownerOf, type Pod, UNKNOWN } from './container.ts';

/** The containers of a host, and the pods that have logs on it. */
interface Contents {
  readonly containers: readonly Container[];
  readonly pods: readonly Pod[];
}

/** Looks up who things belong to. */
export class ContainerDirectory {
  readonly containers: readonly Container[];
  readonly #byId: ReadonlyMap<string, Container>;
  readonly #podsByUid: ReadonlyMap<string, Pod>;

  constructor({ containers, pods }: Contents = { containers: [], pods: [] }) {
    this.containers = containers;
    this.#byId = new Map(containers.map((container) => [container.id, container]));
    this.#podsByUid = new Map(pods.map((pod) => [pod.uid, pod]));
  }

  get(id: string): Container | undefined {
    return this.#byId.get(id);
  }

  /** The innermost known container that a cgroup belongs to: containers inside containers are not in the inventory. */
  containerOfCgroup(path: string): Container | undefined {
    for (const id of containerIdsIn(path).reverse()) {
      const container = this.#byId.get(id);
      if (container) return container;
    }
    return undefined;
  }

  /**
   * Who a cgroup belongs to. A cgroup that is named like a container of which nothing is known has the owner
   * `unknown`, within its pod when that can be told; a cgroup of no container has none.
   */
  ownerOfCgroup(path: string): Owner | undefined {
    const container = this.containerOfCgroup(path);
    if (container) return ownerOf(container);
    if (containerIdsIn(path).length === 0) return undefined;
    const pod = this.#podsByUid.get(podUidIn(path) ?? '');
    return { namespace: pod?.namespace ?? '', pod: pod?.pod ?? '', container: UNKNOWN };
  }
}
