import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readInventory } from '../../../../exporter/node/inventory/inventory.ts';
import { processEntries } from '../host/process-entries.ts';
import { type Entry, temporaryHost } from '../host/temporary-host.ts';
import { contextOf } from '../run-collector.ts';

const KIND = 'apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n';

const kubelet = (args: string, more: Parameters<typeof processEntries>[2] = {}) =>
  processEntries(42, 'kubelet', { ...more, args: args.split(' ') });

/** A node as a distribution sets it up, by its own documentation or source, and where the kubelet's things are on it. */
const LAYOUTS: [layout: string, entries: Record<string, Entry>, locations: Record<string, string>][] = [
  [
    'kubeadm',
    {
      ...kubelet(
        '--config=/var/lib/kubelet/config.yaml --container-runtime-endpoint=unix:///var/run/containerd/containerd.sock',
      ),
      '/var/lib/kubelet/config.yaml': KIND,
    },
    { kubelet_config: '/var/lib/kubelet/config.yaml', containerd_socket: '/var/run/containerd/containerd.sock' },
  ],
  [
    'EKS, Amazon Linux 2023',
    {
      ...kubelet('--config=/etc/kubernetes/kubelet/config.json --config-dir=/etc/kubernetes/kubelet/config.json.d'),
      '/etc/kubernetes/kubelet/config.json': '{"kind": "KubeletConfiguration"}',
      '/etc/kubernetes/kubelet/config.json.d/40-nodeadm.conf': '{"podLogsDir": "/mnt/k8s-disks/0/pods"}',
    },
    { kubelet_config: '/etc/kubernetes/kubelet/config.json', pod_logs: '/mnt/k8s-disks/0/pods' },
  ],
  [
    'Bottlerocket',
    {
      ...kubelet('--config /etc/kubernetes/kubelet/config --root-dir /var/lib/kubelet'),
      '/etc/kubernetes/kubelet/config': `${KIND}containerRuntimeEndpoint: unix:///run/containerd/containerd.sock\n`,
    },
    {
      kubelet_config: '/etc/kubernetes/kubelet/config',
      kubelet_root: '/var/lib/kubelet',
      containerd_socket: '/run/containerd/containerd.sock',
    },
  ],
  [
    'OpenShift',
    {
      ...kubelet('--config=/etc/kubernetes/kubelet.conf --container-runtime-endpoint=/var/run/crio/crio.sock'),
      '/etc/kubernetes/kubelet.conf': KIND,
    },
    { kubelet_config: '/etc/kubernetes/kubelet.conf', crio_socket: '/var/run/crio/crio.sock' },
  ],
  [
    'Talos, whose kubelet has a root of its own',
    {
      ...kubelet('--config=/etc/kubernetes/kubelet.yaml', { cgroup: '/podruntime/kubelet' }),
      '/proc/42/root/etc/kubernetes/kubelet.yaml': `${KIND}containerRuntimeEndpoint: unix:///run/containerd/containerd.sock\n`,
      '/proc/1/root/etc/os-release': '',
    },
    { kubelet_config: '/etc/kubernetes/kubelet.yaml', containerd_socket: '/run/containerd/containerd.sock' },
  ],
  [
    'RKE 1, whose kubelet is in a container of Docker',
    {
      ...kubelet('--root-dir=/opt/rke/var/lib/kubelet --container-runtime-endpoint=unix:///var/run/cri-dockerd.sock', {
        cgroup: `/docker/${'a7'.repeat(32)}`,
      }),
      '/var/log/pods/.keep': '',
    },
    { kubelet_root: '/opt/rke/var/lib/kubelet', pod_logs: '/var/log/pods' },
  ],
  [
    'k3s since 1.32',
    {
      ...processEntries(42, 'k3s-server', { args: ['server'], cgroup: '/system.slice/k3s.service' }),
      '/etc/systemd/system/k3s.service': '[Service]\nExecStart=/usr/local/bin/k3s server --data-dir /srv/k3s\n',
      '/srv/k3s/agent/etc/kubelet.conf.d/00-k3s-defaults.conf': `${KIND}containerRuntimeEndpoint: unix:///run/k3s/containerd/containerd.sock\n`,
    },
    { containerd_socket: '/run/k3s/containerd/containerd.sock' },
  ],
  [
    'RKE2',
    {
      ...kubelet('--config-dir=/var/lib/rancher/rke2/agent/etc/kubelet.conf.d'),
      '/var/lib/rancher/rke2/agent/etc/kubelet.conf.d/00-rke2-defaults.conf': `${KIND}containerRuntimeEndpoint: unix:///run/k3s/containerd/containerd.sock\npodLogsDir: /data/pods\n`,
    },
    { pod_logs: '/data/pods', containerd_socket: '/run/k3s/containerd/containerd.sock' },
  ],
  [
    'k0s',
    {
      ...kubelet(
        '--root-dir=/var/lib/k0s/kubelet --config=/var/lib/k0s/kubelet-config.yaml --container-runtime-endpoint=unix:///run/k0s/containerd.sock',
      ),
      '/var/lib/k0s/kubelet-config.yaml': KIND,
    },
    {
      kubelet_config: '/var/lib/k0s/kubelet-config.yaml',
      kubelet_root: '/var/lib/k0s/kubelet',
      containerd_socket: '/run/k0s/containerd.sock',
    },
  ],
  [
    'MicroK8s',
    {
      ...processEntries(42, 'kubelite', { args: ['--kubelet-args-file=/var/snap/microk8s/8000/args/kubelet'] }),
      '/var/snap/microk8s/8000/args/kubelet':
        '--root-dir=$SNAP_COMMON/var/lib/kubelet\n--container-runtime-endpoint=$SNAP_COMMON/run/containerd.sock\n',
    },
    {
      kubelet_root: '/var/snap/microk8s/common/var/lib/kubelet',
      containerd_socket: '/var/snap/microk8s/common/run/containerd.sock',
    },
  ],
];

for (const [layout, entries, expected] of LAYOUTS) {
  test(`where the kubelet's things are: ${layout}`, (t) => {
    const { host } = temporaryHost(t, entries);
    const fault = (about: string, error: unknown) => assert.fail(`${about}: ${error}`);
    const { facts } = readInventory({ ...contextOf(host, { fault }), dockerRoot: '' }, undefined);
    const known = (facts.locations?.value ?? []).filter(({ source }) => source !== 'assumed');
    assert.equal(facts.kubelet?.value.error, undefined);
    assert.deepEqual(Object.fromEntries(known.map(({ what, path }) => [what, path])), expected);
  });
}
