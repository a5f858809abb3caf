import { DashboardLinkBuilder, DashboardLinkType } from '@grafana/grafana-foundation-sdk/dashboard';
import { DEFAULT_SETTINGS } from '../../rules/settings.ts';
import type { DashboardUid } from '../../rules/signature.ts';

/** All dashboards have it. */
export const TAG = 'foreshock';

/** From each dashboard to the others, with what is chosen. */
export function toOtherDashboards(): DashboardLinkBuilder {
  return new DashboardLinkBuilder('Foreshock')
    .type(DashboardLinkType.Dashboards)
    .tags([TAG])
    .asDropdown(true)
    .includeVars(true)
    .keepTime(true);
}

export function toRunbooks(): DashboardLinkBuilder {
  return toPage('Runbooks', DEFAULT_SETTINGS.runbook_url.replace(/[^/]*\{alert\}.*/, ''));
}

/** The runbook of an alert. */
export function toRunbook(alert: string): DashboardLinkBuilder {
  return toPage(`Runbook: ${alert}`, DEFAULT_SETTINGS.runbook_url.replace('{alert}', alert));
}

function toPage(title: string, url: string): DashboardLinkBuilder {
  return new DashboardLinkBuilder(title).type(DashboardLinkType.Link).url(url).targetBlank(true);
}

/** A link of a field's values to the dashboard of the node that they are about; `node` is a variable that names it. */
export function toNode(uid: DashboardUid, title: string, node: string): { title: string; url: string } {
  return {
    title,
    url: `/d/${uid}?\${datasource:queryparam}&\${cluster:queryparam}&var-node=\${${node}}&\${__url_time_range}`,
  };
}
