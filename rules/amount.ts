import { bytes, duration, percent } from './format.ts';
import type { Threshold } from './signature.ts';

/** A number with its unit, as people read it: `24 s`, `4 h`, `85 %`, `5 MB/s`. */
export function amount(value: number, unit: Threshold['unit']): string {
  switch (unit) {
    case 'seconds':
      return duration(value);
    case 'ratio':
      return percent(value);
    case 'bytes':
      return bytes(value);
    case 'bytes/second':
      return `${bytes(value)}/s`;
    case 'pages/second':
      return `${withCommas(value)} pages/s`;
    case 'cores':
      return value === 1 ? '1 core' : `${withCommas(value)} cores`;
    case 'count':
      return withCommas(value);
  }
}

function withCommas(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 3 });
}
