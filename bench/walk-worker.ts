import { parentPort, workerData } from 'node:worker_threads';
import { Tree } from '../exporter/host.ts';
import { walkLayer } from '../exporter/layers/walk.ts';

parentPort?.postMessage(walkLayer(new Tree(workerData), { depth: 2, pace: () => {}, fault: () => {} }).bytes);
