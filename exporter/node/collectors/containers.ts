import { gauge, sample } from '../../exposition/metric.ts';
import { defineCollector } from '../collector.ts';
import { type Container, OWNER_LABELS, ownerOf, UNREAD_REASONS } from '../containers/container.ts';
import { dockerRootOption } from '../containers/docker-root-option.ts';
import { MAX_CONFIGURATION_BYTES } from '../host/untrusted-file.ts';
import { type Inventory, readInventory } from '../inventory/inventory.ts';
import { describeHidden, HIDDEN, type HiddenTree, HOST_TREES } from '../inventory/visibility.ts';
import { changedLocations, noticeOf } from '../locations/location.ts';

export const containerInfo = gauge(
  'foreshock_container_info',
  'Always 1: the ID and runtime of a container that runs or has left files.',
  [...OWNER_LABELS, 'container_id', 'runtime'],
);

export const hostVisible = gauge(
  'foreshock_host_visible',
  'Whether --path.procfs and --path.rootfs show a host (1) or not (0).',
  ['path'],
);
export const locationInfo = gauge(
  'foreshock_location_info',
  'Always 1: where something is on this node, and how that is known.',
  ['what', 'path', 'source'],
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
    `${MAX_CONFIGURATION_BYTES / 1024 ** 2} MiB is called \`unknown\` and counts as unmeasured. So does one that has a cgroup ` +
    'with processes and no file of a runtime (`unidentified`, counted once a minute; Podman and users who are not root are ' +
    'passed over). A path shows no host when it has no process 1, no mounts or no files, or is that of the own ' +
    'container of the exporter; then the run fails, the containers that were known stay, and the exporter is not ready. ' +
    'A location is `configured` by the arguments, services and files of a daemon or a flag of the exporter, `found` by ' +
    'what lies or is mounted there, or `assumed` because it is the default; the log says what names it.',
  metrics: [containerInfo, hostVisible, locationInfo],
  unmeasuredReasons: [HIDDEN, 'unidentified', ...UNREAD_REASONS],
  options: { 'docker-root': dockerRootOption },
  schedule: '*/15 * * * * *',
  timeoutSeconds: 10,

  collect({ host, options, now, progress, fault }, previous: Inventory | undefined) {
    const inventory = readInventory({ host, dockerRoot: options['docker-root'], now, progress, fault }, previous);
    const hidden = inventory.facts.visibility?.value.hidden ?? [];
    for (const tree of hidden) fault(`--path.${tree.tree}`, new Error(describeHidden(tree)));
    const infos = inventory.containers.map((container) =>
      sample(containerInfo, 1, {
        ...ownerOf(container),
        container_id: `${container.runtime}://${container.id}`,
        runtime: container.runtime,
      }),
    );
    const visible = HOST_TREES.map((path) =>
      sample(hostVisible, hidden.some(({ tree }) => tree === path) ? 0 : 1, { path }),
    );
    const locations = inventory.facts.locations?.value ?? [];
    const places = locations.map(({ what, path, source }) => sample(locationInfo, 1, { what, path, source }));
    const changed = changedLocations(previous?.facts.locations?.value ?? [], locations);
    return {
      samples: [...infos, ...visible, ...places],
      state: inventory,
      notices: changed.map(noticeOf),
      unmeasured: countUnmeasured(inventory, hidden),
      ...(hidden.length > 0 && { notReady: hidden.map(describeHidden).join('; ') }),
    };
  },
});

/** Those of a root file system that is gone are known from before. */
function countUnmeasured({ containers, facts }: Inventory, hidden: readonly HiddenTree[]): Record<string, number> {
  const isRootHidden = hidden.some(({ tree }) => tree === 'rootfs');
  return {
    [HIDDEN]: isRootHidden ? containers.length : 0,
    unidentified: facts.unidentified?.value ?? 0,
    ...countUnread(containers),
  };
}

function countUnread(found: readonly Container[]): Record<string, number> {
  return Object.fromEntries(
    UNREAD_REASONS.map((reason) => [reason, found.filter(({ unread }) => unread === reason).length]),
  );
}
