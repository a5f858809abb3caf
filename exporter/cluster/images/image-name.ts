/**
 * The same for all names of one image in one form: its digest alone when the name has one, else the full name with registry and tag
 * (`nginx` → `docker.io/library/nginx:latest`, as github.com/distribution/reference normalises). Runtimes write names in
 * full or short; an imageID can have a scheme (`docker-pullable://nginx@sha256:…`). Undefined for `<none>` and nothing.
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

/** Whether a name tells what a registry has: only a pull gives an image a digest, save that CRI-O gives one to all. */
export function isDigest(name: string): boolean {
  return name.includes('@sha256:');
}
