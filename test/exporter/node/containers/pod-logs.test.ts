import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePodLogDirectory, podsWithLogs } from '../../../../exporter/node/containers/pod-logs.ts';
import { temporaryHost } from '../host/temporary-host.ts';

test('a log directory names its pod', () => {
  const recorded = 'shop_chatty-56979dcc48-8j876_6d09ce6c-c0fa-4561-9f2c-f4caf49448d6';
  const uid = '6d09ce6c-c0fa-4561-9f2c-f4caf49448d6';
  assert.deepEqual(parsePodLogDirectory(recorded), { namespace: 'shop', pod: 'chatty-56979dcc48-8j876', uid });
  assert.deepEqual(parsePodLogDirectory('kube-system_etcd-n1_d41d8cd98f00b204e9800998ecf8427e'), {
    namespace: 'kube-system',
    pod: 'etcd-n1',
    uid: 'd41d8cd98f00b204e9800998ecf8427e',
  });
});

test('any other name is no pod', () => {
  for (const name of ['', 'lost+found', 'shop', 'shop_web', 'shop__uid', '_web_uid', 'shop_web_', 'a_b_c_d', '___']) {
    assert.equal(parsePodLogDirectory(name), undefined, name);
  }
});

test('the pods of a host', (t) => {
  const { host } = temporaryHost(t, {
    '/data/log/pods/shop_web_1/app/0.log': '',
    '/data/log/pods/shop_empty_2/.keep': '',
    '/data/log/pods/lost+found/x': '',
  });
  assert.deepEqual(
    podsWithLogs(host, '/data/log/pods').sort((a, b) => (a.uid < b.uid ? -1 : 1)),
    [
      { namespace: 'shop', pod: 'web', uid: '1' },
      { namespace: 'shop', pod: 'empty', uid: '2' },
    ],
  );
  assert.deepEqual(podsWithLogs(temporaryHost(t, {}).host, '/var/log/pods'), []);
});
