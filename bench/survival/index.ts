import type { Bench } from '../bench.ts';
import { prepareAttacks } from './attacks.ts';
import { prepareChurn } from './churn.ts';
import { prepareLimits } from './limits.ts';

/** What the exporter of a sick or hostile node lives through, by its memory and the time of its scrapes meanwhile. */
export const survival: Bench = {
  name: 'survival',
  async prepare() {
    const parts = [prepareAttacks(), prepareLimits(), prepareChurn()];
    return {
      async measure(program) {
        const figures = [];
        for (const part of parts) figures.push(...(await part.measure(program)));
        return figures;
      },
      remove() {
        for (const part of parts) part.remove();
      },
    };
  },
};
