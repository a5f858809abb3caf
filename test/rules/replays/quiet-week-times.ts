import type { Outage } from './outages.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export const DAYS = 7;

/** A node with containerd and the kubelet, and a host with Docker and nothing else. */
export const KUBERNETES = 'node-a';
export const DOCKER = 'docker-a';

/** A moment of the week, in seconds; the first day is 0. */
const on = (day: number, hour: number, minute = 0) => day * DAY + hour * HOUR + minute * MINUTE;
const lasting = (from: number, seconds: number): Outage => ({ from, to: from + seconds });
const everyDay = <T>(of: (day: number) => T) => Array.from({ length: DAYS }, (_, day) => of(day));

/** One of these times that a second is in. */
export function during(times: readonly Outage[], second: number): Outage | undefined {
  return times.find(({ from, to }) => from <= second && second < to);
}

export const BATCHES = everyDay((day) => lasting(on(day, 2), HOUR));
export const IMAGE_GC = lasting(on(3, 9, 10), 4 * MINUTE);

/** Of the Kubernetes node. */
export const REBOOT = lasting(on(1, 4), 3 * MINUTE);
export const UPGRADE = lasting(on(4, 10, 5), 10 * MINUTE);
export const AWAY = [REBOOT, UPGRADE];
export const CORDONED = { from: on(4, 10), to: UPGRADE.to + 5 * MINUTE };
export const DRAINED = { from: on(4, 10, 4), to: UPGRADE.to + 2 * MINUTE };
export const KUBELET_RESTART = lasting(on(5, 12), 15);
export const EXPORTER_RESTART = lasting(on(5, 15), 15);
export const CLUSTER_ROLE_RESTART = lasting(on(6, 11), MINUTE);

/** Of the Docker host. */
export const DOCKER_REBOOT = lasting(on(2, 5), 3 * MINUTE);
export const DOCKERD_RESTART = lasting(on(5, 13), 15);

/** One image, that the kubelet pulls after others. */
interface Pull {
  readonly start: number;
  readonly waiting: number;
  readonly pulling: number;
}

/** Three deployments each morning, one after the other, and all pods of the node after its upgrade. */
export const PULLS: readonly Pull[] = [
  ...everyDay((day) => [
    { start: on(day, 9), waiting: 0, pulling: 150 },
    { start: on(day, 9, 2), waiting: 30, pulling: 150 },
    { start: on(day, 9, 4.5), waiting: 30, pulling: 150 },
  ]).flat(),
  ...Array.from({ length: 10 }, (_, index) => ({ start: UPGRADE.to + 30, waiting: index * 20, pulling: 20 })),
].sort((one, other) => one.start - other.start);

/** Days whose morning has brought its images. */
export function mornings(second: number): number {
  return Math.max(0, Math.floor((second - on(0, 9, 8)) / DAY) + 1);
}
