import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contextOf } from '../../dashboards/context.ts';
import { clusters, oneNode } from '../../dashboards/scope.ts';
import { DEFAULT_SETTINGS } from '../../rules/settings.ts';

const withNodeLabel = (node: string) => contextOf({ ...DEFAULT_SETTINGS, labels: { cluster: 'cluster', node } });

test('nodes are chosen among series that have the label `node`, whatever targets call it', () => {
  const selectors = (node: string) => oneNode(withNodeLabel(node)).variables.map(({ selector }) => selector);
  const matches = (selector: string | undefined) => /__name__=~"([^"]*)"/.exec(selector ?? '')?.[1]?.split('|');
  const [scraped, again] = selectors('node').map(matches);
  assert.deepEqual(scraped, ['foreshock_pids_used', 'foreshock_kubelet_lease_renew_timestamp_seconds']);
  assert.deepEqual(again, scraped);
  // Recorded series alone: their names have colons.
  for (const name of matches(selectors('host')[1]) ?? ['none']) assert.match(name, /:.*:/);
});

test('all clusters are chosen at first, and one node', () => {
  assert.deepEqual(
    oneNode(withNodeLabel('node')).variables.map(({ name, multi }) => [name, multi]),
    [
      ['cluster', true],
      ['node', undefined],
    ],
  );
  assert.deepEqual(
    clusters(withNodeLabel('node')).variables.map(({ name }) => name),
    ['cluster'],
  );
});

test('warnings are not marked until somebody asks, critical alerts and reboots are', () => {
  const { annotations } = oneNode(withNodeLabel('node'));
  assert.deepEqual(
    annotations.map(({ name, hidden }) => [name, hidden]),
    [
      ['Alerts: critical', undefined],
      ['Alerts: warning', true],
      ['Reboots', undefined],
    ],
  );
});
