/** The objects in what should be a list of objects; the lists of the API may be absent and are not trusted. */
export function elements<Element extends object>(list: readonly Element[] | undefined): readonly Element[] {
  if (!Array.isArray(list)) return [];
  return list.filter((element) => typeof element === 'object' && element !== null);
}
