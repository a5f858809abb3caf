import { createHash } from 'node:crypto';
import { parseJson, property } from '../../formats/json.ts';
import type { Tree } from '../host/tree.ts';

const ID = /^[0-9a-f]{64}$/;

/** All names of 50,000 images. */
const MAX_REPOSITORIES_BYTES = 16 * 1024 ** 2;

/** A file with one digest or number. */
const MAX_VALUE_BYTES = 256;

/** The images of a Docker daemon that keeps them itself. */
export interface DockerImages {
  /** How many `docker images` lists: untagged ones are among them, the steps of a build are not. */
  readonly count: number;
  /** Ids of those with a name and no digest: built, imported or loaded here, and in no registry that Docker knows of. */
  readonly localOnlyIds: readonly string[];
}

/** Where a daemon keeps its images, `image/<storage driver>`; undefined when containerd does (the default since Docker 29). */
export function imageStore(dataRoot: Tree): string | undefined {
  const drivers = dataRoot.directories('image');
  const used = drivers.filter((driver) => dataRoot.lstat(`image/${driver}/repositories.json`));
  const driver = used.includes('overlay2') ? 'overlay2' : used.sort()[0];
  return driver && `image/${driver}`;
}

/**
 * Reads names and ids: `repositories.json` and the names in `imagedb` (moby, reference/store.go and image/fs.go). What
 * `docker images` shows is in moby's daemon/images/images.go: an image without a name is left out when it has children.
 */
export function readImages(store: Tree): DockerImages {
  const ids = store.list('imagedb/content/sha256').filter((name) => ID.test(name));
  const references = withFileName('repositories.json', () =>
    parseRepositories(store.readUntrusted('repositories.json', MAX_REPOSITORIES_BYTES)),
  );
  const unnamed = ids.filter((id) => !references.has(id));
  const parents = unnamed.length > 0 ? new Set(ids.map((id) => parentOf(store, id))) : new Set();
  return {
    count: ids.length - unnamed.filter((id) => parents.has(id)).length,
    localOnlyIds: ids.filter((id) => references.get(id)?.every((reference) => !reference.includes('@')) ?? false),
  };
}

function parentOf(store: Tree, id: string): string | undefined {
  return store
    .readUntrustedIfPresent(`imagedb/metadata/sha256/${id}/parent`, MAX_VALUE_BYTES)
    ?.trim()
    .replace(/^sha256:/, '');
}

/** `{"Repositories": {"web": {"web:1": "sha256:<id>", "web@sha256:<digest>": "sha256:<id>"}}}`: the references of each id. */
export function parseRepositories(text: string): Map<string, string[]> {
  const references = new Map<string, string[]>();
  for (const repository of Object.values(asObject(property(parseJson(text), 'Repositories')))) {
    for (const [reference, image] of Object.entries(asObject(repository))) {
      const id = String(image).replace(/^sha256:/, '');
      references.set(id, [...(references.get(id) ?? []), reference]);
    }
  }
  return references;
}

function asObject(value: unknown): object {
  if (typeof value !== 'object' || value === null) throw new Error('not a list of repositories');
  return value;
}

/**
 * Bytes of an image as `docker image inspect` shows them, the sum of its layers, whether or not others have them too.
 * 0 when the image is gone by now; throws, with the file's name, when one of its files is not there or makes no sense.
 */
export function imageSize(store: Tree, id: string): number {
  const file = `imagedb/content/sha256/${id}`;
  const text = store.readUntrustedIfPresent(file);
  if (text === undefined) return 0;
  const sizes = chainIds(parseLayers(file, text)).map((chainId) => layerSize(store, chainId));
  const missing = sizes.indexOf(undefined);
  if (missing === -1) return sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
  // Docker removes an image before its layers.
  if (!store.lstat(file)) return 0;
  throw new Error(`${file}: the size of layer ${missing + 1} is missing`);
}

function parseLayers(file: string, text: string): string[] {
  const layers =
    property(
      property(
        withFileName(file, () => parseJson(text)),
        'rootfs',
      ),
      'diff_ids',
    ) ?? [];
  const isLayer = (layer: unknown) => typeof layer === 'string' && /^sha256:[0-9a-f]{64}$/.test(layer);
  if (!Array.isArray(layers) || !layers.every(isLayer)) throw new Error(`${file}: diff_ids is not a list of digests`);
  return layers;
}

/** The name of each layer together with those below it (OCI image specification, config.md, "Layer ChainID"). */
export function chainIds(diffIds: readonly string[]): string[] {
  const chain: string[] = [];
  for (const diffId of diffIds) {
    const below = chain.at(-1);
    const digest = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;
    chain.push(below === undefined ? diffId : digest(`${below} ${diffId}`));
  }
  return chain;
}

/** Undefined when the layer is not there. */
function layerSize(store: Tree, chainId: string): number | undefined {
  const file = `layerdb/${chainId.replace(':', '/')}/size`;
  const text = store.readUntrustedIfPresent(file, MAX_VALUE_BYTES);
  if (text === undefined) return undefined;
  if (!/^\d+$/.test(text.trim())) throw new Error(`${file}: not a size`);
  return Number(text);
}

/** What `read` returns; errors name the file. */
function withFileName<Value>(file: string, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`);
  }
}
