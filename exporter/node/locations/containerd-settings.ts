import { posix } from 'node:path';
import { property, stringProperty } from '../../formats/json.ts';
import type { Tree } from '../host/tree.ts';
import { loadToml } from './configuration-file.ts';

/** A value of a configuration, and the file that has it. */
export interface Setting {
  readonly value: string;
  readonly by: string;
}

/** What containerd's configuration says about places; what it does not say is absent. */
export interface ContainerdSettings {
  readonly root?: Setting;
  readonly state?: Setting;
  readonly address?: Setting;
  /** Snapshotters that the CRI plugin uses, the one of most pods first. */
  readonly used: readonly Setting[];
  /** Directories of snapshotters, by name: `root_path` of built-in ones, `exports.root` of others. */
  readonly roots: ReadonlyMap<string, Setting>;
  /** Snapshotters that are processes of their own. */
  readonly proxies: readonly Setting[];
}

/** Files that one configuration may import. */
const MAX_FILES = 100;

/**
 * containerd's configuration and what it imports, later files going before earlier ones, empty texts as if not given
 * (containerd, cmd/containerd/server/config, LoadConfig and mergeConfig). Undefined when there is no such file; throws, with
 * the file's name, when one of them cannot be read.
 *
 * Before containerd 2.0 a file that says anything of a plugin takes all that was said of it before; since then keys are merged
 * (https://github.com/containerd/containerd/pull/9982). `isBefore2` tells, undefined where that is not known: then the
 * version of the format does, of which 3 came with 2.0.
 */
export function readContainerdSettings(
  files: Tree,
  path: string,
  isBefore2: () => boolean | undefined = () => undefined,
): ContainerdSettings | undefined {
  const contents = new Map<string, unknown>();
  const pending = [path];
  for (let file = pending.shift(); file !== undefined; file = pending.shift()) {
    if (contents.has(file)) continue;
    if (contents.size === MAX_FILES) throw new Error(`${path}: imports more than ${MAX_FILES} files`);
    const content = loadToml(files, file);
    if (content === undefined && file === path) return undefined;
    contents.set(file, content);
    pending.push(...importsOf(files, content, file));
  }
  const version = Number(property(contents.get(path), 'version') ?? 1);
  const isReplaced = contents.size > 1 && (isBefore2() ?? version < 3);
  const merged = new Merged();
  for (const [by, content] of contents) {
    if (isReplaced) merged.forget(property(content, 'plugins'));
    merged.add(content, by);
  }
  return merged.settings();
}

/** Paths relative to the file's directory; `*` stands for any part of a file's name (filepath.Glob). */
function importsOf(files: Tree, content: unknown, file: string): string[] {
  const imports = property(content, 'imports');
  const paths = Array.isArray(imports) ? imports.filter((path) => typeof path === 'string') : [];
  return paths.flatMap((path) => {
    const absolute = posix.resolve(posix.dirname(file), path);
    return absolute.includes('*') ? glob(files, absolute) : [absolute];
  });
}

function glob(files: Tree, pattern: string): string[] {
  const [directory, name] = [posix.dirname(pattern), posix.basename(pattern)];
  if (directory.includes('*')) return [];
  const quoted = name.split(/\*+/).map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  const matcher = new RegExp(`^${quoted.join('.*')}$`, 's');
  const names = files.subtree(directory).listIfPresent();
  return names
    .filter((name) => matcher.test(name))
    .sort()
    .map((name) => posix.join(directory, name));
}

/** The CRI plugin up to version 2 of the format, and its parts since version 3. */
const CRI = 'io.containerd.grpc.v1.cri';
const CRI_IMAGES = 'io.containerd.cri.v1.images';
const CRI_RUNTIME = 'io.containerd.cri.v1.runtime';

const SNAPSHOTTER = /^io\.containerd\.snapshotter\.v1\.([\w-]+)$/;

class Merged {
  readonly #texts = new Map<string, Setting>();
  readonly #proxies = new Map<string, Setting>();
  readonly #proxyRoots = new Map<string, Setting>();
  /** Of each plugin by its name in version 2: what files say of it, in their order. */
  readonly #plugins = new Map<string, { readonly options: unknown; readonly by: string }[]>();

  /** What was said of the plugins that are among these. */
  forget(plugins: unknown): void {
    for (const [plugin] of entriesOf(plugins)) this.#plugins.delete(fullName(plugin));
  }

  add(content: unknown, by: string): void {
    for (const name of ['root', 'state']) this.#note(name, stringProperty(content, name), by);
    this.#note('address', stringProperty(property(content, 'grpc'), 'address'), by);
    for (const [plugin, options] of entriesOf(property(content, 'plugins'))) {
      const said = this.#plugins.get(fullName(plugin)) ?? [];
      this.#plugins.set(fullName(plugin), [...said, { options, by }]);
    }
    for (const [name, options] of entriesOf(property(content, 'proxy_plugins'))) {
      if (stringProperty(options, 'type') !== 'snapshot') continue;
      this.#proxies.set(name, { value: name, by });
      const root = stringProperty(property(options, 'exports'), 'root');
      if (root) this.#proxyRoots.set(name, { value: root, by });
    }
  }

  settings(): ContainerdSettings {
    const roots = new Map(this.#proxyRoots);
    for (const plugin of this.#plugins.keys()) {
      const [name, root] = [SNAPSHOTTER.exec(plugin)?.[1], this.#option(plugin, ['root_path'])];
      if (name && root) roots.set(name, root);
    }
    // Version 4 of the format has a plugin for it.
    const address = this.#option('io.containerd.server.v1.grpc', ['address']) ?? this.#texts.get('address');
    const [root, state] = ['root', 'state'].map((name) => this.#texts.get(name));
    return {
      ...(root && { root }),
      ...(state && { state }),
      ...(address && { address }),
      used: this.#usedSnapshotters(),
      roots,
      proxies: [...this.#proxies.values()],
    };
  }

  #usedSnapshotters(): Setting[] {
    const usual = this.#option(CRI_IMAGES, ['snapshotter']) ?? this.#option(CRI, ['containerd', 'snapshotter']);
    const ofRuntimes = [CRI, CRI_RUNTIME].flatMap((plugin) => {
      const tables = this.#said(plugin, ['containerd', 'runtimes']).map(({ value }) => value);
      const names = new Set(tables.flatMap((table) => entriesOf(table).map(([name]) => name)));
      return [...names].map((name) => this.#option(plugin, ['containerd', 'runtimes', name, 'snapshotter']));
    });
    return [usual, ...ofRuntimes].filter((setting) => setting !== undefined);
  }

  /** The last text that is said of a plugin's option. */
  #option(plugin: string, path: readonly string[]): Setting | undefined {
    const texts = this.#said(plugin, path).flatMap(({ value, by }) =>
      typeof value === 'string' && value !== '' ? [{ value, by }] : [],
    );
    return texts.at(-1);
  }

  #said(plugin: string, path: readonly string[]): { readonly value: unknown; readonly by: string }[] {
    const said = this.#plugins.get(plugin) ?? [];
    return said.map(({ options, by }) => ({ value: path.reduce<unknown>(property, options), by }));
  }

  #note(name: string, value: string | undefined, by: string): void {
    if (value) this.#texts.set(name, { value, by });
  }
}

/** In version 1 of the format plugins had short names (config.go, v1MigratePluginName). */
function fullName(plugin: string): string {
  if (plugin === 'cri') return CRI;
  return plugin.includes('.') ? plugin : `io.containerd.snapshotter.v1.${plugin}`;
}

function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}
