import { parentPort, workerData } from 'node:worker_threads';
import { Tree } from '../exporter/node/host/tree.ts';
import { walkLayer } from '../exporter/node/layers/walk.ts';

parentPort?.postMessage(walkLayer(new Tree(workerData), { depth: 2, pace: () => {}, fault: () => {} }).bytes);
