import { defineSignature } from '../signature.ts';

export const diskPressureLoop = defineSignature({
  id: 'disk-pressure-loop',
  title: 'Image garbage collection finds nothing to free, because running containers own the disk',
  story:
    'Story 001: 8,094,471,782 B wanted, 0 freed; DiskPressure 233 times in 11 days; one writable layer of 5.0 GB, of which 4.9 GB in /log, container logs of 12 GB.',
  thresholds: {},

  rules: () => ({ alerts: [] }),
});
