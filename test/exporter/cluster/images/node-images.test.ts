import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ImageReader } from '../../../../exporter/cluster/images/node-images.ts';

test('a name that no image can have is no name, in pods and in nodes', () => {
  const reader = new ImageReader();
  const long = `registry/${'x'.repeat(1e6)}:1`;
  assert.deepEqual(reader.usedBy({ spec: { containers: [{ image: long }, { image: 'registry.example/a:1' }] } }), [
    'registry.example/a:1',
  ]);
  const [image] = reader.imagesOf({ status: { images: [{ names: [long], sizeBytes: 5 }] } });
  assert.deepEqual(image, { bytes: 5, keys: [], localOnly: false });
});
