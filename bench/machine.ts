import { cpus, release, totalmem } from 'node:os';

/** The machine that figures are of: "Intel(R) Xeon(R) Processor, 2 cores, 24 GiB; Linux 6.1.0-38-amd64; Node.js v20.19.0". */
export function describeMachine(): string {
  const cores = cpus();
  const memory = Math.round(totalmem() / 1024 ** 3);
  return `${cores[0]?.model.trim()}, ${cores.length} cores, ${memory} GiB; Linux ${release()}; Node.js ${process.version}`;
}
