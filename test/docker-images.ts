import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The images that repositories.json of Docker's image store names, which recordings leave out: one layer each, of 1, 2, 3 … MB. */
export function writeDockerImages(store: string): void {
  const repositories: string = readFileSync(join(store, 'repositories.json'), 'utf8');
  const ids = new Set([...repositories.matchAll(/"sha256:([0-9a-f]{64})"/g)].map(([, id]) => id ?? ''));
  for (const [index, id] of [...ids].entries()) {
    const layer = String(index).repeat(64);
    const config = { rootfs: { type: 'layers', diff_ids: [`sha256:${layer}`] } };
    mkdirSync(join(store, 'imagedb/content/sha256'), { recursive: true });
    writeFileSync(join(store, 'imagedb/content/sha256', id), JSON.stringify(config));
    mkdirSync(join(store, 'layerdb/sha256', layer), { recursive: true });
    writeFileSync(join(store, 'layerdb/sha256', layer, 'size'), String((index + 1) * 1_000_000));
  }
}
