import { benchCluster } from './cluster.ts';
import { benchDaemons } from './daemons.ts';
import { benchRules } from './rules.ts';
import { benchScrape } from './scrape.ts';
import { benchWalk } from './walk.ts';
import { benchZombies } from './zombies.ts';

/** `npm run bench [scrape|walk|zombies|daemons|cluster|rules]`: what Foreshock costs on this machine, beside a peer in the same run. */
const BENCHES = {
  scrape: benchScrape,
  walk: benchWalk,
  zombies: benchZombies,
  daemons: benchDaemons,
  cluster: benchCluster,
  rules: benchRules,
};

const wanted = process.argv.slice(2);
for (const [name, bench] of Object.entries(BENCHES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  for (const { what, measured, goal } of await bench()) console.log(`${name}: ${what}: ${measured} (goal: ${goal})`);
}
