import { property, stringProperty } from '../formats/json.ts';

/** Which object of the API it is. An object with the same name and another uid is another object. */
export interface Identity {
  readonly name: string;
  /** Absent for objects that are in no namespace, such as nodes. */
  readonly namespace?: string;
  /** Empty if the API server sent none. */
  readonly uid: string;
}

/** Characters that an API server accepts in the name of any object (DNS subdomain); uids are shorter. */
export const MAX_NAME_LENGTH = 253;

/**
 * The identity of what should be an object of the API (meta/v1, ObjectMeta); undefined when it has no name, or one that no
 * API server accepts: identities are kept for as long as the objects exist.
 */
export function identify(object: unknown): Identity | undefined {
  const metadata = property(object, 'metadata');
  const name = stringProperty(metadata, 'name');
  const namespace = stringProperty(metadata, 'namespace');
  const uid = stringProperty(metadata, 'uid') ?? '';
  const isTooLong = [name, namespace, uid].some((part) => part !== undefined && part.length > MAX_NAME_LENGTH);
  if (!name || isTooLong) return undefined;
  return { name, ...(namespace && { namespace }), uid };
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
