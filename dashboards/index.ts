import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Settings } from '../rules/settings.ts';
import { containerDisk } from './container-disk.ts';
import { contextOf } from './context.ts';
import type { DashboardSource } from './dashboard.ts';
import { fleet } from './fleet.ts';
import { kubeletApi } from './kubelet-api.ts';
import { node } from './node.ts';
import { renderDashboard } from './render/dashboard.ts';

const DASHBOARDS = [fleet, node, containerDisk, kubeletApi];

/** The content of all dashboards. */
export function dashboardSources(settings: Settings): DashboardSource[] {
  const context = contextOf(settings);
  return DASHBOARDS.map((dashboard) => dashboard(context));
}

/** All dashboards, as Grafana imports them. */
export function renderDashboards(settings: Settings): Dashboard[] {
  const sources = dashboardSources(settings);
  const nodeDashboards = sources.filter(({ scope }) => scope.of === 'node');
  return sources.map((source) => renderDashboard(source, { settings, nodeDashboards }));
}
