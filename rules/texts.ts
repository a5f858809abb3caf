import type { Settings } from './settings.ts';

/** Pieces of the templates that Prometheus fills in when an alert fires. */
export interface Texts {
  /** The alert's node, and its cluster where there is one. */
  readonly node: string;
  /** ` of cluster …` where the alert has one, for what is not about a node. */
  readonly ofCluster: string;
  /** A container of the alert's labels, or of `.Labels` within {@link lookup}: namespace/pod/container, or a Docker name. */
  owner(labels?: '$labels' | '.Labels'): string;
  /** A command that shows the last lines of that container's log. */
  logsCommand(labels?: '$labels' | '.Labels'): string;
  /** A command that runs another one in that container; without a shell, so no `*` and no `|`. */
  execCommand(command: string, labels?: '$labels' | '.Labels'): string;
  /**
   * What a query tells when the alert fires: `found` with `.Labels` and `.Value` of its first result, or `otherwise`.
   * The query must be of recorded series, whose labels are known; it gets the matchers of the alert's node, and those of
   * its container, or of its cgroup for what runs outside of containers.
   */
  lookup(query: (node: string, container: string) => string, found: string, otherwise?: string): string;
}

/** By position, so that a query may leave out or repeat them. */
const CONTAINER = 'namespace=%[3]q,pod=%[4]q,container=%[5]q,cgroup=%[6]q';

export function textsOf({ labels: { cluster } }: Settings): Texts {
  const inCluster = `$labels.${cluster}`;
  const ofCluster = `{{ with ${inCluster} }} of cluster {{ . }}{{ end }}`;
  const inPod = (labels: string, pod: string, host: string) =>
    `{{ if ${labels}.pod }}${pod}${host && `{{ else }}${host}`}{{ end }}`;
  return {
    node: `{{ $labels.node }}${ofCluster}`,
    ofCluster,
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
