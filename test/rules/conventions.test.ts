import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ruleGroups } from '../../rules/pack.ts';
import { DEFAULT_SETTINGS } from '../../rules/settings.ts';
import { SYMPTOMS } from '../../rules/symptom.ts';
import { codeSpansOf } from '../markdown.ts';
import { NOT_OF_A_NODE } from './not-of-a-node.ts';

const groups = ruleGroups(DEFAULT_SETTINGS);
const alerts = groups.flatMap((group) => group.alerts);
const records = groups.flatMap((group) => group.records.map(({ record }) => record));

/** As Prometheus parses them (prometheus.io/docs/prometheus/latest/configuration/configuration/#configuration-file). */
const DURATION = /^(\d+[smhdwy])+$/;

/** Actions of a description that print no label as it is: they print it checked, pass it on, or compare it. */
const NO_RAW_LABEL =
  /^(?:template "(?:text" [$.][\w.]+|(?:word|note)" \(args "[A-Z_]+" [$.][\w.]+\))|(?:if|else if|with printf) .*|with first \.|(?!.*abels|\.$).*)$/s;
const WORD_OR_NUMBER = /^(?:template "word" \(args "[A-Z_]+" [$.][\w.]+\)|\.Value)$/;

/** The actions of a template, and those of them that stand in code; queries of lookups are no code. */
function actionsOf(template: string) {
  const withoutQueries = template.replaceAll(/printf `[^`]*`/g, 'printf');
  const actions = (text: string) => [...text.matchAll(/\{\{-? *(.*?) *-?\}\}/gs)].map(([, action = '']) => action);
  return { actions: actions(withoutQueries), inCode: codeSpansOf(withoutQueries).flatMap(actions) };
}

test('names are used once', () => {
  const names = [...records, ...alerts.map(({ name }) => name)];
  assert.deepEqual(
    names.filter((name, index) => names.indexOf(name) !== index),
    [],
  );
});

test('recorded series are called level:metric:operation', () => {
  for (const record of records) assert.match(record, /^[a-z][a-z_]*:[a-z][a-zA-Z0-9_]*:[a-z][a-z0-9_]*$/);
});

test('symptoms that alerts explain are those of an alert, here or upstream', () => {
  for (const { name, explains = [] } of alerts) {
    for (const symptom of explains) {
      const muted = [...alerts.filter((alert) => alert.symptom === symptom), ...SYMPTOMS[symptom].upstream];
      assert.ok(muted.length > 0, `${name} explains ${symptom}, which no alert is of`);
    }
  }
});

for (const { name, severity, summary, description, lead, symptom, explains = [], ...alert } of alerts) {
  test(`${name} is as alerts are`, () => {
    assert.match(name, /^Foreshock([A-Z][a-z0-9]*)+$/);
    assert.ok(['critical', 'warning', 'info'].includes(severity));
    assert.match(
      summary,
      /^([A-Z]|systemd )[^{}]*\.$/,
      'the summary is the same for all of this name, and ends with a full stop',
    );
    assert.doesNotMatch(summary, /[.!?] /, 'the summary is one sentence');
    assert.match(description, /(^|[ }])Next: /, 'the description says what to do next');
    const where = NOT_OF_A_NODE.includes(name) ? /\$labels\.cluster/ : /\$labels\.(node|instance)/;
    assert.match(description, where, 'the description says where');
    const { actions, inCode } = actionsOf(description);
    for (const action of actions) assert.match(action, NO_RAW_LABEL, 'labels are shown(), or parts of a command``');
    for (const action of inCode) assert.match(action, WORD_OR_NUMBER, 'labels in a command are words of command``');
    assert.match(lead, /^[A-Z0-9].*\.$/s, 'the lead is a sentence');
    for (const duration of [alert.for, alert.keepFiringFor])
      if (duration !== undefined) assert.match(duration, DURATION);
    assert.ok(symptom === undefined || !explains.includes(symptom), 'it would mute its own kind');
  });
}
