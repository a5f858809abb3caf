export type Severity = 'critical' | 'warning' | 'info';

/** What a user may set; the defaults fit kube-prometheus and our own manifests. */
export interface Settings {
  /** Matchers of the jobs, as they stand between braces. */
  readonly selectors: {
    readonly foreshock: string;
    readonly node_exporter: string;
    readonly kubelet: string;
    readonly kube_state_metrics: string;
  };
  readonly labels: {
    /** The label that tells clusters apart; none need have it. */
    readonly cluster: string;
    /** The label of targets that names their node; what the rules produce is always called `node`. */
    readonly node: string;
  };
  /** By signature and name; what is not set has its default. */
  readonly thresholds: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** By alert. */
  readonly severities: Readonly<Record<string, Severity>>;
  /** Alerts that are switched off. */
  readonly disabled: readonly string[];
  /** `{alert}` stands for the name of the alert. */
  readonly runbook_url: string;
  /** `{dashboard}` stands for the uid; the variables `cluster` and `node` are added. */
  readonly dashboard_url: string;
  readonly format: 'prometheus' | 'operator';
  /** Of the PrometheusRule objects. */
  readonly operator: { readonly namespace: string; readonly labels: Readonly<Record<string, string>> };
}

export const DEFAULT_SETTINGS: Settings = {
  selectors: {
    foreshock: 'job="foreshock"',
    node_exporter: 'job="node-exporter"',
    kubelet: 'job="kubelet"',
    kube_state_metrics: 'job="kube-state-metrics"',
  },
  labels: { cluster: 'cluster', node: 'node' },
  thresholds: {},
  severities: {},
  disabled: [],
  runbook_url: 'https://github.com/foreshock/foreshock/blob/main/docs/runbooks/{alert}.md',
  dashboard_url: 'https://grafana.example.com/d/{dashboard}',
  format: 'prometheus',
  operator: { namespace: 'monitoring', labels: { prometheus: 'k8s', role: 'alert-rules' } },
};
