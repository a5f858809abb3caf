import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { MAIN } from '../paths.ts';

/** A program that has ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Milliseconds within which a command that should end must have ended. */
const LIMIT = 30_000;

/** Another user cannot write into the folder of `npm run coverage`, and Node.js would say so among what it logs. */
const { NODE_V8_COVERAGE: _, ...withoutCoverage } = process.env;

/** Runs the built program, as another user and group if `uid` is given; rejects when it does not end by itself. */
export async function foreshock(args: readonly string[], uid?: number): Promise<Ended> {
  const child = spawn(process.execPath, [MAIN, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(uid !== undefined && { uid, gid: uid, env: withoutCoverage }),
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  try {
    await once(child, 'close', { signal: AbortSignal.timeout(LIMIT) });
  } catch {
    child.kill('SIGKILL');
    throw new Error(`foreshock ${args.join(' ')} did not end by itself: ${stdout}${stderr}`);
  }
  return { code: child.exitCode, signal: child.signalCode, stdout, stderr };
}
