import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { containerDisk } from './container-disk.ts';
import type { Source } from './dashboard.ts';
import { renderDashboard } from './render.ts';

/** All dashboards, as what they say. */
export const sources: readonly Source[] = [containerDisk];

/** The same as Grafana imports them. */
export const dashboards: readonly Dashboard[] = sources.map(renderDashboard);
