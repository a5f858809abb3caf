import type { Metric } from '../../exporter/exposition/metric.ts';
import * as kubelet from '../../exporter/node/collectors/kubelet-config.ts';
import { promql } from '../../rules/promql.ts';
import type { DashboardContext } from '../context.ts';
import type { Row } from '../panel.ts';

export function configuration({ chosenTarget, nodeLabels, perNode }: DashboardContext): Row {
  const setting = (metric: Metric) => perNode(promql`${metric}{${chosenTarget}}`);
  const assumed = promql`count by (${nodeLabels}) (${perNode(promql`${kubelet.settingInfo}{${chosenTarget},source="assumed"}`, 'setting')})`;
  return {
    title: 'How is it configured?',
    panels: [
      {
        kind: 'table',
        title: 'Kubelet settings in force',
        description:
          'From the configuration of the kubelet; settings that it does not have are assumed to be the defaults of its version.',
        story:
          'Story 002 §6: 30 requests/s instead of 5 solved it. Story 002 §4: parallel image pulls would have helped.',
        signature: 'status-throttle',
        unit: 'count',
        noData: 'No kubelet found on this node',
        width: 24,
        height: 4,
        labels: { node: 'Node' },
        columns: [
          { title: 'API requests/s', expr: setting(kubelet.apiQps) },
          { title: 'API burst', expr: setting(kubelet.apiBurst) },
          {
            title: 'One image pull at a time',
            expr: setting(kubelet.serializeImagePulls),
            states: [
              { value: 0, text: 'no', color: 'transparent' },
              { value: 1, text: 'yes', color: 'transparent' },
            ],
          },
          { title: 'Lease duration', expr: setting(kubelet.leaseDuration), unit: 'seconds' },
          { title: 'Status report interval', expr: setting(kubelet.statusReportInterval), unit: 'seconds' },
          { title: 'Deletes images from', expr: setting(kubelet.imageGcHigh), unit: 'ratio' },
          { title: 'Deletes images down to', expr: setting(kubelet.imageGcLow), unit: 'ratio' },
          { title: 'Settings assumed', expr: assumed },
        ],
        sortBy: 'API requests/s',
      },
    ],
  };
}
