/** The objects that the cluster role watches, of each only the fields that it reads (k8s.io/api, JSON names). */
export interface Objects {
  readonly nodes: KubeNode;
  readonly leases: Lease;
  readonly events: KubeEvent;
  readonly pods: KubePod;
}

export type Resource = keyof Objects;

/** Every field may be absent: what the API server sends is not trusted. Times are RFC 3339 text. */
export interface Metadata {
  readonly name?: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly managedFields?: readonly ManagedField[];
}

/** Who last wrote which fields (meta/v1, ManagedFieldsEntry); `time` is the API server's, in whole seconds. */
export interface ManagedField {
  readonly manager?: string;
  readonly operation?: string;
  readonly subresource?: string;
  readonly time?: string;
}

export interface KubeNode {
  readonly metadata?: Metadata;
  readonly status?: {
    readonly conditions?: readonly NodeCondition[];
    readonly images?: readonly NodeImage[];
  };
}

export interface NodeCondition {
  readonly type?: string;
  readonly status?: string;
  readonly lastHeartbeatTime?: string;
  readonly lastTransitionTime?: string;
}

export interface NodeImage {
  readonly names?: readonly string[];
  readonly sizeBytes?: number;
}

export interface Lease {
  readonly metadata?: Metadata;
  readonly spec?: { readonly holderIdentity?: string; readonly renewTime?: string };
}

export interface KubeEvent {
  readonly metadata?: Metadata;
  readonly involvedObject?: {
    readonly kind?: string;
    readonly name?: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly fieldPath?: string;
  };
  readonly reason?: string;
  readonly message?: string;
  readonly source?: { readonly component?: string; readonly host?: string };
  readonly reportingComponent?: string;
  readonly reportingInstance?: string;
  readonly type?: string;
  readonly count?: number;
  readonly series?: { readonly count?: number; readonly lastObservedTime?: string };
  readonly firstTimestamp?: string;
  readonly lastTimestamp?: string;
  readonly eventTime?: string;
}

export interface KubePod {
  readonly metadata?: Metadata;
  readonly spec?: {
    readonly nodeName?: string;
    readonly containers?: readonly PodContainer[];
    readonly initContainers?: readonly PodContainer[];
    readonly ephemeralContainers?: readonly PodContainer[];
  };
  readonly status?: {
    readonly phase?: string;
    readonly containerStatuses?: readonly ContainerStatus[];
    readonly initContainerStatuses?: readonly ContainerStatus[];
    readonly ephemeralContainerStatuses?: readonly ContainerStatus[];
  };
}

export interface PodContainer {
  readonly name?: string;
  readonly image?: string;
}

export interface ContainerStatus {
  readonly name?: string;
  readonly image?: string;
  readonly imageID?: string;
  readonly containerID?: string;
  readonly state?: { readonly running?: { readonly startedAt?: string } };
}
