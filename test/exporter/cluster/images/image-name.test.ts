import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { imageKey } from '../../../../exporter/cluster/images/image-name.ts';
import { anyTextWith } from '../../../any-text.ts';

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;

test('one form for all names of an image', () => {
  const forms: [string, ...string[]][] = [
    [
      'docker.io/library/nginx:latest',
      'nginx',
      'nginx:latest',
      'library/nginx',
      'docker.io/library/nginx',
      'docker://nginx',
    ],
    ['docker.io/grafana/grafana:9', 'grafana/grafana:9', 'docker.io/grafana/grafana:9'],
    ['localhost/bb:1', 'localhost/bb:1'],
    ['localhost:5000/slow/app:latest', 'localhost:5000/slow/app'],
    ['registry.k8s.io/pause:3.9', 'registry.k8s.io/pause:3.9'],
    [DIGEST, `nginx@${DIGEST}`, `nginx:1@${DIGEST}`, `docker-pullable://nginx@${DIGEST}`, DIGEST],
  ];
  for (const [key, ...names] of forms) for (const name of names) assert.equal(imageKey(name), key, name);
  for (const name of ['', '<none>:<none>', '<none>@<none>', 'app:<none>'])
    assert.equal(imageKey(name), undefined, name);
});

test('the form of a form is the form', () => {
  fc.assert(
    fc.property(anyTextWith('nginx', '/', ':', '@', 'localhost', 'a.b', '5000', DIGEST, '<none>'), (name) => {
      const key = imageKey(name);
      if (key !== undefined && !key.includes('://')) assert.equal(imageKey(key), key);
    }),
  );
});
