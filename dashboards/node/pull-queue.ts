import type { Row } from '../panel.ts';
import { oldestPull, pullsInFlight, pullTimes } from '../panels/kubelet.ts';

export const pullQueue: Row = {
  title: 'Pull queue: one slow image pull holds up all others',
  panels: [pullsInFlight, oldestPull, pullTimes],
};
