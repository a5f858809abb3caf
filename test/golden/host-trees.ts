import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { collectors } from '../../exporter/node/collectors/index.ts';
import { startExporter } from '../exporter-process.ts';
import { sampleValue } from '../exposition-text.ts';
import { FIXTURES } from '../paths.ts';
import { grpcServer, httpServer, listen } from '../servers.ts';

const KUBELET_PROCESS = 'proc/2788';

/** The status of dpkg on a node with the kubelet of the recording. */
const KUBELET_PACKAGE = 'Package: kubelet\nStatus: hold ok installed\nVersion: 1.26.1-00\n';

/** A temporary copy of the recorded containerd and Docker host, with layers and logs that the recording left out. */
export function containerdHost(t: TestContext): string {
  const root = temporaryDirectory(t);
  cpSync(join(FIXTURES, 'host-containerd-cgroup1'), root, { recursive: true });
  const layers = 'var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots';
  for (let snapshot = 120; snapshot <= 128; snapshot += 1) {
    mkdirSync(join(root, `${layers}/${snapshot}/fs`), { recursive: true });
  }
  write(root, `${layers}/123/fs/log/going.1.log`, 524_288);
  write(root, `${layers}/123/fs/log/going.2.log`, 524_288);
  write(root, `${layers}/127/fs/log/going.1.log`, 524_288);
  const docker = 'var/lib/docker';
  const [w1, z1] = [
    'c65139d81241cbbffa6f63c82e18d5db57b84df6f741a4c3f5029e83273a1e88',
    'e8dcd832581c11f5ee7dd0636a02b1da8b85a610cf805a73718ac95c6415ae15',
  ];
  write(root, `${docker}/containers/${w1}/${w1}-json.log`, 1_000_000);
  write(root, `${docker}/containers/${z1}/${z1}-json.log`, 0);
  write(
    root,
    `${docker}/overlay2/b7bd7068db0435d9387b65f34c8d4c2cc4362398ac09e1106a5ad71bcc557ad7/diff/big`,
    5_242_880,
  );
  mkdirSync(join(root, `${docker}/overlay2/f0b0101b11407caf1eabcb86ff0047246d9795e2672e61d4df7aa3a58a8f13be/diff`), {
    recursive: true,
  });
  mkdirSync(join(root, 'var/lib/dpkg'), { recursive: true });
  writeFileSync(join(root, 'var/lib/dpkg/status'), KUBELET_PACKAGE);
  writeTransientUnits(root);
  return root;
}

/**
 * What systemd writes for the kubelet's mounts of subPaths: of a pod that lives and of one that is gone, by systemd 252
 * into a unit file, by systemd 229 into drop-ins; and an orphaned mount unit, which tells the pod by its name.
 */
function writeTransientUnits(root: string): void {
  const [live, gone] = ['aa981dc0-c6aa-4b13-b73c-66a6f550d7b0', '5a4f5c2e-9d1b-4d8e-8f5c-0c1f6b7e2d3a'];
  const description = (uid: string) =>
    `[Unit]\nDescription=Kubernetes transient mount for /var/lib/kubelet/pods/${uid}/volume-subpaths/cm/app/0\n`;
  const [transient, old] = ['run/systemd/transient', 'run/systemd/system'];
  const [run252, run229] = ['run-r056f879c7a1f44b1b998c907c8285f4b', 'run-r87e099d509394683a7a1cc7e55d74882'];
  write(root, `${transient}/${run252}.scope`, `# This is a transient unit file.\n${description(live)}`);
  write(root, `${old}/${run229}.scope.d/50-Description.conf`, description(gone));
  write(root, `${old}/${run229}.scope.d/50-Slice.conf`, '[Scope]\nSlice=system.slice\n');
  const escaped = gone.replaceAll('-', '\\x2d');
  write(root, `${transient}/var-lib-kubelet-pods-${escaped}-volume\\x2dsubpaths-cm-app-0.mount`, '');
}

/** The Docker part of the same host: no CRI containers, no pods, no kubelet. */
export function dockerPart(t: TestContext): string {
  const root = containerdHost(t);
  for (const path of ['run/containerd', 'var/log/pods', 'var/lib/containerd', 'var/lib/kubelet', KUBELET_PROCESS]) {
    rmSync(join(root, path), { recursive: true });
  }
  return root;
}

/**
 * The recorded Docker host on cgroup v2, `observed` beside it. The recording cut logs to 4 KiB and has no layers; both
 * get the sizes that were seen.
 */
export function dockerCgroup2Host(t: TestContext): { root: string; observed: string } {
  const directory = temporaryDirectory(t);
  execFileSync('tar', ['-xzf', join(FIXTURES, 'host-docker-cgroup2.tar.gz'), '-C', directory]);
  const root = join(directory, 'fixture/tree');
  const observed = join(directory, 'fixture/observed');
  for (const line of readFileSync(join(observed, 'var-lib-docker-listing.txt'), 'utf8').split('\n')) {
    const [, , size, , , path] = line.split(' ');
    if (path?.includes('-json.log')) write(root, path, Number(size));
  }
  const writer = '97d6ba06f4ca080cbf3f9142638d143af68b46547d2c1f05b0bfccb129e4c361';
  write(root, `var/lib/docker/overlay2/${writer}/diff/log/app.log`, 52_428_800);
  return { root, observed };
}

/** Lets runtimes answer in a host tree, and a kubelet; resolves to the flags for that. */
export async function answeringDaemons(t: TestContext, root: string, runtimes: Runtime[]): Promise<string[]> {
  for (const runtime of runtimes) {
    const { socket, server } = RUNTIMES[runtime];
    mkdirSync(dirname(join(root, socket)), { recursive: true });
    await listen(t, server(), join(root, socket));
  }
  return [`--collector.kubelet_endpoints.healthz-url=http://${await listen(t, httpServer(200))}/healthz`];
}

type Runtime = keyof typeof RUNTIMES;

const RUNTIMES = {
  docker: { socket: 'run/docker.sock', server: () => httpServer(200) },
  containerd: { socket: 'run/containerd/containerd.sock', server: () => grpcServer(0) },
};

/** The exposition of a host tree through HTTP, once every collector has run. */
export async function scrapeHost(t: TestContext, root: string, flags: readonly string[] = []): Promise<string> {
  const paths = [`--path.rootfs=${root}`, `--path.procfs=${root}/proc`, `--path.sysfs=${root}/sys`];
  // The run at the start is the only one: a second would show in what is counted.
  const never = collectors.map(({ name }) => `--collector.${name}.schedule=0 0 0 1 1 *`);
  const exporter = await startExporter([...paths, ...never, ...flags]);
  t.after(() => exporter.stop());
  const isComplete = (text: string) =>
    collectors.every(({ name }) => sampleValue(text, 'foreshock_collector_success', { collector: name }) !== undefined);
  return exporter.scrapeUntil(isComplete, 60);
}

function temporaryDirectory(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'foreshock-host-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Writes a text, or so many zeros. */
function write(root: string, path: string, content: string | number): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), typeof content === 'string' ? content : Buffer.alloc(content));
}
