import type { Bench } from './bench.ts';
import { cluster } from './cluster.ts';
import { daemons } from './daemons.ts';
import { facts } from './facts.ts';
import { healthcheck } from './healthcheck.ts';
import { rules } from './rules.ts';
import { scrape } from './scrape.ts';
import { survival } from './survival/index.ts';
import { walk } from './walk.ts';
import { zombies } from './zombies.ts';

/** All benches, in the order in which they run. */
export const benches: readonly Bench[] = [healthcheck, scrape, walk, zombies, daemons, facts, cluster, survival, rules];
