import * as units from '@grafana/grafana-foundation-sdk/units';
import type { Unit } from '../panel.ts';

/** Grafana's ids of our units; bytes in powers of 1024, as notifications write them. */
export const UNITS: Readonly<Record<Unit, string>> = {
  bytes: units.BytesIEC,
  'bytes/second': units.BytesPerSecondIEC,
  seconds: units.Seconds,
  ratio: units.PercentUnit,
  count: units.Short,
  cores: units.Short,
  'pages/second': units.CountsPerSecond,
};
