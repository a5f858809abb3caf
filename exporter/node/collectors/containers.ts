import { gauge, sample } from '../../exposition/metric.ts';
import { defineCollector } from '../collector.ts';
import { OWNER_LABELS, ownerOf } from '../containers/container.ts';
import { dockerRootOption } from '../containers/docker-root.ts';
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
    '`container_id` is written as in kube-state-metrics, such as `containerd://…`.',
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
    return { samples, state: inventory };
  },
});
