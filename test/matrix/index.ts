import { docker } from './docker.ts';
import { machine } from './machine.ts';
import { monitoring } from './monitoring.ts';
import { nodeVersions } from './node-versions.ts';
import type { Part } from './part.ts';
import { scale } from './scale.ts';

/** All parts, in the order in which they run. */
export const parts: readonly Part[] = [monitoring, docker, machine, nodeVersions, scale];
