import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Location } from '../../../../exporter/node/locations/location.ts';
import { nameEndpoint } from '../../../../exporter/node/probes/endpoint-kind.ts';
import { httpServer, listen, silentServer, versionServer } from '../../../servers.ts';
import { temporaryHost } from '../host/temporary-host.ts';

const PATH = '/run/runtime.sock';
const AT = { endpoint: `unix://${PATH}`, locations: [] };

test('a configuration, then the name, then what was said before say what is there', async (t) => {
  const { host } = temporaryHost(t, {});
  const location: Location = { what: 'containerd_socket', path: PATH, source: 'configured', by: 'a file' };
  const previous = { path: PATH, kind: 'cri-o' } as const;
  const name = (...[known, before]: [Parameters<typeof nameEndpoint>[1], Parameters<typeof nameEndpoint>[3]?]) =>
    nameEndpoint(host, known, 1, before);
  assert.deepEqual(await name({ ...AT, locations: [location] }, previous), { path: PATH, kind: 'containerd' });
  const crio = '/var/run/crio/crio.sock';
  assert.deepEqual(await name({ endpoint: crio, locations: [] }), { path: crio, kind: 'cri-o' });
  assert.deepEqual(await name(AT, previous), previous);
  assert.equal(await name(AT, { ...previous, path: '/run/other.sock' }), undefined);
  assert.equal(await name({ endpoint: undefined, locations: [] }, previous), undefined);
  assert.equal(await name({ endpoint: 'tcp://127.0.0.1:1234', locations: [] }), undefined);
});

test('who is there is asked, and says nothing when it is silent or something else', async (t) => {
  const kindOf = async (server: Parameters<typeof listen>[1]) => {
    const { host, root } = temporaryHost(t, {});
    mkdirSync(join(root, 'run'));
    await listen(t, server, join(root, PATH));
    return (await nameEndpoint(host, AT, 0.2, undefined))?.kind;
  };
  assert.equal(await kindOf(versionServer('containerd')), 'containerd');
  assert.equal(await kindOf(silentServer()), undefined);
  assert.equal(await kindOf(httpServer(200)), undefined);
});
