import { property, stringProperty } from '../formats/json.ts';

/** Which object of the API it is. An object with the same name and another uid is another object. */
export interface Identity {
  readonly name: string;
  /** Absent for objects that are in no namespace, such as nodes. */
  readonly namespace?: string;
  /** Empty if the API server sent none. */
  readonly uid: string;
}

/** The identity of what should be an object of the API (meta/v1, ObjectMeta); undefined when it has no name. */
export function identify(object: unknown): Identity | undefined {
  const metadata = property(object, 'metadata');
  const name = stringProperty(metadata, 'name');
  const namespace = stringProperty(metadata, 'namespace');
  if (!name) return undefined;
  return { name, ...(namespace && { namespace }), uid: stringProperty(metadata, 'uid') ?? '' };
}

/** `namespace/name`, which one object of a resource has at a time; neither part can contain a slash. */
export function objectKey({ namespace = '', name }: Identity): string {
  return `${namespace}/${name}`;
}

/** The identity of an object by its key and its uid. */
export function identityOf(key: string, uid: string): Identity {
  const [namespace = '', name = ''] = key.split('/');
  return { name, ...(namespace && { namespace }), uid };
}
