import { replays } from './replays/index.ts';
import { testReplay } from './replays/replay.ts';

for (const replay of replays) testReplay(replay);
