/** What is read here of Grafana's model of a dashboard. */
export interface DashboardModel {
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly PanelModel[];
  readonly templating: { readonly list: readonly VariableModel[] };
  readonly annotations?: { readonly list?: readonly AnnotationModel[] };
}

export interface PanelModel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly TargetModel[];
  readonly fieldConfig?: { readonly defaults: FieldConfig; readonly overrides?: readonly Override[] };
  readonly options?: PanelOptions;
  readonly transformations?: readonly { readonly id: string; readonly options: object }[];
  /** Of a collapsed row. */
  readonly panels?: readonly PanelModel[];
}

export interface TargetModel {
  readonly refId: string;
  readonly expr: string;
  readonly legendFormat?: string;
  readonly instant?: boolean;
}

export interface FieldConfig {
  readonly unit?: string;
  readonly decimals?: number;
  readonly min?: number;
  readonly max?: number;
  readonly displayName?: string;
  readonly noValue?: string;
  readonly color?: { readonly mode: string; readonly fixedColor?: string };
  readonly thresholds?: { readonly steps: readonly { readonly value: number | null; readonly color: string }[] };
  readonly mappings?: readonly Mapping[];
  readonly custom?: Readonly<Record<string, unknown>>;
}

interface MappingResult {
  readonly text?: string;
  readonly color?: string;
}

export type Mapping =
  | { readonly type: 'value'; readonly options: Readonly<Record<string, MappingResult>> }
  | {
      readonly type: 'range';
      readonly options: { readonly from: number | null; readonly to: number | null; readonly result: MappingResult };
    }
  | { readonly type: 'special'; readonly options: { readonly match: string; readonly result: MappingResult } };

export interface Override {
  readonly matcher: { readonly id: string; readonly options?: unknown };
  readonly properties: readonly { readonly id: string; readonly value?: unknown }[];
}

export interface PanelOptions {
  readonly legend?: {
    readonly showLegend?: boolean;
    readonly displayMode?: string;
    readonly placement?: string;
    readonly calcs?: readonly string[];
  };
  readonly sortBy?: readonly { readonly displayName: string; readonly desc?: boolean }[];
  readonly content?: string;
  readonly textMode?: string;
  readonly colorMode?: string;
}

export interface VariableModel {
  readonly name: string;
  readonly type: string;
  readonly query?: string | { readonly query: string };
  readonly includeAll?: boolean;
  readonly allValue?: string;
}

export interface AnnotationModel {
  readonly name: string;
  /** Whether it is shown before anybody asks for it. */
  readonly enable: boolean;
  readonly iconColor?: string;
  readonly titleFormat?: string;
  readonly textFormat?: string;
  readonly useValueForTime?: boolean;
  readonly expr?: string;
  readonly target?: { readonly expr?: string };
}

/** A dashboard as Grafana reads it, without undefined fields. */
export function modelOf(dashboard: object): DashboardModel {
  return JSON.parse(JSON.stringify(dashboard));
}

/** The panels that show something, those of collapsed rows too. */
export function panelsOf({ panels }: Pick<DashboardModel, 'panels'>): PanelModel[] {
  return panels.flatMap((panel) => (panel.type === 'row' ? [...(panel.panels ?? [])] : [panel]));
}

/** The expression of an annotation, which older dashboards have beside its target. */
export function annotationExpr({ target, expr }: AnnotationModel): string | undefined {
  return target?.expr ?? expr;
}
