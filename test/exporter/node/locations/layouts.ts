import { processEntries } from '../host/process-entries.ts';
import type { Entry } from '../host/temporary-host.ts';

/** A node as a distribution sets it up, by its own documentation or source. */
export interface Layout {
  readonly name: string;
  readonly entries: Readonly<Record<string, Entry>>;
  /** What is known to be where, not only assumed: the kubelet's things, and the socket of its runtime. */
  readonly locations: Readonly<Record<string, string>>;
}

const KIND = 'apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n';

const kubelet = (args: string, more: Parameters<typeof processEntries>[2] = {}) =>
  processEntries(42, 'kubelet', { ...more, args: args.split(' ') });

/** Layouts that cannot be run here: `docs/hosts.md` lists them. */
export const LAYOUTS: readonly Layout[] = [
  {
    name: 'kubeadm',
    entries: {
      ...kubelet(
        '--config=/var/lib/kubelet/config.yaml --container-runtime-endpoint=unix:///var/run/containerd/containerd.sock',
      ),
      '/var/lib/kubelet/config.yaml': KIND,
    },
    locations: {
      kubelet_config: '/var/lib/kubelet/config.yaml',
      containerd_socket: '/var/run/containerd/containerd.sock',
    },
  },
  {
    name: 'EKS, Amazon Linux 2023',
    entries: {
      ...kubelet('--config=/etc/kubernetes/kubelet/config.json --config-dir=/etc/kubernetes/kubelet/config.json.d'),
      '/etc/kubernetes/kubelet/config.json': '{"kind": "KubeletConfiguration"}',
      '/etc/kubernetes/kubelet/config.json.d/40-nodeadm.conf': '{"podLogsDir": "/mnt/k8s-disks/0/pods"}',
    },
    locations: { kubelet_config: '/etc/kubernetes/kubelet/config.json', pod_logs: '/mnt/k8s-disks/0/pods' },
  },
  {
    name: 'Bottlerocket',
    entries: {
      ...kubelet('--config /etc/kubernetes/kubelet/config --root-dir /var/lib/kubelet'),
      '/etc/kubernetes/kubelet/config': `${KIND}containerRuntimeEndpoint: unix:///run/containerd/containerd.sock\n`,
    },
    locations: {
      kubelet_config: '/etc/kubernetes/kubelet/config',
      kubelet_root: '/var/lib/kubelet',
      containerd_socket: '/run/containerd/containerd.sock',
    },
  },
  {
    name: 'OpenShift',
    entries: {
      ...kubelet('--config=/etc/kubernetes/kubelet.conf --container-runtime-endpoint=/var/run/crio/crio.sock'),
      '/etc/kubernetes/kubelet.conf': KIND,
    },
    locations: { kubelet_config: '/etc/kubernetes/kubelet.conf', crio_socket: '/var/run/crio/crio.sock' },
  },
  {
    name: 'Talos, whose kubelet has a root of its own',
    entries: {
      ...kubelet('--config=/etc/kubernetes/kubelet.yaml', { cgroup: '/podruntime/kubelet' }),
      '/proc/42/root/etc/kubernetes/kubelet.yaml': `${KIND}containerRuntimeEndpoint: unix:///run/containerd/containerd.sock\n`,
      '/proc/1/root/etc/os-release': '',
    },
    locations: { kubelet_config: '/etc/kubernetes/kubelet.yaml', containerd_socket: '/run/containerd/containerd.sock' },
  },
  {
    name: 'RKE 1, whose kubelet is in a container of Docker',
    entries: {
      ...kubelet('--root-dir=/opt/rke/var/lib/kubelet --container-runtime-endpoint=unix:///var/run/cri-dockerd.sock', {
        cgroup: `/docker/${'a7'.repeat(32)}`,
      }),
      '/var/log/pods/.keep': '',
    },
    locations: { kubelet_root: '/opt/rke/var/lib/kubelet', pod_logs: '/var/log/pods' },
  },
  {
    name: 'k3s since 1.32',
    entries: {
      ...processEntries(42, 'k3s-server', { args: ['server'], cgroup: '/system.slice/k3s.service' }),
      '/etc/systemd/system/k3s.service': '[Service]\nExecStart=/usr/local/bin/k3s server --data-dir /srv/k3s\n',
      '/srv/k3s/agent/etc/kubelet.conf.d/00-k3s-defaults.conf': `${KIND}containerRuntimeEndpoint: unix:///run/k3s/containerd/containerd.sock\n`,
    },
    locations: { containerd_socket: '/run/k3s/containerd/containerd.sock' },
  },
  {
    name: 'RKE2',
    entries: {
      ...kubelet('--config-dir=/var/lib/rancher/rke2/agent/etc/kubelet.conf.d'),
      '/var/lib/rancher/rke2/agent/etc/kubelet.conf.d/00-rke2-defaults.conf': `${KIND}containerRuntimeEndpoint: unix:///run/k3s/containerd/containerd.sock\npodLogsDir: /data/pods\n`,
    },
    locations: { pod_logs: '/data/pods', containerd_socket: '/run/k3s/containerd/containerd.sock' },
  },
  {
    name: 'k0s',
    entries: {
      ...kubelet(
        '--root-dir=/var/lib/k0s/kubelet --config=/var/lib/k0s/kubelet-config.yaml --container-runtime-endpoint=unix:///run/k0s/containerd.sock',
      ),
      '/var/lib/k0s/kubelet-config.yaml': KIND,
    },
    locations: {
      kubelet_config: '/var/lib/k0s/kubelet-config.yaml',
      kubelet_root: '/var/lib/k0s/kubelet',
      containerd_socket: '/run/k0s/containerd.sock',
    },
  },
  {
    name: 'MicroK8s',
    entries: {
      ...processEntries(42, 'kubelite', { args: ['--kubelet-args-file=/var/snap/microk8s/8000/args/kubelet'] }),
      '/var/snap/microk8s/8000/args/kubelet':
        '--root-dir=$SNAP_COMMON/var/lib/kubelet\n--container-runtime-endpoint=$SNAP_COMMON/run/containerd.sock\n',
    },
    locations: {
      kubelet_root: '/var/snap/microk8s/common/var/lib/kubelet',
      containerd_socket: '/var/snap/microk8s/common/run/containerd.sock',
    },
  },
];
