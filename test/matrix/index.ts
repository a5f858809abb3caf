import { alertmanager } from './alertmanager.ts';
import { docker } from './docker.ts';
import { machine } from './machine.ts';
import { nodeVersions } from './node-versions.ts';
import type { Part } from './part.ts';
import { prometheus } from './prometheus.ts';

/** All parts, in the order in which they run. */
export const parts: readonly Part[] = [prometheus, alertmanager, docker, machine, nodeVersions];
