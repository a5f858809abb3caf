import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type CountedLog, writtenBytes } from '../../../../exporter/node/containers/log-growth.ts';
import { type Look, ROTATIONS, VirtualLog } from './virtual-log.ts';

type Step =
  | { readonly do: 'append'; readonly bytes: number }
  | { readonly do: 'look' }
  | { readonly do: 'rotate' | 'settle'; readonly pick: number; readonly lookAt: number };

/** How far the exporter dates a look back (exporter/node/collectors/container-logs.ts). */
const MARGIN = 10_000_000n;

/** `lookAt` is the step of a rotation after which there is a look. */
function steps(lookAt: fc.Arbitrary<number>): fc.Arbitrary<(Step & { ticks: number })[]> {
  const ticks = fc.constantFrom(1, 4000);
  const pick = fc.nat(3);
  const bytes = fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 2_000_000 }));
  return fc.array(
    fc.oneof(
      { weight: 4, arbitrary: fc.record({ do: fc.constant('append' as const), bytes, ticks }) },
      { weight: 4, arbitrary: fc.record({ do: fc.constant('look' as const), ticks }) },
      { weight: 3, arbitrary: fc.record({ do: fc.constant('rotate' as const), pick, lookAt, ticks }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('settle' as const), pick, lookAt, ticks }) },
    ),
    { maxLength: 16 },
  );
}

/** Takes the steps and looks a last time; `check` is told of every look but the first. */
function follow(log: VirtualLog, taken: (Step & { ticks: number })[], check: (look: Look, counted: number) => void) {
  let before: CountedLog = [];
  let since: bigint | undefined;
  const lookNow = () => {
    const look = log.look();
    const counted = writtenBytes(before, look.files, since);
    if (since === undefined) assert.equal(counted, 0);
    else check(look, counted);
    before = look.files;
    since = log.now - MARGIN;
  };
  const doStep = (step: Step) => {
    if (step.do === 'append') return log.append(step.bytes);
    if (step.do === 'look') return lookNow();
    let at = 0;
    for (const _ of step.do === 'rotate' ? log.rotate(step.pick) : log.settle(step.pick)) {
      if (at++ === step.lookAt) lookNow();
    }
  };
  for (const step of taken) {
    log.wait(step.ticks);
    doStep(step);
  }
  log.wait(1);
  lookNow();
}

/** Every look counts something or nothing, and all looks together no more than was written since the first. */
function neverTooMuch(): (look: Look, counted: number) => void {
  let sum = 0;
  let truth = 0;
  return ({ written, files }, counted) => {
    sum += counted;
    truth += written;
    assert.ok(counted >= 0, `counted ${counted}`);
    assert.ok(sum <= truth, `counted ${sum} of ${truth} bytes, ${counted} of them at ${files.map(({ name }) => name)}`);
  };
}

const maxFiles = fc.integer({ min: 2, max: 4 });
const NEVER = fc.constant(-1);
const MIDWAY = fc.integer({ min: 0, max: 4 });
const RUNS = { numRuns: 1000 };

for (const rotation of ROTATIONS) {
  test(`what is written is counted once, and all of it while rotations are rare: ${rotation}`, () => {
    const property = fc.property(maxFiles, steps(NEVER), (maxFiles, taken) => {
      const check = neverTooMuch();
      follow(new VirtualLog(rotation, maxFiles, true), taken, (look, counted) => {
        check(look, counted);
        if (look.isTraceable) assert.equal(counted, look.written - look.lost);
      });
    });
    fc.assert(property, RUNS);
  });

  test(`no byte is counted twice by looks in the midst of a rotation: ${rotation}`, () => {
    const property = fc.property(maxFiles, steps(MIDWAY), (maxFiles, taken) => {
      follow(new VirtualLog(rotation, maxFiles, true), taken, neverTooMuch());
    });
    fc.assert(property, RUNS);
  });

  test(`no byte is counted twice on a file system without times of creation: ${rotation}`, () => {
    const property = fc.property(maxFiles, steps(NEVER), (maxFiles, taken) => {
      follow(new VirtualLog(rotation, maxFiles, false), taken, neverTooMuch());
    });
    fc.assert(property, RUNS);
  });
}
