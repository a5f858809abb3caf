/**
 * A key that is the same for all spellings of an image's name: its digest if the name has one, else the full name with
 * registry and tag (`nginx` → `docker.io/library/nginx:latest`, as github.com/distribution/reference normalizes it).
 * Runtimes write names in full or short; an imageID can have a scheme (`docker-pullable://nginx@sha256:…`). Undefined
 * for `<none>` and an empty name.
 */
export function imageKey(name: string): string | undefined {
  if (name === '' || name.includes('<none>')) return undefined;
  const reference = name.slice(name.indexOf('://') === -1 ? 0 : name.indexOf('://') + 3);
  const digest = /(?:^|@)(sha256:[0-9a-f]{64})$/.exec(reference)?.[1];
  if (digest) return digest;
  const [first = '', ...rest] = reference.split('/');
  const path =
    rest.length > 0 && /[.:]|^localhost$/.test(first)
      ? reference
      : `docker.io/${rest.length > 0 ? '' : 'library/'}${reference}`;
  const last = path.slice(path.lastIndexOf('/') + 1);
  return last.includes(':') ? path : `${path}:latest`;
}

/** Whether a name has a registry's digest: images have one only after a pull, except in CRI-O, where all have one. */
export function isDigest(name: string): boolean {
  return name.includes('@sha256:');
}
