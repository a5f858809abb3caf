import { clusterRole, host } from './healthy-foreshock.ts';
import { kubelet, kubeStateMetrics, nodeExporter } from './healthy-upstream.ts';
import { type Outage, withOutages } from './outages.ts';
import { clusterRoleLoad, hostLoad, kubeletLoad, nodeExporterLoad } from './quiet-week-load.ts';
import {
  AWAY,
  CLUSTER_ROLE_RESTART,
  CORDONED,
  DAY,
  DAYS,
  DOCKER,
  DOCKER_REBOOT,
  DOCKERD_RESTART,
  DRAINED,
  during,
  EXPORTER_RESTART,
  KUBELET_RESTART,
  KUBERNETES,
} from './quiet-week-times.ts';
import { type Course, type SeriesMap, series } from './series.ts';
import { CLUSTER, nodeLabels } from './targets.ts';

const SPAN = { seconds: DAYS * DAY };

/** All series of a busy week without trouble. */
export function quietWeek(): SeriesMap {
  return new Map([...kubernetesNode(), ...dockerHost()]);
}

function kubernetesNode(): [string, Course][] {
  const labels = nodeLabels(KUBERNETES);
  const hostSeries = [
    ...new Map([
      ...host(KUBERNETES, SPAN),
      ...hostLoad(KUBERNETES),
      series(
        'foreshock_collector_success',
        { ...labels, job: 'foreshock', collector: 'kubelet_endpoints' },
        (second) => (during([KUBELET_RESTART], second) ? 0 : 1),
      ),
    ]),
  ];
  const isPod = ([key]: readonly [string, Course]) => key.includes('pod=');
  return [
    ...withOutages(
      [...hostSeries.filter((one) => !isPod(one)), ...withOutages(hostSeries.filter(isPod), [DRAINED])],
      [...AWAY, EXPORTER_RESTART],
    ),
    ...withOutages(
      new Map([
        ...nodeExporter(KUBERNETES),
        ...nodeExporterLoad(
          KUBERNETES,
          AWAY.map(({ to }) => to),
        ),
      ]),
      AWAY,
    ),
    ...withOutages(new Map([...kubelet(KUBERNETES, SPAN), ...kubeletLoad()]), [...AWAY, KUBELET_RESTART]),
    ...withOutages(new Map([...clusterRole(KUBERNETES, SPAN), ...clusterRoleLoad()]), [CLUSTER_ROLE_RESTART]),
    ...nodeStatus(),
  ];
}

/** The metrics of kube-state-metrics: Unknown from 40 s after the last heartbeat on, and cordoned for the upgrade. */
function nodeStatus(): [string, Course][] {
  const labels = { cluster: CLUSTER, job: 'kube-state-metrics', instance: '10.0.9.8:8080', node: KUBERNETES };
  const unknown = AWAY.map(({ from, to }): Outage => ({ from: from + 40, to: to + 10 }));
  return [
    ...kubeStateMetrics(KUBERNETES).map(([key, course]): [string, Course] => {
      if (!key.startsWith('kube_node_status_condition')) return [key, course];
      const isUnknown = key.includes('status="unknown"') ? 1 : 0;
      return [key, (second, start) => (during(unknown, second) ? isUnknown : course(second, start))];
    }),
    series('kube_node_spec_unschedulable', labels, (second) => (during([CORDONED], second) ? 1 : 0)),
  ];
}

function dockerHost(): [string, Course][] {
  const labels = nodeLabels(DOCKER);
  const built = {
    foreshock_images: 40,
    foreshock_local_only_images: 3,
    foreshock_local_only_image_bytes: 2e9,
  };
  // Docker limits no log by default: a quiet one of 0.2 GB that grows.
  const quiet = { ...labels, namespace: '', pod: '', container: 'registry' };
  return [
    ...withOutages(
      new Map([
        ...[...host(DOCKER, SPAN), ...hostLoad(DOCKER)]
          .filter(([key]) => !/kubelet|image_gc|orphaned/.test(key))
          .map(onDocker),
        ...Object.entries(built).map(([name, value]) => series(name, labels, value)),
        series('foreshock_container_log_bytes', quiet, (second) => 2e8 + 100 * second),
        series('foreshock_container_log_written_bytes_total', quiet, (second) => 100 * second),
        series('foreshock_container_log_limit_bytes', quiet, Infinity),
        series('foreshock_runtime_up', { ...labels, runtime: 'docker' }, (second) =>
          during([DOCKERD_RESTART], second) ? 0 : 1,
        ),
      ]),
      [DOCKER_REBOOT],
    ),
    ...withOutages(new Map([...nodeExporter(DOCKER), ...nodeExporterLoad(DOCKER, [DOCKER_REBOOT.to])]), [
      DOCKER_REBOOT,
    ]),
  ];
}

/** A series of a pod's container as that of one which was started by hand. */
function onDocker([key, course]: readonly [string, Course]): [string, Course] {
  const renamed = key
    .replace(/container="\w+"(.*),namespace="\w+"(.*),pod="([\w-]+)"/, 'container="$3"$1,namespace=""$2,pod=""')
    .replace('runtime="containerd"', 'runtime="docker"')
    .replace('daemon="containerd"', 'daemon="dockerd"')
    .replace('containerd://', 'docker://');
  return [renamed, course];
}
