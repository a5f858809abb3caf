import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseZones } from '../../../../exporter/node/kernel/zoneinfo.ts';
import { anyTextWith } from '../../../any-text.ts';
import { FIXTURES } from '../../../paths.ts';

/** As printed, but for the free pages of the second zone, which were above its watermark. */
const LINUX_4_4 = `Node 0, zone      DMA
  pages free     1756
        min      179
        low      223
        high     268
        scanned  0
        spanned  4095
        present  3999
        managed  3977
    nr_free_pages 1756
    nr_alloc_batch 45
    nr_pages_scanned 0
        protection: (0, 1928, 1928, 1928)
  pagesets
    cpu: 0
              count: 0
              high:  0
              batch: 1
  vm stats threshold: 4
  all_unreclaimable: 1
  start_pfn:         1
  inactive_ratio:    1
Node 0, zone    DMA32
  pages free     20774
        min      22348
        low      27935
        high     33522
        scanned  0
        spanned  506914
        present  506658
        managed  494688
    nr_free_pages 56774
        protection: (0, 0, 0, 0)
  pagesets
    cpu: 0
              count: 135
              high:  186
              batch: 31
  vm stats threshold: 20
`;

/** Node statistics in the first zone of a node alone, node_scanned, a node without the lower zones. */
const LINUX_4_10 = `Node 0, zone   Normal
  per-node stats
      nr_inactive_anon 3070
      workingset_refault 0
      nr_vmscan_immediate_reclaim 0
  pages free     83434
        min      4096
        low      5120
        high     6144
        spanned  242688
        present  242688
        managed  237369
        protection: (0, 0)
      nr_free_pages 83434
  pagesets
    cpu: 0
              count: 97
              high:  186
              batch: 31
  vm stats threshold: 24
  node_unreclaimable:  0
Node 0, zone  Movable
  pages free     0
        min      0
        low      0
        high     0
        spanned  0
        present  0
        managed  0
        protection: (0, 0)
Node 3, zone   Normal
  per-node stats
      nr_inactive_anon 0
  pages free     2951
        min      2821
        low      3526
        high     4231
   node_scanned  0
        spanned  245760
        present  245760
        managed  245388
      nr_free_pages 2951
        protection: (0, 0, 0, 0)
`;

test('Linux 4.4: watermarks before everything else', () => {
  assert.deepEqual(parseZones(LINUX_4_4), [
    { free: 1756, low: 223 },
    { free: 20_774, low: 27_935 },
  ]);
});

test('Linux 4.10: two nodes, and a zone without pages', () => {
  assert.deepEqual(parseZones(LINUX_4_10), [
    { free: 83_434, low: 5120 },
    { free: 2951, low: 3526 },
  ]);
});

test('Linux 6.18, recorded: boost, promo, pagesets with high_min, and an empty zone that has a watermark', () => {
  const text = readFileSync(join(FIXTURES, 'host-containerd-cgroup1/proc/zoneinfo'), 'utf8');
  assert.match(text, /zone {2}Movable\n {2}pages free {5}0\n[^N]* low {6}32\n/);
  assert.deepEqual(parseZones(text), [
    { free: 3840, low: 28 },
    { free: 772_918, low: 5951 },
    { free: 141_932, low: 15_138 },
  ]);
});

test('a zone that lacks a line is left out', () => {
  const zone = ['Node 0, zone      DMA', '  pages free     5', '        low      3', '        managed  9', ''];
  assert.equal(parseZones(zone.join('\n')).length, 1);
  for (const missing of [1, 2, 3])
    assert.deepEqual(parseZones(zone.filter((_, index) => index !== missing).join('\n')), []);
});

test('zones in any order of their lines, with any others between', () => {
  const page = fc.nat(2 ** 30);
  const other = fc.constantFrom('        high     26', '              high:     0', '      nr_free_pages_blocks 3584');
  fc.assert(
    fc.property(fc.array(fc.tuple(page, page, fc.array(other))), (zones) => {
      const text = zones.map(([free, low, others]) =>
        [
          'Node 1, zone    DMA32',
          ...others,
          `        low      ${low}`,
          ...others,
          `  pages free     ${free}`,
          '        managed  1\n',
        ].join('\n'),
      );
      assert.deepEqual(
        parseZones(text.join('')),
        zones.map(([free, low]) => ({ free, low })),
      );
    }),
  );
});

test('any text is zones with numbers', () => {
  const text = anyTextWith('Node 0, zone DMA\n', '  pages free ', '  low ', '  managed ', '7', '\n', ' ', 'low:');
  fc.assert(
    fc.property(text, (text) => {
      for (const { free, low } of parseZones(text)) assert.ok(free >= 0 && low >= 0);
    }),
  );
});
