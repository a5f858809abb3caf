/** Where a distribution has its containerd. */
export interface ContainerdLayout {
  readonly config: string;
  readonly root: string;
  readonly state: string;
  readonly socket: string;
}

/** containerd's own defaults (containerd, defaults/defaults_unix.go): also of kubeadm and Bottlerocket. */
export const CONTAINERD: ContainerdLayout = {
  config: '/etc/containerd/config.toml',
  root: '/var/lib/containerd',
  state: '/run/containerd',
  socket: '/run/containerd/containerd.sock',
};

/** Those whose places no other software uses. */
export const DISTRIBUTIONS: readonly ContainerdLayout[] = [
  ...['k3s', 'rke2'].map((name) => ({
    config: `/var/lib/rancher/${name}/agent/etc/containerd/config.toml`,
    root: `/var/lib/rancher/${name}/agent/containerd`,
    state: '/run/k3s/containerd',
    socket: '/run/k3s/containerd/containerd.sock',
  })),
  {
    config: '/etc/k0s/containerd.toml',
    root: '/var/lib/k0s/containerd',
    state: '/run/k0s/containerd',
    socket: '/run/k0s/containerd.sock',
  },
  {
    config: '/var/snap/microk8s/current/args/containerd.toml',
    root: '/var/snap/microk8s/common/var/lib/containerd',
    state: '/var/snap/microk8s/common/run/containerd',
    socket: '/var/snap/microk8s/common/run/containerd.sock',
  },
];

/** Talos has the configuration of the containerd that runs pods elsewhere, and all else where containerd has it. */
const TALOS: ContainerdLayout = { ...CONTAINERD, config: '/etc/cri/containerd.toml' };

/** All of them, those of distributions first: beside them containerd's own place is mostly that of a Docker. */
export const CONTAINERD_LAYOUTS: readonly ContainerdLayout[] = [...DISTRIBUTIONS, TALOS, CONTAINERD];

/** Snapshotters that are processes of their own keep their layers here unless they are told otherwise (their READMEs). */
export const PROXY_ROOTS: Readonly<Record<string, string>> = {
  stargz: '/var/lib/containerd-stargz-grpc/snapshotter',
  soci: '/var/lib/soci-snapshotter-grpc/snapshotter',
  nydus: '/var/lib/containerd-nydus',
  'fuse-overlayfs': '/var/lib/containerd-fuse-overlayfs',
};
