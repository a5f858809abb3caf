import type { Panel, Query } from '../../dashboards/panel.ts';
import type { SignatureId } from '../../rules/signatures/index.ts';
import { replays } from '../rules/replays/index.ts';
import type { Replay } from '../rules/replays/replay.ts';
import { type DashboardModel, type PanelModel, panelsOf, type TargetModel } from './model.ts';

/** A query of a dashboard, and where there must be data for it. */
export interface DeclaredTarget {
  readonly panel: PanelModel;
  readonly target: TargetModel;
  readonly source: Panel;
  /** The signature whose replay has data for it. */
  readonly signature: SignatureId;
}

/** All queries of a dashboard, from its source and from Grafana's model of it. */
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
        return target ? [{ panel, target, source, signature: query.signature ?? source.signature }] : [];
      });
    });
}

/** The queries of a panel, in the order in which Grafana calls them A, B, …. */
export function queriesOf(panel: Panel): readonly Pick<Query, 'expr' | 'signature'>[] {
  switch (panel.kind) {
    case 'timeseries':
    case 'state-timeline':
      return panel.queries;
    case 'stat':
    case 'bargauge':
      return [panel.query];
    case 'table':
      return panel.columns;
  }
}

/** The replays of a signature. */
export function replaysOf(signature: string): readonly Replay[] {
  return replays.filter((replay) => replay.signature === signature);
}
