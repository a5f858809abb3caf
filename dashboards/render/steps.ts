import {
  MappingType,
  type Threshold,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type ValueMapping,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { Lines, States } from '../panel.ts';
import { threshold } from '../thresholds.ts';

/** The thresholds of alerts in the colours of their severities, and what is below them in another. */
export function lineSteps(lines: Lines, below: 'transparent' | 'text'): ThresholdsConfigBuilder {
  return config([{ value: null, color: below }, ...ascending(lines)]);
}

/** What a number is coloured by: green while no alert is about it. */
export function colorSteps(lines: Lines): ThresholdsConfigBuilder {
  const steps = ascending(lines);
  if (!lines.below) return config([{ value: null, color: 'green' }, ...steps]);
  return config([
    { value: null, color: steps[0]?.color ?? 'green' },
    ...steps.map(({ value }, index) => ({ value, color: steps[index + 1]?.color ?? 'green' })),
  ]);
}

/** Green, and another colour from some value on. */
export function coloredFrom(step: Threshold): ThresholdsConfigBuilder {
  return config([{ value: null, color: 'green' }, step]);
}

/** What the lines mean, in the words of the thresholds. */
export function lineNotes({ warning, critical }: Lines): string[] {
  return [
    ...(warning === undefined ? [] : [`Line of the warning: ${threshold(warning).help}`]),
    ...(critical === undefined ? [] : [`Line of the critical alert: ${threshold(critical).help}`]),
  ];
}

function ascending({ warning, critical }: Lines): { value: number; color: string }[] {
  return [
    ...(warning === undefined ? [] : [{ value: threshold(warning).default, color: 'orange' }]),
    ...(critical === undefined ? [] : [{ value: threshold(critical).default, color: 'red' }]),
  ].sort((a, b) => a.value - b.value);
}

function config(steps: Threshold[]): ThresholdsConfigBuilder {
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps);
}

/** Names and colours of states. */
export function stateMappings(states: States): ValueMapping[] {
  const options = states.map(({ value, text, color }, index) => [String(value), { text, color, index }] as const);
  return [{ type: MappingType.ValueToText, options: Object.fromEntries(options) }];
}

/** What +Inf is called: no value of ours is that large. */
export function infinityMapping(text: string): ValueMapping[] {
  return [
    { type: MappingType.RangeToText, options: { from: 1e18, to: null, result: { text, color: 'red', index: 0 } } },
  ];
}
