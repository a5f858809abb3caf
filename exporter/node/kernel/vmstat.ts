/** Zones by which older kernels count (include/linux/mmzone.h, enum zone_type). */
const ZONES = ['dma', 'dma32', 'normal', 'high', 'movable', 'device'];

/**
 * An event of /proc/vmstat (mm/vmstat.c, vmstat_text), undefined when this kernel does not count it. Linux 4.8 moved reclaim
 * from zones to nodes: what was `pgscan_kswapd_dma`, `pgscan_kswapd_normal` … is `pgscan_kswapd` since, and `allocstall`
 * has become `allocstall_dma`, `allocstall_normal` … Zones are added up; `pgscan_direct_throttle` is none.
 */
export function countEvents(vmstat: ReadonlyMap<string, number>, event: string): number | undefined {
  const counts = ['', ...ZONES.map((zone) => `_${zone}`)].map((suffix) => vmstat.get(event + suffix));
  const known = counts.filter((count) => count !== undefined);
  return known.length > 0 ? known.reduce((sum, count) => sum + count, 0) : undefined;
}

/**
 * Bytes of a page of this host, from one quantity that /proc/meminfo gives in KiB (`Mapped:   86628 kB`) and /proc/vmstat
 * in pages (`nr_mapped 21657`). Of free memory and all memory the two may differ: a balloon or lxcfs rewrites meminfo.
 * Undefined when either is missing, or they do not agree on a page of 4 KiB to 64 KiB.
 */
export function pageSize(meminfo: string, vmstat: ReadonlyMap<string, number>): number | undefined {
  const kibibytes = Number(/^Mapped: +(\d+) kB$/m.exec(meminfo)?.[1]);
  const pages = vmstat.get('nr_mapped');
  const quotient = (kibibytes * 1024) / (pages ?? 0);
  // The two are read one after the other, and processes come and go.
  return [4096, 8192, 16_384, 32_768, 65_536].find((size) => Math.abs(quotient / size - 1) < 0.1);
}
