import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { release as kernel } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { DebianRelease } from './debian.ts';
import { type Part, rowOf } from './part.ts';
import { runTests, testFiles } from './run-tests.ts';

const run = promisify(execFile);

export const docker: Part = {
  name: 'docker',
  about:
    'Containers, logs, layers, zombies, pids, images and runtimes, compared with Docker, du and ps; on this machine.',
  async *rows({ folder, releases }) {
    const cgroups = existsSync('/sys/fs/cgroup/cgroup.controllers') ? 'cgroup v2' : 'cgroup v1';
    for (const release of releases) {
      const [docker, containerd, runc] = await Promise.all(['docker.io', 'containerd', 'runc'].map(release.version));
      const on = `Docker ${docker}, containerd ${containerd}, runc ${runc} (${release.title}); ${cgroups}, Linux ${kernel()}`;
      yield await rowOf(on, async () => {
        const path = await programs(release, folder);
        return runTests(testFiles('real/docker', 'real/runtime'), { path });
      });
    }
  },
};

async function programs(release: DebianRelease, folder: string): Promise<string[]> {
  const tree = join(folder, `docker-${release.suite}`);
  const parts = ['docker.io', 'docker-cli|docker.io', 'containerd', 'runc', 'tini'];
  await release.unpack([...parts, 'libc6', 'libseccomp2', 'libstdc++6', 'libgcc-s1', 'patchelf'], tree);
  for (const program of ['usr/sbin/dockerd', 'usr/bin/docker', 'usr/bin/containerd', 'usr/sbin/runc'])
    await useOwnLibraries(tree, program);
  return [join(tree, 'usr/bin'), join(tree, 'usr/sbin')];
}

/** A program that needs newer libraries than this machine has is given those of its release, by patchelf of it. */
async function useOwnLibraries(tree: string, program: string): Promise<void> {
  const { stdout, stderr } = await run('ldd', [join(tree, program)]).catch((error) => error);
  if (!/not found/.test(stdout + stderr)) return;
  const libraries = join(tree, 'usr/lib/x86_64-linux-gnu');
  const loader = join(libraries, 'ld-linux-x86-64.so.2');
  const patchelf = ['--library-path', libraries, join(tree, 'usr/bin/patchelf')];
  const change = ['--set-interpreter', loader, '--force-rpath', '--set-rpath', libraries];
  await run(loader, [...patchelf, ...change, join(tree, program)]);
}
