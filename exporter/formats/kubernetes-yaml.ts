import {
  boolYaml11Tag,
  defineMappingTag,
  defineScalarTag,
  defineSequenceTag,
  FAILSAFE_SCHEMA,
  loadAll,
  mapTag,
  mergeTag,
  NOT_RESOLVED,
  nullYaml11Tag,
  seqTag,
  YAMLException,
} from 'js-yaml';

const INTEGER = /^([-+]?)(?:0x([\da-f]+)|0b([01]+)|0o?([0-7]+)|(0|[1-9]\d*))$/i;
const FLOAT = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:e[-+]?\d+)?$/i;

/** Numbers of Go with `_` anywhere in them; 0106 is octal, but 08 is not, and 1:30 and dates are texts. */
const integer = numberTag('tag:yaml.org,2002:int', [...'-+0123456789'], (text) => {
  const [, sign, hex, binary, octal, decimal] = INTEGER.exec(text) ?? [];
  const digits = hex ?? binary ?? octal ?? decimal;
  if (digits === undefined) return undefined;
  const radix = hex ? 16 : binary ? 2 : octal ? 8 : 10;
  return Number.parseInt(digits, radix) * (sign === '-' ? -1 : 1);
});
const float = numberTag('tag:yaml.org,2002:float', [...'-+.0123456789'], (text) =>
  FLOAT.test(text) ? Number(text) : undefined,
);

function numberTag(tagName: string, firstCharacters: string[], parse: (text: string) => number | undefined) {
  return defineScalarTag<number>(tagName, {
    implicit: true,
    implicitFirstChars: firstCharacters,
    resolve: (source) => {
      const number = parse(source.replaceAll('_', ''));
      return number !== undefined && Number.isFinite(number) ? number : NOT_RESOLVED;
    },
    identify: () => false,
  });
}

interface Mapping {
  readonly record: Record<string, unknown>;
  /** Keys whose values are of the last merge. */
  readonly merged: Set<unknown>;
  /** The key that a merge is about to add. */
  next: unknown;
}

/**
 * Of two equal keys the last one counts, also if one of the two was merged by `<<`; of the mappings in one list of `<<` it
 * is the first. js-yaml asks whether a mapping has a key before it merges that key, and with `json` only then.
 */
const mapping = defineMappingTag<Mapping, Record<string, unknown>>(mapTag.tagName, {
  create: (tag) => ({ record: mapTag.create(tag), merged: new Set(), next: undefined }),
  addPair: (carrier, key, value) => {
    if (carrier.next === key) carrier.merged.add(key);
    else carrier.merged.delete(key);
    carrier.next = undefined;
    return mapTag.addPair(carrier.record, key, value);
  },
  has: (carrier, key) => {
    carrier.next = key;
    return carrier.merged.has(key);
  },
  keys: (record) => Object.keys(record),
  get: (record, key) => record[String(key)],
  finalize: ({ record }) => record,
  identify: () => false,
});

/** With `finalize` js-yaml refuses a list within itself, as it does a mapping. */
const sequence = defineSequenceTag<unknown[]>(seqTag.tagName, {
  create: () => [],
  addItem: (list, item) => void list.push(item),
  finalize: (list) => list,
  identify: () => false,
});

/** Tags that Kubernetes does not know mean nothing to it. */
const unknownTags = [
  defineScalarTag('', { matchByTagPrefix: true, resolve: (source) => source, identify: () => false }),
  { ...sequence, tagName: '', matchByTagPrefix: true },
  { ...mapping, tagName: '', matchByTagPrefix: true },
];

const SCHEMA = FAILSAFE_SCHEMA.withTags(
  nullYaml11Tag,
  boolYaml11Tag,
  integer,
  float,
  mergeTag,
  sequence,
  mapping,
  unknownTags,
);

/**
 * The first document of a YAML or JSON text as Kubernetes reads it (sigs.k8s.io/yaml v1.6, which is neither YAML 1.1 nor 1.2,
 * seen with kubectl 1.32 and a kubelet 1.36): undefined when there is none. What comes after that document is not looked
 * at. Errors name the line and quote nothing of the text, as it may be a secret.
 */
export function parseKubernetesYaml(text: string): unknown {
  try {
    return loadAll(firstDocument(text), { schema: SCHEMA, json: true })[0];
  } catch (error) {
    throw new Error(error instanceof YAMLException ? withoutText(error) : 'not YAML');
  }
}

/** No line of a document's content can begin with its marker (YAML 1.2.2, c-forbidden). */
function firstDocument(text: string): string {
  const begin = /^\uFEFF?(?:[ \t]*(?:#.*)?\r?\n|%.*\n)*(?:---(?=\s|$))?/.exec(text)?.[0].length ?? 0;
  const end = text.slice(begin).search(/^(?:---|\.\.\.)(?=\s|$)/m);
  return end === -1 ? text : text.slice(0, begin + end);
}

/** js-yaml quotes text in a snippet, and in some reasons: `unidentified alias "x"`, `unknown scalar tag !<x>`. */
function withoutText({ reason, mark }: YAMLException): string {
  const kind = reason.replace(/ *(["<!]|: ).*$/s, '');
  return mark ? `${kind} (line ${mark.line + 1})` : kind;
}
