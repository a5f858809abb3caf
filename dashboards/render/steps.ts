import {
  MappingType,
  type Threshold,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type ValueMapping,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { Levels, States } from '../panel.ts';

/** Steps in the colors of severities; values below all of them have the color `lowest`. */
export function levelSteps(levels: Levels, lowest: 'transparent' | 'text'): ThresholdsConfigBuilder {
  return config([{ value: null, color: lowest }, ...ascending(levels)]);
}

/** The same for a number that is green on the healthy side of all levels. */
export function colorSteps(levels: Levels): ThresholdsConfigBuilder {
  const steps = ascending(levels);
  if (!levels.below) return config([{ value: null, color: 'green' }, ...steps]);
  return config([
    { value: null, color: steps[0]?.color ?? 'green' },
    ...steps.map(({ value }, index) => ({ value, color: steps[index + 1]?.color ?? 'green' })),
  ]);
}

function ascending({ warning, critical }: Levels): { value: number; color: string }[] {
  return [
    ...(warning === undefined ? [] : [{ value: withoutNoise(warning.value), color: 'orange' }]),
    ...(critical === undefined ? [] : [{ value: withoutNoise(critical.value), color: 'red' }]),
  ].sort((a, b) => a.value - b.value);
}

/** 0.8 for 0.85 - 0.05, which is 0.7999999999999999. */
function withoutNoise(value: number): number {
  return Number(value.toPrecision(12));
}

function config(steps: Threshold[]): ThresholdsConfigBuilder {
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps);
}

/** Names and colors of states. */
export function stateMappings(states: States): ValueMapping[] {
  const options = states.map(({ value, text, color }, index) => [String(value), { text, color, index }] as const);
  return [{ type: MappingType.ValueToText, options: Object.fromEntries(options) }];
}

/** A text for +Inf, in red: no finite value of ours is that large. */
export function infinityMapping(text: string): ValueMapping[] {
  return [
    { type: MappingType.RangeToText, options: { from: 1e18, to: null, result: { text, color: 'red', index: 0 } } },
  ];
}
