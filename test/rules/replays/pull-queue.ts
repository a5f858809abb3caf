import * as pulls from '../../../exporter/cluster/watchers/pulls.ts';
import { type Replay, SICK } from './replay.ts';
import { histogram, series } from './series.ts';
import { nodeLabels } from './targets.ts';

const MINUTE = 60;
const LABELS = { ...nodeLabels(SICK), job: 'foreshock', instance: '10.0.9.9:10777' };

/**
 * The image of the story, whose event was 8 min old and went on (to 10 here), and two that would take a minute each;
 * which they were, and when their pods came, the story does not say.
 */
const PULLS = [
  { image: 'registry.example.com/infra/openvpn/openvpn:master', asked: 10, begun: 10, ended: 20 },
  { image: 'registry.example.com/shop/web:2.4', asked: 11, begun: 20, ended: 21 },
  { image: 'registry.example.com/shop/orders:1.9', asked: 13, begun: 21, ended: 22 },
] as const;

const inFlightAt = (second: number) =>
  PULLS.filter(({ asked, ended }) => asked * MINUTE <= second && second < ended * MINUTE);

const observed = (secondsOf: (pull: (typeof PULLS)[number]) => number) =>
  PULLS.map((pull) => ({ at: pull.ended * MINUTE, value: secondsOf(pull) }));

export const pullQueue: Replay = {
  id: '002-4',
  signature: 'pull-queue',
  title: 'an image is pulled for 10 minutes, and two that take a minute each wait for it',
  minutes: 60,
  sick: [
    series(pulls.inFlight.name, LABELS, (second) => inFlightAt(second).length),
    ...PULLS.map(({ image, asked }) =>
      series(pulls.oldestStart.name, { ...LABELS, image }, (second, start) =>
        inFlightAt(second)[0]?.image === image ? start + asked * MINUTE : undefined,
      ),
    ),
    ...histogram(
      pulls.wait.name,
      LABELS,
      pulls.wait.buckets ?? [],
      observed(({ asked, begun }) => (begun - asked) * MINUTE),
    ),
    ...histogram(
      pulls.duration.name,
      LABELS,
      pulls.duration.buckets ?? [],
      observed(({ begun, ended }) => (ended - begun) * MINUTE),
    ),
  ],
  expected: [
    { alert: 'ForeshockImagePullQueueBlocked', from: 18, to: 35 },
    { alert: 'ForeshockImagePullWaitLong', from: 26, to: 32 },
  ],
  inhibited: ['ForeshockImagePullWaitLong'],
};
