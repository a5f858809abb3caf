import { duration } from './format.ts';
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
  /** The container of the alert's labels, or of `.Labels` within {@link lookup}: namespace/pod/container, or a Docker name. */
  owner(labels?: '$labels' | '.Labels'): string;
  /** A command that prints the last lines of that container's log. */
  logsCommand(labels?: '$labels' | '.Labels'): string;
  /** A command that runs another in that container; without a shell, so no `*` and no `|`. */
  execCommand(command: string, labels?: '$labels' | '.Labels'): string;
  /**
   * The result of a query when the alert fires: `found` with `.Labels` and `.Value` of its first series, else `otherwise`.
   * The query must be of recorded series, whose labels are known; it gets the matchers of the alert's node, and those of
   * its container, or of its cgroup for processes outside of containers.
   */
  lookup(query: (node: string, container: string) => string, found: string, otherwise?: string): string;
}

/** Matchers by position, so that a query may leave out or repeat them. */
const CONTAINER = 'namespace=%[3]q,pod=%[4]q,container=%[5]q,cgroup=%[6]q';

export function textsOf({ labels: { cluster }, node_monitor_grace_seconds }: Settings): Texts {
  const inCluster = `$labels.${cluster}`;
  const ofCluster = `{{ with ${inCluster} }} of cluster {{ . }}{{ end }}`;
  const inPod = (labels: string, pod: string, host: string) =>
    `{{ if ${labels}.pod }}${pod}${host && `{{ else }}${host}`}{{ end }}`;
  return {
    node: `{{ $labels.node }}${ofCluster}`,
    ofCluster,
    times: '{{ $value }} time{{ if ne $value 1.0 }}s{{ end }}',
    gracePeriod: duration(node_monitor_grace_seconds),
    owner: (labels = '$labels') =>
      `${inPod(labels, `{{ ${labels}.namespace }}/{{ ${labels}.pod }}/`, '')}{{ ${labels}.container }}`,
    logsCommand: (labels = '$labels') =>
      inPod(
        labels,
        `kubectl -n {{ ${labels}.namespace }} logs {{ ${labels}.pod }} -c {{ ${labels}.container }} --tail=20`,
        `docker logs --tail=20 {{ ${labels}.container }}`,
      ),
    execCommand: (command, labels = '$labels') =>
      inPod(
        labels,
        `kubectl -n {{ ${labels}.namespace }} exec {{ ${labels}.pod }} -c {{ ${labels}.container }} -- ${command}`,
        `docker exec {{ ${labels}.container }} ${command}`,
      ),
    lookup: (query, found, otherwise = '') =>
      `{{ with printf \`${query(`${cluster}=%[1]q,node=%[2]q`, `${cluster}=%[1]q,node=%[2]q,${CONTAINER}`)}\` ` +
      `${inCluster} $labels.node $labels.namespace $labels.pod $labels.container $labels.cgroup | query }}` +
      `{{ with first . }}${found}{{ end }}${otherwise && `{{ else }}${otherwise}`}{{ end }}`,
  };
}
