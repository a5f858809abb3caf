import { occurrences } from '../../exporter/cluster/watchers/events.ts';
import { removed } from '../../exporter/cluster/watchers/images.ts';
import { promql } from '../../rules/promql.ts';
import { LOCAL_ONLY_BYTES, LOCAL_ONLY_IMAGES } from '../../rules/signatures/vanishing-images.ts';
import { NODE, perNode } from '../expressions.ts';
import type { Row } from '../panel.ts';
import { SIZE } from '../panels/disk.ts';

export const vanishingImages: Row = {
  title: 'Vanishing images: garbage collection deletes images that exist nowhere else',
  panels: [
    {
      kind: 'graph',
      title: 'Images that no registry has',
      description:
        'Images with a name and no digest: built or imported here. Once deleted they cannot be pulled again. Healthy is 0; in story 003 all images of a CI job.',
      story: 'vanishing-images',
      unit: 'count',
      noData: 'Nothing is known of images here',
      width: 6,
      queries: [
        { expr: promql`${LOCAL_ONLY_IMAGES}{${NODE}}`, legend: 'on the node' },
        {
          expr: perNode(promql`increase(${removed}{local_only="true",${NODE}}[$__rate_interval])`),
          legend: 'deleted',
        },
      ],
      alerts: ['ForeshockLocalOnlyImagesAtRisk', 'ForeshockLocalOnlyImagesRemoved'],
    },
    {
      kind: 'graph',
      title: 'Their size, and that of the file system',
      description:
        'Sum of the sizes of images that no registry has, against all of the image file system. In story 003 that was 7.0 GB.',
      story: 'vanishing-images',
      unit: 'bytes',
      noData: 'Nothing is known of images here',
      width: 9,
      queries: [
        { expr: promql`${LOCAL_ONLY_BYTES}{${NODE}}`, legend: 'images that no registry has' },
        { expr: SIZE, legend: 'image file system', limit: 'text' },
      ],
      alerts: ['ForeshockImageFilesystemTooSmall'],
    },
    {
      kind: 'graph',
      title: 'Pulls that fail',
      description:
        'Events of pulls that failed or wait to be tried again, in each step. Healthy is none; in story 003 43 in 13 min.',
      story: 'vanishing-images',
      unit: 'count',
      noData: 'The cluster role says nothing of this node',
      width: 9,
      events: true,
      queries: [
        {
          expr: perNode(
            promql`increase(${occurrences}{reason=~"FailedToPullImage|ImagePullBackOff|ErrImageNeverPull|SandboxImageMissing",${NODE}}[$__rate_interval])`,
            'reason',
          ),
          legend: '{{reason}}',
        },
      ],
      alerts: ['ForeshockImagePullsFailAfterGC', 'ForeshockSandboxImageMissing'],
    },
  ],
};
