import { stringProperty } from '../../formats/json.ts';
import type { KubeEvent } from '../objects.ts';
import { isKubeletStart, messageOf } from './event.ts';

/** Counted by their own names (pkg/kubelet/events/event.go, and the node controller's NodeNotReady). */
const PLAIN = [
  'FreeDiskSpaceFailed',
  'ImageGCFailed',
  'ContainerGCFailed',
  'InvalidDiskCapacity',
  'EvictionThresholdMet',
  'Evicted',
  'NodeHasDiskPressure',
  'NodeHasInsufficientMemory',
  'NodeHasInsufficientPID',
  'NodeNotReady',
  'Rebooted',
  'SystemOOM',
  'ErrImageNeverPull',
  'FailedKillPod',
] as const;

/** Reasons with several meanings, distinguished by the message: the first pattern that matches counts. */
const BY_MESSAGE = {
  Failed: [
    [/Failed to pull image /, 'FailedToPullImage'],
    // The kubelet reports the same failure again, for the container.
    [/Error: (?:ErrImagePull|ImagePullBackOff|ErrImageNeverPull)/, undefined],
    [/(?:)/, 'Failed'],
  ],
  BackOff: [
    [/Back-off pulling image/, 'ImagePullBackOff'],
    [/(?:)/, 'BackOff'],
  ],
  // containerd; dockershim and cri-dockerd; CRI-O.
  FailedCreatePodSandBox: [
    [
      /failed to get sandbox image|(?:failed pulling|unable to pull sandbox) image|initializing source docker:/,
      'SandboxImageMissing',
    ],
    [/(?:)/, 'FailedCreatePodSandBox'],
  ],
} as const;

type ByMessage = (typeof BY_MESSAGE)[keyof typeof BY_MESSAGE][number][1];

export type Reason = (typeof PLAIN)[number] | Exclude<ByMessage, undefined> | 'Starting';

/** Every value of the label `reason`. */
export const REASONS: readonly Reason[] = [
  ...PLAIN,
  'Starting',
  ...Object.values(BY_MESSAGE).flatMap((cases) => cases.flatMap(([, reason]) => reason ?? [])),
];

const CASES = new Map<string, readonly (readonly [RegExp, Reason | undefined])[]>([
  ...PLAIN.map((reason) => [reason, [[/(?:)/, reason]]] as const),
  ...Object.entries(BY_MESSAGE),
]);

/** The label `reason` that an event is counted by; undefined if it is not counted. */
export function reasonOf(event: KubeEvent): Reason | undefined {
  if (isKubeletStart(event)) return 'Starting';
  const cases = CASES.get(stringProperty(event, 'reason') ?? '') ?? [];
  const message = messageOf(event);
  return cases.find(([pattern]) => pattern.test(message))?.[1];
}
