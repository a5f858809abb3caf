/**
 * Things vanish while they are read: ENOENT and ENOTDIR are files that went, ESRCH a process that ended during the
 * read, ENODEV a cgroup that was removed.
 */
export function isAbsence(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'ESRCH' || code === 'ENODEV';
}

/** What `read` returns, undefined when the thing is absent. */
export function absentAsUndefined<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
}
