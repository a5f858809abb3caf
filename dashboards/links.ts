import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import { type DashboardLink, DashboardLinkBuilder, DashboardLinkType } from '@grafana/grafana-foundation-sdk/dashboard';
import { DEFAULT_SETTINGS } from '../rules/settings.ts';
import type { DashboardUid } from '../rules/signature.ts';

/** All dashboards have it. */
export const TAG = 'foreshock';

/** From each dashboard to the others, with what is chosen. */
export function toOtherDashboards(): Builder<DashboardLink> {
  return shown(
    new DashboardLinkBuilder('Foreshock')
      .type(DashboardLinkType.Dashboards)
      .tags([TAG])
      .asDropdown(true)
      .includeVars(true)
      .keepTime(true),
  );
}

export function toRunbooks(): Builder<DashboardLink> {
  return toPage('Runbooks', DEFAULT_SETTINGS.runbook_url.replace(/[^/]*\{alert\}.*/, ''));
}

/** The runbook of an alert. */
export function toRunbook(alert: string): Builder<DashboardLink> {
  return toPage(`Runbook: ${alert}`, DEFAULT_SETTINGS.runbook_url.replace('{alert}', alert));
}

function toPage(title: string, url: string): Builder<DashboardLink> {
  return shown(new DashboardLinkBuilder(title).type(DashboardLinkType.Link).url(url).targetBlank(true));
}

/** Where links always were: the SDK puts them into a menu that Grafana 12 has beside its controls. */
function shown(builder: DashboardLinkBuilder): Builder<DashboardLink> {
  const link = builder.build();
  delete link.placement;
  return { build: () => link };
}

/** A link of a field's values to the dashboard of the node that they are about; `node` is a variable that names it. */
export function toNode(uid: DashboardUid, title: string, node: string): { title: string; url: string } {
  return {
    title,
    url: `/d/${uid}?\${datasource:queryparam}&\${cluster:queryparam}&var-node=\${${node}}&\${__url_time_range}`,
  };
}
