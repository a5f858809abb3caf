/** A memory zone of /proc/zoneinfo that has pages of its own; all in pages. */
export interface Zone {
  readonly free: number;
  /** The low watermark, boost included: kswapd is woken when fewer pages are free. */
  readonly low: number;
}

/**
 * The zones of /proc/zoneinfo (mm/vmstat.c, zoneinfo_show_print): after `Node 0, zone    DMA32` come, indented,
 * `pages free     772918`, `low      5951`, `managed  772918` and much else that differs between kernels, in one order or
 * another; `high:  186` is of a pageset. Zones that manage no pages are left out, whatever watermark they have.
 */
export function parseZones(text: string): Zone[] {
  return text
    .split(/^(?=Node )/m)
    .map((zone) => ({ free: field(zone, 'pages free'), low: field(zone, 'low'), managed: field(zone, 'managed') }))
    .filter(({ managed }) => managed !== undefined && managed > 0)
    .flatMap(({ free, low }) => (free === undefined || low === undefined ? [] : [{ free, low }]));
}

function field(zone: string, name: string): number | undefined {
  const value = new RegExp(`^ +${name} +(\\d+)$`, 'm').exec(zone)?.[1];
  return value === undefined ? undefined : Number(value);
}
