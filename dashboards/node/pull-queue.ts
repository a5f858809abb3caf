import type { DashboardContext } from '../context.ts';
import type { Row } from '../panel.ts';
import { oldestPull, pullsInFlight, pullWait } from '../panels/pods.ts';

export function pullQueue(context: DashboardContext): Row {
  return {
    title: 'Pull queue: one slow image pull blocks all others',
    panels: [oldestPull(context), pullsInFlight(context), pullWait(context)],
  };
}
