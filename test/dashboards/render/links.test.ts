import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toNode, toRunbook, toRunbooks } from '../../../dashboards/render/links.ts';
import { DEFAULT_SETTINGS } from '../../../rules/settings.ts';

const withUrl = (runbook_url: string) => ({ ...DEFAULT_SETTINGS, runbook_url });

test('the folder of runbooks is their URL up to the name of the alert', () => {
  const folder = (url: string) => toRunbooks(withUrl(url)).build().url;
  assert.equal(folder('https://wiki/runbooks/{alert}.md'), 'https://wiki/runbooks/');
  assert.equal(folder('https://wiki/runbooks/on-{alert}/index?v=1'), 'https://wiki/runbooks/');
  assert.equal(folder('https://wiki/all'), 'https://wiki/all');
});

test('the runbook of an alert', () => {
  const { title, url } = toRunbook('ForeshockX', withUrl('https://wiki/{alert}.md')).build();
  assert.deepEqual([title, url], ['Runbook: ForeshockX', 'https://wiki/ForeshockX.md']);
});

test('a node is named in a URL by what its cell shows, encoded', () => {
  const { title, url } = toNode({ uid: 'foreshock-node', title: 'Node' });
  assert.equal(title, 'Node');
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of Grafana's.
  assert.ok(url.startsWith('/d/foreshock-node?') && url.includes('var-node=${__value.text:percentencode}'), url);
});
