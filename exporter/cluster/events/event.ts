import { property, stringProperty } from '../../formats/json.ts';
import type { KubeEvent } from '../objects.ts';
import { parseTime } from '../time.ts';

/**
 * The node that an event is about: its object, or the node of its reporter (core/v1, EventSource; reportingInstance
 * since Kubernetes 1.28). Undefined for what controllers and schedulers report about other objects than nodes.
 */
export function nodeOf(event: KubeEvent): string | undefined {
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

export function messageOf(event: KubeEvent): string {
  return stringProperty(event, 'message') ?? '';
}

/** How often it has happened: the reporter counts in the Event, in `count` or, since events.k8s.io/v1, in `series`. */
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
