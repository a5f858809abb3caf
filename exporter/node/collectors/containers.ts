import { gauge, sample } from '../../exposition/metric.ts';
import { defineCollector } from '../collector.ts';
import { type Container, OWNER_LABELS, ownerOf, UNREAD_REASONS } from '../containers/container.ts';
import { dockerRootOption } from '../containers/docker-root-option.ts';
import { MAX_CONFIGURATION_BYTES } from '../host/untrusted-file.ts';
import { type Inventory, readInventory } from '../inventory/inventory.ts';

export const containerInfo = gauge(
  'foreshock_container_info',
  'Always 1: the ID and runtime of a container that runs or has left files.',
  [...OWNER_LABELS, 'container_id', 'runtime'],
);

/** Says who is who. Its state is the inventory that every other collector is given. */
export const containers = defineCollector({
  name: 'containers',
  help: 'the names and IDs of containers of Docker, containerd and CRI-O',
  description:
    'Read every 15 s from the files of Docker, containerd and CRI-O; the runtimes themselves are not asked. ' +
    '`container_id` is written as in kube-state-metrics, such as `containerd://…`. A Docker container has the names of ' +
    "a pod only if the kubelet named it and its cgroup is below the kubelet's, whatever its labels say. One whose " +
    'configuration is unreadable or larger than ' +
    `${MAX_CONFIGURATION_BYTES / 1024 ** 2} MiB is called \`unknown\` and counts as unmeasured.`,
  metrics: [containerInfo],
  options: { 'docker-root': dockerRootOption },
  schedule: '*/15 * * * * *',
  timeoutSeconds: 10,

  collect({ host, options, now, progress, fault }, previous: Inventory | undefined) {
    const inventory = readInventory({ host, dockerRoot: options['docker-root'], now, progress, fault }, previous);
    const samples = inventory.containers.map((container) =>
      sample(containerInfo, 1, {
        ...ownerOf(container),
        container_id: `${container.runtime}://${container.id}`,
        runtime: container.runtime,
      }),
    );
    return { samples, state: inventory, unmeasured: countUnread(inventory.containers) };
  },
});

function countUnread(found: readonly Container[]): Record<string, number> {
  return Object.fromEntries(
    UNREAD_REASONS.map((reason) => [reason, found.filter(({ unread }) => unread === reason).length]),
  );
}
