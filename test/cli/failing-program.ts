import { logLastErrors } from '../../cli/last-errors.ts';
import { newLog } from '../../cli/log.ts';
import { logOutput } from '../../cli/log-output.ts';

/** Fails in the way that it is asked for, and would print `still here` a moment later. */
const output = logOutput();
logLastErrors(await newLog('info', 'json', output), output);
setTimeout(() => {
  process.stdout.write('still here');
}, 200);
const ways: Record<string, () => void> = {
  throws: () => {
    throw new Error('on purpose');
  },
  rejects: () => void Promise.reject(new Error('on purpose')),
  warns: () => process.emitWarning('on purpose'),
};
setImmediate(() => ways[process.argv[2] ?? '']?.());
