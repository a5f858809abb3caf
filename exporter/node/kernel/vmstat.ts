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
