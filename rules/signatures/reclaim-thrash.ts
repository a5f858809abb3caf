import * as reclaim from '../../exporter/node/collectors/reclaim.ts';
import { promql } from '../promql.ts';
import { MEMORY_AVAILABLE, memory, memoryCulprit, SWAP } from '../series/memory.ts';
import { defineSignature } from '../signature.ts';

/** Pages per second that each node scans to free memory, by kswapd or directly. */
export const RECLAIM_SCANS = `node_by:${reclaim.scanned.name.replace(/_total$/, '')}:irate2m`;

/** Pages per second that each node reads again soon after it reclaimed them. */
export const REFAULTS = `node:${reclaim.refaults.name.replace(/_total$/, '')}:irate2m`;

/** CPU cores that kswapd uses. */
export const KSWAPD_CPU = `node:${reclaim.kswapdTime.name.replace(/_total$/, '')}:irate2m`;

/** 1 for nodes whose memory is nearly exhausted. */
export const MEMORY_OUT = 'node:foreshock_memory_out:info';

/** 1 for nodes that stopped answering when their memory was nearly exhausted, until they answer again. */
export const VANISHED = 'node:foreshock_vanished_under_memory_pressure:info';

export const reclaimThrash = defineSignature({
  id: 'reclaim-thrash',
  title: 'Memory is so short that pages are read again as soon as they are reclaimed',
  story:
    'Story 002 §5: RAM was nearly full, there was no swap, and MongoDB got a large task. kswapd reclaimed the page cache, SSH ' +
    'and monitoring hung, and the OOM killer never ran, because every allocation succeeded in the end.',
  thresholds: {
    available_ratio: {
      default: 0.05,
      unit: 'ratio',
      help: 'Available memory as a share of the total. Healthy: above 0.1. Story 002: "near the end", then nothing.',
    },
    headroom_bytes: {
      default: 2 ** 29,
      unit: 'bytes',
      help: 'Free memory above the low watermark, used where available memory is unknown. Healthy nodes come near it too, when the page cache fills memory.',
    },
    reclaim_efficiency: {
      default: 0.5,
      unit: 'ratio',
      help: 'Share of scanned pages that are freed, used where available memory is unknown. Healthy: 0.9 and more, when only files that were read are dropped.',
    },
    refaults_per_second: {
      default: 1000,
      unit: 'pages/second',
      help: 'Pages per second that are read again soon after they were reclaimed (refaults). Healthy: below 100.',
    },
    kswapd_cores: {
      default: 0.5,
      unit: 'cores',
      help: 'CPU cores that kswapd uses. Healthy: below 0.05. Story 002: a whole core.',
    },
    direct_scans_per_second: {
      default: 10_000,
      unit: 'pages/second',
      help: 'Pages per second that processes scan themselves because kswapd does not keep up (direct reclaim). Healthy: 0.',
    },
  },

  rules({ texts, thresholds, ...expressions }) {
    const { nodeLabels, perNode, perTarget, selectors } = expressions;
    return {
      records: [
        // Twice as early as the alerts, so that the culprit is known when they fire.
        ...memory(expressions, 2 * thresholds.available_ratio),
        // The last two samples: a node that thrashes is scraped only once or twice more.
        { record: RECLAIM_SCANS, expr: perNode(promql`irate(${reclaim.scanned}[2m])`, 'by') },
        {
          record: REFAULTS,
          expr: promql`sum by (${nodeLabels}) (${perNode(promql`irate(${reclaim.refaults}[2m])`, 'type')})`,
        },
        { record: KSWAPD_CPU, expr: perNode(promql`irate(${reclaim.kswapdTime}[2m])`) },
        {
          record: MEMORY_OUT,
          expr: promql`
            0 * (
              ${MEMORY_AVAILABLE} < ${thresholds.available_ratio}
              or on (${nodeLabels})
              (
                ${perNode(promql`${reclaim.headroom}`)} < ${thresholds.headroom_bytes}
                and
                sum by (${nodeLabels}) (${perNode(promql`irate(${reclaim.stolen}[2m])`, 'by')})
                / (sum by (${nodeLabels}) (${RECLAIM_SCANS}) > 0)
                < ${thresholds.reclaim_efficiency}
                unless
                ${MEMORY_AVAILABLE}
              )
            ) + 1`,
        },
        {
          record: VANISHED,
          // Samples from before the silence soon leave the window: from then on the series sustains itself. A node with any
          // target that answers has not vanished.
          expr: promql`
            1 + (
              ${perNode(`up{${selectors.foreshock}}`)} == 0
              unless on (${nodeLabels})
              ${perTarget(`up{${selectors.node_exporter}}`)} == 1
              unless on (${nodeLabels})
              ${perTarget(`up{${selectors.kubelet}}`)} == 1
              and on (${nodeLabels})
              (
                max_over_time(${MEMORY_OUT}[5m])
                or
                last_over_time(${VANISHED}[5m])
              )
            )`,
        },
      ],
      alerts: [
        {
          name: 'ForeshockReclaimThrash',
          severity: 'critical',
          expr: promql`
            ${REFAULTS} > ${thresholds.refaults_per_second}
            and on (${nodeLabels})
            ${MEMORY_OUT}
            and on (${nodeLabels})
            (
              ${KSWAPD_CPU} > ${thresholds.kswapd_cores}
              or
              ${RECLAIM_SCANS}{by="direct"} > ${thresholds.direct_scans_per_second}
            )`,
          keepFiringFor: '10m',
          lead: 'About a minute, while the exporter still answers: in the story monitoring hung right after the jump, and the node did not recover.',
          summary: 'A node is thrashing: it reads pages again that it has just reclaimed.',
          description:
            `${texts.node} is out of memory and thrashing: it reads {{ $value | humanize }} pages per second that it has just reclaimed. ` +
            texts.lookup((node) => `${KSWAPD_CPU}{${node}}`, 'kswapd uses {{ .Value | printf "%.1f" }} cores. ') +
            memoryCulprit(texts, '10m') +
            'Next: as root on the node or its console, `echo f > /proc/sysrq-trigger` calls the OOM killer, which kills one process.',
          dashboard: 'foreshock-node',
          explains: ['memory_short', 'kubelet_slow', 'node_silent', 'disk_slow'],
        },
        {
          name: 'ForeshockMemoryNearWatermark',
          severity: 'warning',
          expr: promql`${MEMORY_AVAILABLE} < ${thresholds.available_ratio}`,
          for: '5m',
          keepFiringFor: '5m',
          lead: 'Minutes to days: nothing is slow yet, but there is no memory left for the next peak.',
          summary: 'A node has almost no memory available.',
          description:
            `Only {{ $value | humanizePercentage }} of the memory of ${texts.node} is available. ` +
            texts.lookup((node) => `${SWAP}{${node}} == 0`, 'It has no swap, so it will hang rather than slow down. ') +
            memoryCulprit(texts, '10m') +
            'Next: `ps -eo pid,rss,comm --sort=-rss | head` on the node shows the largest processes.',
          dashboard: 'foreshock-node',
          symptom: 'memory_short',
        },
        {
          name: 'ForeshockNodeVanishedUnderMemoryPressure',
          severity: 'critical',
          expr: VANISHED,
          for: '1m',
          keepFiringFor: '15m',
          lead: 'None: the node is lost. The alert gives the cause, which alerts about a silent node lack.',
          summary: 'A node stopped answering when its memory was nearly exhausted.',
          description:
            `${texts.node} has stopped answering, and its memory was nearly exhausted before` +
            texts.lookup(
              (node) => `min_over_time(${MEMORY_AVAILABLE}{${node}}[1h])`,
              ': {{ .Value | humanizePercentage }} available',
            ) +
            `. ${memoryCulprit(texts, '1h')}` +
            'SSH will hang. Next: SysRq-F on its console calls the OOM killer; if nothing answers, reset the node.',
          dashboard: 'foreshock-node',
          explains: ['memory_short', 'kubelet_slow', 'node_silent', 'disk_slow'],
        },
      ],
    };
  },
});
