import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseImageGcFailure } from '../../../../exporter/cluster/events/image-gc-failure.ts';
import { anyTextWith } from '../../../any-text.ts';

const WORDINGS: [string, number | undefined, number | undefined, boolean][] = [
  // Kubernetes 1.9 to 1.25, stories of 2018 and 2020.
  [
    'failed to garbage collect required amount of images. Wanted to free 8094471782 bytes, but freed 0 bytes',
    8094471782,
    0,
    true,
  ],
  // Before 1.9.
  ['failed to garbage collect required amount of images. Wanted to free 473948979, but freed 0', 473948979, 0, true],
  // 1.26, recorded.
  [
    'Failed to garbage collect required amount of images. Attempted to free 179448368947 bytes, but only found 128906394 bytes eligible to free.',
    179448368947,
    128906394,
    true,
  ],
  // 1.35, and its first form.
  [
    "Insufficient free disk space on the node's image filesystem (88% of 26.4 GiB used). Failed to free sufficient space by deleting unused images (freed 385820817 bytes). Investigate disk usage, as it could be used by active images, logs, volumes, or other data.",
    undefined,
    385820817,
    true,
  ],
  [
    "Insufficient free disk space on the node's image filesystem (95.0% of 10.0 GiB used). Failed to free sufficient space by deleting unused images. Consider resizing the disk or deleting unused files.",
    undefined,
    undefined,
    true,
  ],
  [
    'wanted to free 311382016 bytes, but freed 573253440 bytes space with errors in image deletion: rpc error',
    311382016,
    573253440,
    false,
  ],
  [
    '(combined from similar events): failed to garbage collect required amount of images. Wanted to free 5 bytes, but freed 4 bytes',
    5,
    4,
    true,
  ],
];

test('every wording of a failed image garbage collection', () => {
  for (const [message, wanted, freed, insufficient] of WORDINGS) {
    assert.deepEqual(parseImageGcFailure(message), { wanted, freed, insufficient }, message);
  }
});

test('other messages say nothing of bytes', () => {
  for (const message of [
    '',
    'invalid capacity 0 on image filesystem',
    'Wanted to free many bytes, but freed 0 bytes',
  ]) {
    assert.equal(parseImageGcFailure(message), undefined, message);
  }
});

test('any message gives whole bytes or nothing', () => {
  const words = [
    'failed to garbage collect required amount of images. Wanted to free ',
    '1',
    '99',
    ' bytes, but freed ',
    ' bytes',
  ];
  fc.assert(
    fc.property(anyTextWith(...words), (message) => {
      const { wanted = 0, freed = 0 } = parseImageGcFailure(message) ?? {};
      assert.ok(wanted >= 0 && freed >= 0, message);
    }),
  );
  fc.assert(
    fc.property(fc.nat(), fc.nat(), (wanted, freed) => {
      const message = `failed to garbage collect required amount of images. Wanted to free ${wanted} bytes, but freed ${freed} bytes`;
      assert.deepEqual(parseImageGcFailure(message), { wanted, freed, insufficient: true });
    }),
  );
});

test('digits of more bytes than can be counted give none', () => {
  const message = `wanted to free ${'9'.repeat(400)} bytes, but freed 5 bytes space with errors in image deletion`;
  assert.deepEqual(parseImageGcFailure(message), { wanted: undefined, freed: 5, insufficient: false });
});
