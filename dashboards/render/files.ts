import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { dump } from 'js-yaml';

/** The files of dashboards by their names: each as JSON, and config maps with all of them. */
export function dashboardFiles(dashboards: readonly Dashboard[]): Map<string, string> {
  return new Map([
    ...dashboards.map((dashboard) => [`${dashboard.uid}.json`, `${JSON.stringify(dashboard, null, 2)}\n`] as const),
    ['configmap.yaml', CONFIG_MAPS_HEADER + dashboards.map(configMap).join('---\n')],
  ]);
}

const CONFIG_MAPS_HEADER = `# The dashboards for the sidecar of Grafana's Helm chart, which by default looks for this label in its own namespace:
# kubectl apply -n monitoring -f configmap.yaml
# One object each: kubectl apply keeps a copy of an object in an annotation, which may have 256 KiB.
`;

function configMap(dashboard: Dashboard): string {
  return dump(
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: dashboard.uid,
        labels: { grafana_dashboard: '1' },
        annotations: { grafana_folder: 'Foreshock' },
      },
      data: { [`${dashboard.uid}.json`]: JSON.stringify(dashboard) },
    },
    { lineWidth: -1 },
  );
}
