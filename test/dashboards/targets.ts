import { type Panel, queriesOf } from '../../dashboards/panel.ts';
import { replays } from '../rules/replays/index.ts';
import type { Replay } from '../rules/replays/replay.ts';
import { type DashboardModel, type PanelModel, panelsOf, type TargetModel } from './model.ts';

/** A query of a dashboard, and where there must be data for it. */
export interface DeclaredTarget {
  readonly panel: PanelModel;
  readonly target: TargetModel;
  readonly source: Panel;
  /** The signature that it is about. */
  readonly story: string;
}

/** All queries of a dashboard, from what it is made of and what is made of that. */
export function targetsOf(
  rows: readonly { readonly panels: readonly Panel[] }[],
  model: DashboardModel,
): DeclaredTarget[] {
  const panels = panelsOf(model);
  return rows
    .flatMap((row) => row.panels)
    .flatMap((source) => {
      const panel = panels.find(({ title }) => title === source.title);
      if (panel === undefined) throw new Error(`${model.uid} has no panel ${source.title}`);
      return queriesOf(source).flatMap((query, index) => {
        const target = panel.targets?.[index];
        return target ? [{ panel, target, source, story: query.story ?? source.story }] : [];
      });
    });
}

/** The replays of a signature. */
export function replaysOf(signature: string): readonly Replay[] {
  return replays.filter((replay) => replay.signature === signature);
}
