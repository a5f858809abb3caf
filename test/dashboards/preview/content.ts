import type { Field } from '../fields.ts';
import type { PanelModel } from '../model.ts';
import type { Range } from '../query-api.ts';

/** A span of time that annotations mark. */
export interface Mark extends Range {
  readonly color: string;
  readonly title: string;
}

/** In pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** What a panel is drawn of. */
export interface Content {
  readonly panel: PanelModel;
  readonly fields: readonly Field[];
  readonly range: Range;
  readonly marks: readonly Mark[];
  readonly size: Size;
}
