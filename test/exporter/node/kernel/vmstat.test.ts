import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseFlatKeyed } from '../../../../exporter/node/kernel/cgroups.ts';
import { countEvents } from '../../../../exporter/node/kernel/vmstat.ts';
import { FIXTURES } from '../../../paths.ts';

/** Lines of /proc/vmstat as kernels printed them, but for a throttle that was 0; `scanned` and `stolen` by kswapd and direct, then stalls. */
const KERNELS: Record<string, { text: string; expected: (number | undefined)[] }> = {
  '4.4': {
    text: `nr_mapped 63194
workingset_refault 16082484
pgsteal_kswapd_dma 112
pgsteal_kswapd_dma32 62450553
pgsteal_kswapd_normal 0
pgsteal_kswapd_movable 0
pgsteal_direct_dma 0
pgsteal_direct_dma32 18534641
pgsteal_direct_normal 0
pgsteal_direct_movable 0
pgscan_kswapd_dma 4776
pgscan_kswapd_dma32 126413953
pgscan_kswapd_normal 0
pgscan_kswapd_movable 0
pgscan_direct_dma 11
pgscan_direct_dma32 36676518
pgscan_direct_normal 0
pgscan_direct_movable 0
pgscan_direct_throttle 7
allocstall 376923
`,
    expected: [126_418_729, 36_676_529, 62_450_665, 18_534_641, 376_923],
  },
  '4.4 of 32 bits': {
    text: `pgsteal_direct_normal 1211
pgsteal_direct_high 7987
pgscan_direct_normal 4172
pgscan_direct_high 25365
allocstall 189
`,
    expected: [undefined, 29_537, undefined, 9_198, 189],
  },
  '4.19': {
    text: `nr_mapped 244553
allocstall_dma 0
allocstall_dma32 0
allocstall_normal 39
allocstall_movable 1980089
pgsteal_kswapd 36740923
pgsteal_direct 349291470
pgscan_kswapd 36878966
pgscan_direct 395327492
pgscan_direct_throttle 0
`,
    expected: [36_878_966, 395_327_492, 36_740_923, 349_291_470, 1_980_128],
  },
  '5.4': {
    text: `allocstall_dma 0
allocstall_dma32 0
allocstall_normal 184
allocstall_movable 239
pgsteal_kswapd 130545619
pgsteal_direct 205772
pgscan_kswapd 131219641
pgscan_direct 207173
pgscan_direct_throttle 0
`,
    expected: [131_219_641, 207_173, 130_545_619, 205_772, 423],
  },
  '6.1': {
    text: `allocstall_normal 83
allocstall_movable 24
allocstall_device 0
pgsteal_kswapd 1325091
pgsteal_direct 21698
pgdemote_kswapd 0
pgdemote_direct 0
pgscan_kswapd 1589709
pgscan_direct 23668
pgscan_direct_throttle 0
pgscan_anon 55038
pgscan_file 1558339
pgsteal_anon 194
pgsteal_file 1346595
`,
    expected: [1_589_709, 23_668, 1_325_091, 21_698, 107],
  },
  '6.18': {
    text: readFileSync(join(FIXTURES, 'host-containerd-cgroup1/proc/vmstat'), 'utf8'),
    expected: [0, 0, 0, 0, 0],
  },
};

const EVENTS = ['pgscan_kswapd', 'pgscan_direct', 'pgsteal_kswapd', 'pgsteal_direct', 'allocstall'];

for (const [kernel, { text, expected }] of Object.entries(KERNELS)) {
  test(`reclaim as Linux ${kernel} counts it`, () => {
    const vmstat = parseFlatKeyed(text);
    assert.deepEqual(
      EVENTS.map((event) => countEvents(vmstat, event)),
      expected,
    );
  });
}

test('an event is the sum over the zones, whichever there are', () => {
  const zones = fc.uniqueArray(fc.constantFrom('dma', 'dma32', 'normal', 'high', 'movable', 'device'));
  fc.assert(
    fc.property(zones, fc.nat(), (zones, count) => {
      const vmstat = parseFlatKeyed(
        ['allocstall_anon 1', 'xallocstall_dma 1', ...zones.map((zone) => `allocstall_${zone} ${count}`)].join('\n'),
      );
      assert.equal(countEvents(vmstat, 'allocstall'), zones.length > 0 ? zones.length * count : undefined);
    }),
  );
});
