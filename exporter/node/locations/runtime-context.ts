import type { DaemonProcess } from '../daemons/daemon-processes.ts';
import type { Report } from '../report.ts';
import type { Location } from './location.ts';
import type { MountedPlaces } from './mounted.ts';

/** What it takes to find out where the runtimes of this host keep their things. */
export interface RuntimeLocationContext extends Pick<Report, 'host' | 'progress' | 'fault'> {
  /** The daemons that run now, none where processes may not be listed. */
  readonly daemons: readonly DaemonProcess[];
  readonly mounted: MountedPlaces;
  /** The kubelet's, such as `unix:///run/k0s/containerd.sock`; undefined when it is not known. */
  readonly endpoint: string | undefined;
  /** Docker's data root if the user gave it, '' otherwise. */
  readonly dockerRoot: string;
  /** The locations that were known before. */
  readonly previous: readonly Location[];
}
