import * as reclaim from '../../exporter/node/collectors/reclaim.ts';
import { promql } from '../promql.ts';
import { MEMORY_AVAILABLE, memory, memoryCulprit, SWAP } from '../series/memory.ts';
import { defineSignature } from '../signature.ts';

/** Pages that each node scans a second to free memory, by who does it. */
export const RECLAIM_SCANS = `node_by:${reclaim.scanned.name.replace(/_total$/, '')}:irate2m`;

/** Pages that each node reads again a second, soon after it has thrown them out. */
export const REFAULTS = `node:${reclaim.refaults.name.replace(/_total$/, '')}:irate2m`;

/** Processors that kswapd takes. */
export const KSWAPD_CPU = `node:${reclaim.kswapdTime.name.replace(/_total$/, '')}:irate2m`;

/** 1 for nodes whose memory is nearly out. */
export const MEMORY_OUT = 'node:foreshock_memory_out:info';

/** 1 for nodes that fell silent when their memory was nearly out, as long as they are. */
export const VANISHED = 'node:foreshock_vanished_under_memory_pressure:info';

export const reclaimThrash = defineSignature({
  id: 'reclaim-thrash',
  title: 'Memory is so short that pages are read again as soon as they are thrown out',
  story:
    'Story 002 §5: RAM nearly full, no swap, and MongoDB got a big task: kswapd throws out the page cache, SSH and monitoring ' +
    'are dead, and the OOM killer never comes, as every allocation still succeeds in the end.',
  thresholds: {
    available_ratio: {
      default: 0.05,
      unit: 'ratio',
      help: 'Memory available as a share of all; healthy above 0.1, "near the end" in the story, nothing after the jump.',
    },
    headroom_bytes: {
      default: 2 ** 29,
      unit: 'bytes',
      help: 'Free memory above the low watermark, where nobody says what is available; also healthy nodes come near when the page cache fills memory.',
    },
    reclaim_efficiency: {
      default: 0.5,
      unit: 'ratio',
      help: 'Pages freed of those scanned, where nobody says what is available; 0.9 and more when only read files are thrown out.',
    },
    refaults_per_second: {
      default: 1000,
      unit: 'pages/second',
      help: 'Pages read again soon after they were thrown out; healthy below 100, what the disk gives when it thrashes.',
    },
    kswapd_cores: {
      default: 0.5,
      unit: 'cores',
      help: 'CPU time that kswapd takes; healthy below 0.05, a whole core in the story.',
    },
    direct_scans_per_second: {
      default: 10_000,
      unit: 'pages/second',
      help: 'Pages that tasks scan themselves because kswapd does not keep up; healthy 0.',
    },
  },

  rules({ texts, thresholds, ...expressions }) {
    const { nodeLabels, perNode, perTarget, selectors } = expressions;
    return {
      records: [
        // Twice as early as the alerts, so that the culprit is known when they fire.
        ...memory(expressions, 2 * thresholds.available_ratio),
        // The last two samples: a node that thrashes is scraped once or twice more.
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
          // What it was before it fell silent is soon out of sight: from then on it stands by itself. A node of which
          // anything answers has not vanished.
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
          lead: 'A minute, as long as the exporter still answers: in the story monitoring was dead right after the jump, and the node stayed so.',
          summary: 'A node throws out pages and reads them again at once: it is about to hang.',
          description:
            `${texts.node} is out of memory and hangs: it reads {{ $value | humanize }} pages a second again that it has just thrown out. ` +
            texts.lookup((node) => `${KSWAPD_CPU}{${node}}`, 'kswapd takes {{ .Value | printf "%.1f" }} cores. ') +
            memoryCulprit(texts, '10m') +
            'Next: as root on the node or its console, `echo f > /proc/sysrq-trigger` wakes the OOM killer, which ends a process.',
          dashboard: 'foreshock-node',
          explains: ['memory_short', 'kubelet_slow', 'node_silent', 'disk_slow'],
        },
        {
          name: 'ForeshockMemoryNearWatermark',
          severity: 'warning',
          expr: promql`${MEMORY_AVAILABLE} < ${thresholds.available_ratio}`,
          for: '5m',
          keepFiringFor: '5m',
          lead: 'Minutes to days: nothing is slow yet, but the next jump of a few percent has no memory to go to.',
          summary: 'A node has hardly any memory available.',
          description:
            `Of the memory of ${texts.node} {{ $value | humanizePercentage }} is available. ` +
            texts.lookup(
              (node) => `${SWAP}{${node}} == 0`,
              'It has no swap: at the end it hangs rather than getting slow. ',
            ) +
            memoryCulprit(texts, '10m') +
            'Next: `ps -eo pid,rss,comm --sort=-rss | head` on the node shows who has it.',
          dashboard: 'foreshock-node',
          symptom: 'memory_short',
        },
        {
          name: 'ForeshockNodeVanishedUnderMemoryPressure',
          severity: 'critical',
          expr: VANISHED,
          for: '1m',
          keepFiringFor: '15m',
          lead: 'None: it is lost. It is the cause that the alerts about a silent node lack; its pods are moved away 5 min later.',
          summary: 'A node fell silent when its memory was nearly out.',
          description:
            `${texts.node} does not answer any more, and its memory was nearly out before` +
            texts.lookup(
              (node) => `min_over_time(${MEMORY_AVAILABLE}{${node}}[1h])`,
              ': {{ .Value | humanizePercentage }} available',
            ) +
            `. ${memoryCulprit(texts, '1h')}` +
            'SSH will hang. Next: SysRq-F on its console wakes the OOM killer; if nothing answers, reset it.',
          dashboard: 'foreshock-node',
          explains: ['memory_short', 'kubelet_slow', 'node_silent', 'disk_slow'],
        },
      ],
    };
  },
});
