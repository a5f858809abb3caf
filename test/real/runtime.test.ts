import { test } from 'node:test';
import { type ExporterProcess, startExporter } from '../exporter-process.ts';
import { sampleValue } from '../exposition-text.ts';
import { missing } from '../programs.ts';
import { assertAgreement } from './agreement.ts';
import { startContainerd } from './containerd-daemon.ts';
import { DOCKER_PROGRAMS, startDockerDaemon } from './docker-daemon.ts';

const programs = [...DOCKER_PROGRAMS, 'containerd'];

test('container runtimes that stand still', { skip: missing(programs, { root: true }) }, async (t) => {
  const [docker, containerd] = [await startDockerDaemon(t), await startContainerd(t)];
  const exporter = await startExporter([
    '--collector.runtime.schedule=* * * * * *',
    '--collector.runtime.ping-timeout=1',
    `--collector.runtime.docker-socket=${docker.socket}`,
    `--collector.runtime.containerd-socket=${containerd.socket}`,
    '--collector.runtime.crio-socket=',
  ]);
  t.after(() => exporter.stop());

  await t.test('both are up at first', () => assertUp(exporter, { docker: 1, containerd: 1 }));
  await t.test('a frozen Docker is down, and up when it goes on', async () => {
    await whileFrozen(docker.pid, () => assertUp(exporter, { docker: 0, containerd: 1 }));
    await assertUp(exporter, { docker: 1, containerd: 1 });
  });
  await t.test('a frozen containerd is down, and up when it goes on', async () => {
    await whileFrozen(containerd.pid, () => assertUp(exporter, { docker: 1, containerd: 0 }));
    await assertUp(exporter, { docker: 1, containerd: 1 });
  });
  await t.test('a containerd that was killed is down, and not waited for', async () => {
    await containerd.kill();
    await assertUp(exporter, { docker: 1, containerd: 0 });
    await assertAgreement(
      exporter,
      (text) => sampleValue(text, 'foreshock_runtime_ping_duration_seconds', { runtime: 'containerd' }),
      () => undefined,
    );
  });
  await t.test('a Docker that was stopped has no series', async () => {
    await docker.stop();
    await assertUp(exporter, { docker: undefined, containerd: 0 });
  });
  await t.test('none of this is a fault of the exporter', () =>
    assertAgreement(
      exporter,
      (text) => sampleValue(text, 'foreshock_collector_success', { collector: 'runtime' }),
      () => 1,
    ),
  );
});

type Up = Readonly<Record<'docker' | 'containerd', number | undefined>>;

async function assertUp(exporter: ExporterProcess, expected: Up): Promise<void> {
  const up = (text: string, runtime: string) => sampleValue(text, 'foreshock_runtime_up', { runtime });
  const find = (text: string) => ({ docker: up(text, 'docker'), containerd: up(text, 'containerd') });
  await assertAgreement(exporter, find, () => expected);
}

/** The process goes on even if `act` fails, as it could not be ended otherwise. */
async function whileFrozen(pid: number, act: () => Promise<void>): Promise<void> {
  process.kill(pid, 'SIGSTOP');
  try {
    await act();
  } finally {
    process.kill(pid, 'SIGCONT');
  }
}
