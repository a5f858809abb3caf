import type { Dataquery } from '@grafana/grafana-foundation-sdk/prometheus';
import type * as schema from '@grafana/schema';
import type { Options as BarGaugeOptions } from '@grafana/schema/dist/esm/raw/composable/bargauge/panelcfg/x/BarGaugePanelCfg_types.gen';
import type { Options as StatOptions } from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen';
import type {
  FieldConfig as StateTimelineFields,
  Options as StateTimelineOptions,
} from '@grafana/schema/dist/esm/raw/composable/statetimeline/panelcfg/x/StateTimelinePanelCfg_types.gen';
import type {
  FieldConfig as TableFields,
  Options as TableOptions,
} from '@grafana/schema/dist/esm/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen';
import type {
  FieldConfig as TimeSeriesFields,
  Options as TimeSeriesOptions,
} from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen';

/** A type as JSON writes it: the members of an enum by their values. */
type Json<T> = unknown extends T
  ? T
  : T extends string
    ? `${T}`
    : T extends number | boolean | null | undefined
      ? T
      : T extends readonly (infer Element)[]
        ? Json<Element>[]
        : { [Key in keyof T]: Json<T[Key]> };

/** The query of a target, which @grafana/schema leaves to the plugin of the data source. */
type Target = Omit<Dataquery, '_implementsDataqueryVariant'> & { refId: string };

/** @grafana/schema leaves options and fields open; each type of panel has its own. */
type PanelOf<Type extends string, Options, Fields> = Omit<
  schema.Panel,
  'type' | 'options' | 'targets' | 'fieldConfig'
> & {
  type: Type;
  options: Options;
  targets: Target[];
  fieldConfig: Omit<schema.FieldConfigSource, 'defaults'> & {
    defaults: Omit<schema.FieldConfig, 'custom'> & { custom?: Partial<Fields> };
  };
};

type Panel =
  | PanelOf<'timeseries', TimeSeriesOptions, TimeSeriesFields>
  | PanelOf<'stat', StatOptions, never>
  | PanelOf<'table', TableOptions, TableFields>
  | PanelOf<'state-timeline', StateTimelineOptions, StateTimelineFields>
  | PanelOf<'bargauge', BarGaugeOptions, never>;

/** With what the Prometheus plugin adds: `PromAnnotationQuery` of grafana-prometheus' src/types.ts. */
type Annotation = Omit<schema.AnnotationQuery, 'target'> & {
  target: Target;
  titleFormat?: string;
  textFormat?: string;
  tagKeys?: string;
  useValueForTime?: boolean;
};

/** A dashboard of Grafana's published types, of panels that we know how to draw. */
export type GrafanaDashboard = Json<
  Omit<schema.Dashboard, 'panels' | 'annotations'> & {
    panels: (Panel | (Omit<schema.RowPanel, 'panels'> & { panels: [] }))[];
    annotations: { list?: Annotation[] };
  }
>;
