import type { Metric } from '../../exporter/exposition/metric.ts';
import * as imageFilesystem from '../../exporter/node/collectors/image-filesystem.ts';
import * as kubelet from '../../exporter/node/collectors/kubelet-config.ts';
import type { SettingField } from '../../exporter/node/kubelet/settings.ts';
import type { Expressions } from '../expressions.ts';
import { promql } from '../promql.ts';
import type { RecordingRule } from '../signature.ts';
import type { Texts } from '../texts.ts';
import { KUBELET_NODE } from './node-identity.ts';

/** A setting of the kubelet: the node's own, or else the documented default. */
interface KubeletSetting {
  readonly record: string;
  readonly metric: Metric;
  /** From pkg/kubelet/apis/config/v1beta1/defaults.go. */
  readonly documented: number;
}

function kubeletSetting(metric: Metric, documented: number): KubeletSetting {
  return { record: `node:${metric.name}:max_or_default`, metric, documented };
}

export const IMAGE_GC_HIGH = kubeletSetting(kubelet.imageGcHigh, 0.85);
export const IMAGE_GC_LOW = kubeletSetting(kubelet.imageGcLow, 0.8);
export const LEASE_DURATION = kubeletSetting(kubelet.leaseDuration, 40);
export const STATUS_REPORT_INTERVAL = kubeletSetting(kubelet.statusReportInterval, 300);

const KUBELET_SETTINGS = [IMAGE_GC_HIGH, IMAGE_GC_LOW, LEASE_DURATION, STATUS_REPORT_INTERVAL];

/** 1 for each setting that a kubelet's files or flags set; all others are assumed to be the defaults. By node and setting. */
export const SETTING_CONFIGURED = 'node_setting:foreshock_kubelet_setting_configured:max';

/** Part of a text behind the value of a setting, where nothing says that it was set: the default may not be in force. */
export function ifAssumed({ lookup }: Texts, setting: SettingField): string {
  return lookup((node) => `${SETTING_CONFIGURED}{${node},setting="${setting}"}`, '', ' (assumed: the default)');
}

/** Share of the lease duration after which a kubelet renews its lease: nodeLeaseRenewIntervalFraction in pkg/kubelet/kubelet.go. */
export const LEASE_RENEW_RATIO = 0.25;

/**
 * Bytes available on the image filesystem below which the kubelet evicts pods: imagefs.available<15% where the kubelet's
 * thresholds are unknown, no series where it has only others, because evictionHard replaces the defaults.
 */
export const IMAGE_FILESYSTEM_EVICTION = 'node:foreshock_image_filesystem_eviction_threshold_bytes:max_or_default';

export function kubeletThresholds({ perNode, nodeLabels }: Expressions): RecordingRule[] {
  const { ratio, bytes } = kubelet.evictionThresholds;
  const size = perNode(promql`${imageFilesystem.size}`);
  return [
    ...KUBELET_SETTINGS.map(({ record, metric, documented }) => ({
      record,
      expr: promql`
        ${perNode(metric.name)}
        or on (${nodeLabels})
        0 * ${KUBELET_NODE} + ${documented}`,
    })),
    {
      record: SETTING_CONFIGURED,
      expr: perNode(promql`${kubelet.settingInfo}{source="configured"}`, 'setting'),
    },
    {
      record: IMAGE_FILESYSTEM_EVICTION,
      expr: promql`
        ${perNode(promql`${bytes}{signal="imagefs.available"}`)}
        or on (${nodeLabels})
        (
          ${perNode(promql`${ratio}{signal="imagefs.available"}`)}
          or on (${nodeLabels})
          0 * ${KUBELET_NODE} + 0.15
          unless on (${nodeLabels})
          (${perNode(promql`${ratio}`)} or ${perNode(promql`${bytes}`)})
        ) * on (${nodeLabels}) ${size}`,
    },
  ];
}
