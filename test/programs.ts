import { spawnSync } from 'node:child_process';

/** Debian packages of the programs that tests need. */
const PACKAGES: Record<string, string> = {
  dockerd: 'docker.io',
  docker: 'docker.io',
  containerd: 'containerd',
  busybox: 'busybox-static',
  prometheus: 'prometheus',
  promtool: 'prometheus',
  'prometheus-alertmanager': 'prometheus-alertmanager',
  amtool: 'prometheus-alertmanager',
  'prometheus-node-exporter': 'prometheus-node-exporter',
  bindfs: 'bindfs',
  faketime: 'faketime',
  ps: 'procps',
  kubectl: 'kubernetes-client',
  chromium: 'chromium',
};

/** Why a test that needs these programs, as root or not, cannot run here; false when it can. */
export function missing(programs: readonly string[], { root = false } = {}): string | false {
  if (process.env.UNIT) return 'needs programs of Debian: npm test';
  const absent = programs.filter((program) => spawnSync('which', [program]).status !== 0);
  if (absent.length > 0) {
    const packages = new Set(absent.map((program) => PACKAGES[program] ?? program));
    return `${absent.join(', ')} not installed: apt-get install ${[...packages].join(' ')}`;
  }
  return root && process.getuid?.() !== 0 ? 'needs root' : false;
}
