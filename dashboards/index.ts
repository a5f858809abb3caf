import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { containerDisk } from './container-disk.ts';
import type { Source } from './dashboard.ts';
import { fleet } from './fleet.ts';
import { kubeletApi } from './kubelet-api.ts';
import { node } from './node.ts';
import { renderDashboard } from './render/dashboard.ts';

/** All dashboards, as what they say. */
export const sources: readonly Source[] = [fleet, node, containerDisk, kubeletApi];

/** The same as Grafana imports them. */
export const dashboards: readonly Dashboard[] = sources.map(renderDashboard);
