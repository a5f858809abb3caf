import { duration } from './format.ts';
import { command, ofAlert, ofSeries, shown } from './labels.ts';
import type { Settings } from './settings.ts';

/** Parts of the texts of alerts: templates that Prometheus fills in when an alert fires. */
export interface Texts {
  /** The alert's node, and its cluster where there is one. */
  readonly node: string;
  /** ` of cluster …` where the alert has one, for alerts that are not about a node. */
  readonly ofCluster: string;
  /** The alert's value as a number of times: `1 time`, `2 times`. */
  readonly times: string;
  /** How long a node may send no heartbeat until it turns Unknown: `50 s`. */
  readonly gracePeriod: string;
  /** The container of the alert, or of the series that {@link lookup} found: namespace/pod/container, or a Docker name. */
  owner(from?: LabelSource): string;
  /** A command that prints the last lines of that container's log. */
  logsCommand(from?: LabelSource): string;
  /** A command that shows the sizes of what is in the root directory of that container. */
  rootUsageCommand(from?: LabelSource): string;
  /** The same for the label `directory` of the series that {@link lookup} found. */
  directoryUsageCommand(from?: LabelSource): string;
  /**
   * The result of a query when the alert fires: `found` with `.Labels` and `.Value` of its first series, else `otherwise`.
   * The query must be of recorded series, whose labels are known; it gets the matchers of the alert's node, and those of
   * its container, or of its cgroup for processes outside of containers.
   */
  lookup(query: (node: string, container: string) => string, found: string, otherwise?: string): string;
}

/** Names a label of the alert, or of the series that a lookup found. */
type LabelSource = typeof ofAlert | typeof ofSeries;

/** Matchers by position, so that a query may leave out or repeat them. */
const CONTAINER = 'namespace=%[3]q,pod=%[4]q,container=%[5]q,cgroup=%[6]q';

export function textsOf({ labels: { cluster }, node_monitor_grace_seconds }: Settings): Texts {
  const inCluster = ofAlert(cluster);
  const ofCluster = `{{ if ${inCluster.field} }} of cluster ${shown(inCluster)}{{ end }}`;
  return {
    node: `${shown(ofAlert('node'))}${ofCluster}`,
    ofCluster,
    times: '{{ $value }} time{{ if ne $value 1.0 }}s{{ end }}',
    gracePeriod: duration(node_monitor_grace_seconds),
    owner: (from = ofAlert) => {
      const [namespace, pod, container] = ['namespace', 'pod', 'container'].map((name) => shown(from(name)));
      return `${ifPod(from, `${namespace}/${pod}/`)}${container}`;
    },
    logsCommand: (from = ofAlert) => {
      const { namespace, pod, container } = ownerOf(from);
      return ifPod(
        from,
        command`kubectl -n ${namespace} logs ${pod} -c ${container} --tail=20`,
        command`docker logs --tail=20 ${container}`,
      );
    },
    rootUsageCommand: (from = ofAlert) => {
      const { namespace, pod, container } = ownerOf(from);
      return ifPod(
        from,
        command`kubectl -n ${namespace} exec ${pod} -c ${container} -- du -xhd1 /`,
        command`docker exec ${container} du -xhd1 /`,
      );
    },
    directoryUsageCommand: (from = ofAlert) => {
      const { namespace, pod, container } = ownerOf(from);
      const directory = ofSeries('directory');
      return ifPod(
        from,
        command`kubectl -n ${namespace} exec ${pod} -c ${container} -- du -xhd1 ${directory}`,
        command`docker exec ${container} du -xhd1 ${directory}`,
      );
    },
    lookup: (query, found, otherwise = '') =>
      `{{ with printf \`${query(`${cluster}=%[1]q,node=%[2]q`, `${cluster}=%[1]q,node=%[2]q,${CONTAINER}`)}\` ` +
      `${inCluster.field} $labels.node $labels.namespace $labels.pod $labels.container $labels.cgroup | query }}` +
      `{{ with first . }}${found}{{ end }}${otherwise && `{{ else }}${otherwise}`}{{ end }}`,
  };
}

function ownerOf(from: LabelSource) {
  return { namespace: from('namespace'), pod: from('pod'), container: from('container') };
}

/** One text for the container of a pod, another for a container of plain Docker. */
function ifPod(from: LabelSource, text: string, otherwise = ''): string {
  return `{{ if ${from('pod').field} }}${text}${otherwise && `{{ else }}${otherwise}`}{{ end }}`;
}
