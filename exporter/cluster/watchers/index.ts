import type { Watcher } from '../watcher.ts';
import { conditions } from './conditions.ts';
import { events } from './events.ts';
import { heartbeats } from './heartbeats.ts';
import { images } from './images.ts';
import { pods } from './pods.ts';
import { pulls } from './pulls.ts';

/** Every watcher, in the order of the exposition. */
export const watchers: readonly Watcher[] = [heartbeats, conditions, events, pulls, pods, images];
