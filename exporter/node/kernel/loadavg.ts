/**
 * Threads of the whole kernel, the number behind the slash of /proc/loadavg: `0.41 0.29 0.32 2/345 12345`
 * (proc_loadavg(5)). Undefined for any other text.
 */
export function parseThreads(text: string): number | undefined {
  const threads = / \d+\/(\d+) /.exec(text)?.[1];
  return threads === undefined ? undefined : Number(threads);
}
