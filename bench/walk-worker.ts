import { parentPort, workerData } from 'node:worker_threads';
import { walkLayer } from '../exporter/layers/walk.ts';
import { Tree } from '../exporter/tree.ts';

parentPort?.postMessage(walkLayer(new Tree(workerData), { depth: 2, pace: () => {}, fault: () => {} }).bytes);
