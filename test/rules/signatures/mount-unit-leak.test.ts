import { testAlerts } from '../alert-cases.ts';

const NODE = 'cluster="eu",node="node-a"';
const KUBELET = 'cluster="eu",job="kubelet",instance="10.0.0.7:10250"';

const KUBELET_MEMORY = {
  [`kubelet_node_name{${KUBELET},node="node-a"}`]: '1x600',
  [`process_resident_memory_bytes{${KUBELET}}`]: '1073741824x600',
};

testAlerts('mount-unit-leak', {
  ForeshockOrphanedSubpathUnits: {
    series: { [`foreshock_systemd_orphaned_subpath_units{${NODE}}`]: '0+10x90 0x20', ...KUBELET_MEMORY },
    firesAt: 71,
    resolvedAt: 91,
    labels: { node: 'node-a' },
    description:
      'systemd on node-a of cluster eu keeps 710 mount units of pods that no longer exist. The kubelet uses ' +
      "1GiB of memory. Next: `systemctl list-units --all --full --no-legend | grep 'Kubernetes transient " +
      "mount'` on the node lists the units; stop only those of pods that no longer exist.",
  },
  ForeshockSystemdUnitsGrow: {
    series: {
      // One a minute; mounts are as many, but came all at once.
      [`foreshock_systemd_transient_units{${NODE},type="scope"}`]: '900+1x450 0x30',
      [`foreshock_systemd_transient_units{${NODE},type="mount"}`]: '30x200 2000x300',
      ...KUBELET_MEMORY,
    },
    firesAt: 420,
    resolvedAt: 451,
    labels: { node: 'node-a', type: 'scope' },
    description:
      'systemd on node-a of cluster eu has 1320 transient units of type scope, and their number has grown for ' +
      "6 h. The kubelet uses 1GiB of memory. Next: `systemctl list-units --all --full --no-legend '*.scope' | " +
      'tail -n 20` on the node lists some of them.',
  },
  ForeshockMountTableGrowing: {
    series: { [`foreshock_mounts{${NODE}}`]: '4900+1x450 300x30', ...KUBELET_MEMORY },
    firesAt: 420,
    resolvedAt: 451,
    labels: { node: 'node-a' },
    description:
      'node-a of cluster eu has 5320 mounts, and their number has grown for 6 h. The kubelet uses 1GiB of ' +
      'memory. Next: `findmnt -rno TARGET | cut -d/ -f1-5 | sort | uniq -c | sort -rn | head` on the node ' +
      'counts them by directory.',
  },
});
