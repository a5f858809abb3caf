import { property, stringProperty } from '../../formats/json.ts';
import { MAX_NAME_LENGTH } from '../identity.ts';
import type { KubeEvent } from '../objects.ts';
import { parseTime } from '../time.ts';

/**
 * The node that an event is about: its object, or the node of its reporter (core/v1, EventSource; reportingInstance
 * since Kubernetes 1.28). Undefined for what controllers and schedulers report about other objects than nodes, and for a
 * name that no node can have: anyone who may create events chooses it.
 */
export function nodeOf(event: KubeEvent): string | undefined {
  const node = reportedNode(event);
  return node === undefined || node.length > MAX_NAME_LENGTH ? undefined : node;
}

function reportedNode(event: KubeEvent): string | undefined {
  const { involvedObject } = event;
  if (stringProperty(involvedObject, 'kind') === 'Node') return stringProperty(involvedObject, 'name') || undefined;
  return stringProperty(event.source, 'host') || stringProperty(event, 'reportingInstance') || undefined;
}

/** Whether a kubelet has started; kube-proxy has an event with the same reason. */
export function isKubeletStart(event: KubeEvent): boolean {
  return (
    stringProperty(event, 'reason') === 'Starting' &&
    (stringProperty(event.source, 'component') || stringProperty(event, 'reportingComponent')) === 'kubelet'
  );
}

/**
 * Characters of a message that are read. Messages of events.k8s.io have at most 1,024; those of core/v1 can be as long as
 * an object, and searching them takes time that grows with the square of the length.
 */
const MAX_MESSAGE_LENGTH = 4096;

export function messageOf(event: KubeEvent): string {
  return (stringProperty(event, 'message') ?? '').slice(0, MAX_MESSAGE_LENGTH);
}

/**
 * How often it has happened, as its reporter claims: the reporter counts in the Event, in `count` or, since
 * events.k8s.io/v1, in `series`.
 */
export function countOf(event: KubeEvent): number {
  const counts = [property(event, 'count'), property(event.series, 'count')];
  return Math.max(1, ...counts.filter((count): count is number => Number.isSafeInteger(count)));
}

/** When it last happened, by the clock of its reporter, in seconds of Unix time. */
export function timeOf(event: KubeEvent): number | undefined {
  return (
    parseTime(property(event.series, 'lastObservedTime')) ??
    parseTime(event.lastTimestamp) ??
    parseTime(event.eventTime)
  );
}
