import assert from 'node:assert/strict';
import { test } from 'node:test';
import { colorSteps, infinityMapping, levelSteps, stateMappings } from '../../../dashboards/render/steps.ts';

const HIGH = { warning: { value: 0.85 - 0.05 }, critical: { value: 0.95 } };
const LOW = { below: true, warning: { value: 0.1 }, critical: { value: 0.05 } } as const;

const steps = (of: ReturnType<typeof colorSteps>) => of.build().steps.map(({ value, color }) => [value, color]);

test('levels are in ascending order, without the noise of floating-point numbers', () => {
  const lowest = [null, 'text'];
  assert.deepEqual(steps(levelSteps(HIGH, 'text')), [lowest, [0.8, 'orange'], [0.95, 'red']]);
  assert.deepEqual(steps(levelSteps(LOW, 'text')), [lowest, [0.05, 'red'], [0.1, 'orange']]);
  assert.deepEqual(steps(levelSteps({}, 'transparent')), [[null, 'transparent']]);
});

test('a number is green on the healthy side of all levels', () => {
  assert.deepEqual(steps(colorSteps(HIGH)), [
    [null, 'green'],
    [0.8, 'orange'],
    [0.95, 'red'],
  ]);
  assert.deepEqual(steps(colorSteps(LOW)), [
    [null, 'red'],
    [0.05, 'orange'],
    [0.1, 'green'],
  ]);
  assert.deepEqual(steps(colorSteps({ below: true, warning: { value: 1 } })), [
    [null, 'orange'],
    [1, 'green'],
  ]);
  assert.deepEqual(steps(colorSteps({})), [[null, 'green']]);
});

test('states have their names and colors, and +Inf has a text', () => {
  const [states] = stateMappings([{ value: 2, text: 'warning', color: 'orange' }]);
  assert.deepEqual(states?.options, { 2: { text: 'warning', color: 'orange', index: 0 } });
  const [infinity] = infinityMapping('never');
  const result = { text: 'never', color: 'red', index: 0 };
  assert.deepEqual(infinity?.options, { from: 1e18, to: null, result });
});
