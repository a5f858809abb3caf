import { text } from '../../config/option.ts';

/** The flag of every collector that looks for Docker's files. */
export const dockerRootOption = text(
  '',
  'Data root of Docker (default: as dockerd or the mounts of containers say, else /var/lib/docker).',
  (path) => (path === '' || path.startsWith('/') ? undefined : 'must be an absolute path'),
);
