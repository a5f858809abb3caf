import { type Replay, SICK } from './replay.ts';
import { between, series, through } from './series.ts';
import { nodeLabels } from './targets.ts';

const MINUTE = 60;

/** The container whose first process is supercronic. */
const CRON = { ...nodeLabels(SICK), namespace: 'shop', pod: 'cron-6b8f', container: 'cron', cgroup: '' };

/**
 * The 19,782 zombies of curl, here in three hours; in the story some were more than a day old. All other threads are assumed to
 * be so many that no PID is left then. The container is restarted 20 minutes later.
 */
const zombies = through(
  [10 * MINUTE, 0],
  [190 * MINUTE, 19_782],
  [210 * MINUTE, 19_782],
  [210 * MINUTE + 1, 0],
  [240 * MINUTE, 0],
);
const OTHER_THREADS = 32_768 - 19_782;

export const zombiePileup: Replay = {
  id: '002-1',
  signature: 'zombie-pileup',
  title: 'supercronic does not reap curl, 19,782 zombies use up the PIDs, and Docker freezes',
  minutes: 240,
  sick: [
    series('foreshock_zombie_processes', CRON, (second) => Math.floor(zombies(second))),
    series('foreshock_zombie_parent_processes', { ...CRON, command: 'supercronic' }, (second) =>
      Math.floor(zombies(second)),
    ),
    series('foreshock_pids_used', nodeLabels(SICK), (second) => OTHER_THREADS + Math.floor(zombies(second))),
    // pthread_create failed: No space left on device.
    series(
      'foreshock_runtime_up',
      { ...nodeLabels(SICK), runtime: 'docker' },
      between(190 * MINUTE, 212 * MINUTE, 0, 1),
    ),
  ],
  expected: [
    { alert: 'ForeshockZombiePileup', from: 28, to: 211 },
    { alert: 'ForeshockPidsNearLimit', from: 136, to: 211 },
    { alert: 'ForeshockPidsExhausted', from: 163, to: 231 },
    { alert: 'ForeshockRuntimeUnresponsive', from: 192, to: 212 },
  ],
  inhibited: ['ForeshockZombiePileup', 'ForeshockPidsNearLimit', 'ForeshockRuntimeUnresponsive'],
};
