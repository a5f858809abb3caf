import type { PrometheusServer } from '../../real/prometheus-server.ts';
import type { Replay } from '../../rules/replays/replay.ts';
import { type Field, fieldsOf } from '../fields.ts';
import { type DashboardModel, panelsOf } from '../model.ts';
import { choiceOf, worstOf } from '../stories.ts';
import { ALL, scopeOf } from '../variables.ts';
import { marksOf } from './marks.ts';
import { page, type Theme } from './page.ts';

/** Whose story a page shows, and how. */
export interface View {
  /** Of its sick node, or, where several are given, of all clusters. */
  readonly replays: readonly Replay[];
  readonly theme: Theme;
}

/** The page of a dashboard when things are at their worst. */
export async function preview(server: PrometheusServer, dashboard: DashboardModel, view: View): Promise<string> {
  const { replays, theme } = view;
  const range = worstOf(replays);
  const [replay] = replays;
  const isOne = replay !== undefined && replays.length === 1;
  const scope = await scopeOf(server, dashboard, range, isOne ? choiceOf(replay) : { cluster: ALL });
  const fields = new Map<number, Field[]>();
  for (const panel of panelsOf(dashboard)) fields.set(panel.id, await fieldsOf(server, panel, scope, range));
  const marks = await marksOf(server, dashboard, scope, range);
  const subtitle = isOne ? `story ${replay.id}: ${replay.title}` : 'each story in a cluster of its own';
  return page({ dashboard, subtitle, range, fields, marks, theme });
}
