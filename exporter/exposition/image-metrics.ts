import { gauge } from './metric.ts';

/**
 * The metrics of images that both roles have: the node role reads them from Docker, the cluster role from the status of
 * each node, with the label `node`. In one process they are one metric, so they are declared once.
 */
export function imageMetrics<Label extends string = never>(labels: readonly Label[] = []) {
  return {
    images: gauge('foreshock_images', 'Number of container images on the node.', labels),
    localOnly: gauge(
      'foreshock_local_only_images',
      'Number of named images without a registry digest: built or imported on the node.',
      labels,
    ),
    localOnlyBytes: gauge(
      'foreshock_local_only_image_bytes',
      'Total size in bytes of the local-only images; shared layers count for each image.',
      labels,
    ),
  };
}
