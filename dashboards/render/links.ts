import { DashboardLinkBuilder, DashboardLinkType } from '@grafana/grafana-foundation-sdk/dashboard';
import { runbookUrl } from '../../rules/render/prometheus.ts';
import type { Settings } from '../../rules/settings.ts';
import type { DashboardSource } from '../dashboard.ts';

/** Tag of all dashboards. */
export const TAG = 'foreshock';

/** From each dashboard to the others, with the same choices and time range. */
export function toOtherDashboards(): DashboardLinkBuilder {
  return new DashboardLinkBuilder('Foreshock')
    .type(DashboardLinkType.Dashboards)
    .tags([TAG])
    .asDropdown(true)
    .includeVars(true)
    .keepTime(true);
}

/** The folder of the runbooks: their URL up to the name of the alert. */
export function toRunbooks({ runbook_url }: Settings): DashboardLinkBuilder {
  return toPage('Runbooks', runbook_url.replace(/[^/]*\{alert\}.*/, ''));
}

export function toRunbook(alert: string, settings: Settings): DashboardLinkBuilder {
  return toPage(`Runbook: ${alert}`, runbookUrl(alert, settings));
}

function toPage(title: string, url: string): DashboardLinkBuilder {
  return new DashboardLinkBuilder(title).type(DashboardLinkType.Link).url(url).targetBlank(true);
}

/** A link from the name of a node in a cell to a dashboard of that node. */
export function toNode({ uid, title }: Pick<DashboardSource, 'uid' | 'title'>): { title: string; url: string } {
  return {
    title,
    url: `/d/${uid}?\${datasource:queryparam}&\${cluster:queryparam}&var-node=\${__value.text:percentencode}&\${__url_time_range}`,
  };
}
