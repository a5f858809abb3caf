import type { Row } from '../panel.ts';
import { oldestPull, pullsInFlight, pullWait } from '../panels/kubelet.ts';

export const pullQueue: Row = {
  title: 'Pull queue: one slow image pull holds up all others',
  panels: [oldestPull, pullsInFlight, pullWait],
};
