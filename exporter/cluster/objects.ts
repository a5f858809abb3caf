/**
 * The objects that the cluster role watches, of each only the fields that it reads (k8s.io/api, JSON names). Which object
 * it is stands in `Change.id`.
 *
 * What the API server sends is not trusted: every field may be absent, and a value is unknown until its reader has
 * checked it. Times should be RFC 3339 text.
 */
export interface Objects {
  readonly nodes: KubeNode;
  readonly leases: Lease;
  readonly events: KubeEvent;
  readonly pods: KubePod;
}

export type Resource = keyof Objects;

/** Who last wrote which fields (meta/v1, ManagedFieldsEntry); `time` is by the API server's clock, in whole seconds. */
export interface ManagedField {
  readonly manager?: unknown;
  readonly subresource?: unknown;
  readonly time?: unknown;
}

export interface KubeNode {
  readonly metadata?: { readonly managedFields?: readonly ManagedField[] };
  readonly status?: {
    readonly conditions?: readonly NodeCondition[];
    readonly images?: readonly NodeImage[];
  };
}

export interface NodeCondition {
  readonly type?: unknown;
  readonly status?: unknown;
  readonly lastHeartbeatTime?: unknown;
  readonly lastTransitionTime?: unknown;
}

export interface NodeImage {
  readonly names?: unknown;
  readonly sizeBytes?: unknown;
}

export interface Lease {
  readonly spec?: { readonly renewTime?: unknown };
}

export interface KubeEvent {
  readonly involvedObject?: {
    readonly kind?: unknown;
    readonly name?: unknown;
    readonly uid?: unknown;
    readonly fieldPath?: unknown;
  };
  readonly reason?: unknown;
  readonly message?: unknown;
  readonly source?: { readonly component?: unknown; readonly host?: unknown };
  readonly reportingComponent?: unknown;
  readonly reportingInstance?: unknown;
  readonly count?: unknown;
  readonly series?: { readonly count?: unknown; readonly lastObservedTime?: unknown };
  readonly firstTimestamp?: unknown;
  readonly lastTimestamp?: unknown;
  readonly eventTime?: unknown;
}

export interface KubePod {
  readonly spec?: {
    readonly nodeName?: unknown;
    readonly containers?: readonly PodContainer[];
    readonly initContainers?: readonly PodContainer[];
    readonly ephemeralContainers?: readonly PodContainer[];
  };
  readonly status?: {
    readonly phase?: unknown;
    readonly containerStatuses?: readonly ContainerStatus[];
    readonly initContainerStatuses?: readonly ContainerStatus[];
    readonly ephemeralContainerStatuses?: readonly ContainerStatus[];
  };
}

export interface PodContainer {
  readonly image?: unknown;
}

export interface ContainerStatus {
  readonly image?: unknown;
  readonly imageID?: unknown;
  readonly containerID?: unknown;
  readonly state?: { readonly running?: { readonly startedAt?: unknown } };
}
