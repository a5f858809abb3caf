import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { type ExporterProcess, until } from '../exporter-process.ts';
import { sampleValue } from '../exposition-text.ts';

/** Seconds in which a collector that runs every second has seen what has happened. */
export const SOON = 20;

/**
 * Waits until what is found in the exposition is what the host itself says, and fails with the difference when that
 * does not happen soon.
 */
export async function assertAgreement(
  exporter: ExporterProcess,
  find: (exposition: string) => unknown,
  truth: () => unknown,
): Promise<void> {
  let last: { found: unknown; expected: unknown } | undefined;
  const compare = async () => {
    const exposition = await exporter.scrape();
    last = { found: find(exposition), expected: await truth() };
    return isDeepStrictEqual(last.found, last.expected);
  };
  await until(compare, (agree) => agree, SOON).catch((error: Error) => {
    assert.deepEqual(last?.found, last?.expected);
    throw error;
  });
}

/** Finds the values of a metric by container. */
export function byContainer(metric: string, containers: readonly string[]) {
  return (exposition: string): Record<string, number | undefined> =>
    Object.fromEntries(containers.map((container) => [container, sampleValue(exposition, metric, { container })]));
}

/** What the host says about each container, to compare with `byContainer`. */
export async function truthOf<Value>(containers: readonly string[], read: (container: string) => Promise<Value>) {
  const values = containers.map(async (container) => [container, await read(container)] as const);
  return Object.fromEntries(await Promise.all(values)) as Record<string, Value>;
}
