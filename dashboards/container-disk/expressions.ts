import * as logs from '../../exporter/node/collectors/container-logs.ts';
import * as images from '../../exporter/node/collectors/image-filesystem.ts';
import { OWNER_LABELS } from '../../exporter/node/containers/container.ts';
import type { PrometheusDuration } from '../../rules/format.ts';
import { promql } from '../../rules/promql.ts';
import { LAYER_BYTES } from '../../rules/series/disk-owners.ts';
import { IMAGE_GC_HIGH } from '../../rules/series/kubelet-thresholds.ts';
import type { DashboardContext } from '../context.ts';
import { imageFilesystemAvailable, imageFilesystemSize } from '../panels/disk.ts';

/** Range over which the fill rate of the filesystem is measured. */
export const FILL_RANGE: PrometheusDuration = '30m';

/** Range over which the growth of writable layers is measured: they are walked too rarely for a shorter one. */
export const LAYER_RANGE: PrometheusDuration = '1h';

/** Bytes left until the kubelet deletes images. */
export function bytesToImageGc(context: DashboardContext): string {
  const { chosenNode } = context;
  return promql`
    clamp_min(
      ${imageFilesystemAvailable(context)} - (1 - ${IMAGE_GC_HIGH.record}{${chosenNode}}) * ${imageFilesystemSize(context)},
      0
    )`;
}

/** Bytes per second by which the image filesystem fills; no series while it does not. */
export function fillRate({ chosenTarget, perNode }: DashboardContext): string {
  return promql`(-${perNode(promql`deriv(${images.available}{${chosenTarget}}[${FILL_RANGE}])`)} > 0)`;
}

/** Bytes per second by which writable layers grow. */
export function layerGrowth({ chosenNode }: DashboardContext): string {
  return promql`deriv(${LAYER_BYTES}{${chosenNode}}[${LAYER_RANGE}])`;
}

/** Maximum bytes of the log of each container; +Inf without a limit. */
export function logLimit({ chosenTarget, perNode }: DashboardContext): string {
  return perNode(promql`${logs.limit}{${chosenTarget}}`, ...OWNER_LABELS);
}
