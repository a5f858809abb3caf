import { mapped } from '../fields.ts';
import type { FieldConfig } from '../model.ts';

/** Colors by the names that Grafana has for them (packages/grafana-data/src/themes/createVisualizationColors.ts). */
const NAMED: Readonly<Record<string, string>> = {
  green: '#73bf69',
  'dark-green': '#37872d',
  'semi-dark-green': '#56a64b',
  'light-green': '#96d98d',
  yellow: '#fade2a',
  'dark-yellow': '#e0b400',
  'semi-dark-yellow': '#f2cc0c',
  orange: '#ff9830',
  'dark-orange': '#fa6400',
  'semi-dark-orange': '#ff780a',
  'light-orange': '#ffb357',
  red: '#f2495c',
  'dark-red': '#c4162a',
  'semi-dark-red': '#e02f44',
  'light-red': '#ff7383',
  blue: '#5794f2',
  'dark-blue': '#1f60c4',
  'semi-dark-blue': '#3274d9',
  'light-blue': '#8ab8ff',
  purple: '#b877d9',
  'dark-purple': '#8f3bb8',
  'semi-dark-purple': '#a352cc',
  'light-purple': '#ca95e5',
  gray: '#808080',
  text: 'var(--text)',
  transparent: 'transparent',
};

/** The first colors of `palette-classic`. */
const PALETTE = ['#73bf69', '#f2cc0c', '#8ab8ff', '#ff780a', '#f2495c', '#5794f2', '#b877d9', '#705da0', '#37872d'];

/** A color as CSS has it. */
export function css(color: string): string {
  return NAMED[color] ?? color;
}

/** The color of a line, by its place among the others. */
export function lineColor({ color }: FieldConfig, index: number): string {
  return color?.mode === 'fixed' ? css(color.fixedColor ?? 'text') : (PALETTE[index % PALETTE.length] ?? '');
}

/** The color of a value: of its mapping, or of the highest threshold that it reaches. */
export function valueColor(value: number, config: FieldConfig): string {
  const step = config.thresholds?.steps.findLast((one) => value >= (one.value ?? -Infinity));
  return css(mapped(value, config)?.color ?? step?.color ?? 'text');
}
