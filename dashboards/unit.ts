import * as units from '@grafana/grafana-foundation-sdk/units';

/** The units of our panels, by what Grafana calls them; bytes as notifications write them, in powers of 1024. */
export const UNITS = {
  bytes: units.BytesIEC,
  'bytes/second': units.BytesPerSecondIEC,
  seconds: units.Seconds,
  ratio: units.PercentUnit,
  count: units.Short,
  'per second': units.CountsPerSecond,
  'requests/second': units.RequestsPerSecond,
} as const;

export type Unit = keyof typeof UNITS;
