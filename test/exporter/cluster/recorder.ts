import type { Resource } from '../../../exporter/cluster/objects.ts';
import type { Change, Observer } from '../../../exporter/cluster/watcher.ts';
import type { ApiObject } from './api-server/resource-store.ts';

/** An observer that writes down what it is told: `added a@7` for version 7 of the object a, or `interrupted`. */
export class Recorder implements Observer {
  readonly told: string[] = [];
  /** When each came. */
  readonly times: number[] = [];
  readonly objects: unknown[] = [];
  readonly observe: Observer['observe'];

  constructor(...resources: Resource[]) {
    const take = ({ type, object, receivedAt }: Change) => {
      const { name, resourceVersion } = (object as ApiObject).metadata;
      this.told.push(resourceVersion === undefined ? `${type} ${name}` : `${type} ${name}@${resourceVersion}`);
      this.times.push(receivedAt);
      this.objects.push(object);
    };
    this.observe = Object.fromEntries(resources.map((resource) => [resource, take]));
  }

  interrupted(): void {
    this.told.push('interrupted');
  }

  /** What it was told since the last call. */
  take(): string[] {
    this.times.splice(0);
    this.objects.splice(0);
    return this.told.splice(0);
  }

  samples(): [] {
    return [];
  }
}
