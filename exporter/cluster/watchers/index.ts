import type { Watcher } from '../watcher.ts';

/** Every watcher, in the order of the exposition. */
export const watchers: readonly Watcher[] = [];
