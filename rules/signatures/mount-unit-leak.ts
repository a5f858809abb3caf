import * as systemd from '../../exporter/node/collectors/systemd-mounts.ts';
import { duration } from '../format.ts';
import { command, ofAlert, shown } from '../labels.ts';
import { promql } from '../promql.ts';
import { defineSignature } from '../signature.ts';

/** Mount units of the kubelet for pods that no longer exist. */
export const ORPHANED_UNITS = `node:${systemd.orphaned.name}:max`;

/** Transient systemd units by type. */
export const TRANSIENT_UNITS = `node_type:${systemd.transient.name}:max`;

/** Mounts of each node. */
export const MOUNTS = `node:${systemd.mounts.name}:max`;

/** Resident memory of each kubelet in bytes. */
export const KUBELET_MEMORY = 'node:kubelet_resident_memory_bytes:max';

/** Growth must show in each of two such periods in a row: a rollout is over by then. */
const GROWTH_PERIOD = '3h';
const TWO_PERIODS = '6h';

export const mountUnitLeak = defineSignature({
  id: 'mount-unit-leak',
  title: 'systemd keeps the mount units of deleted pods',
  story:
    'Story 002 §3: on Ubuntu 16.04 (systemd 229) the transient units in which the kubelet had mounted subPaths of ' +
    'ConfigMaps and Secrets were never removed, and the memory of the kubelet grew with them.',
  thresholds: {
    orphaned_units: {
      default: 100,
      unit: 'count',
      help: 'Mount units of pods that no longer exist. Healthy: none. Story 002: "a huge amount", 100,000 on others with the same bug.',
    },
    transient_units: {
      default: 1000,
      unit: 'count',
      help: 'Transient units of one type. Healthy: about 30 on a node with 30 containers, below 1000 with 250 pods.',
    },
    mounts: {
      default: 5000,
      unit: 'count',
      help: 'Mounts in the mount table of the host. Healthy: about ten per pod, 300 on a node with 30 containers.',
    },
    growth_in_3_hours: {
      default: 50,
      unit: 'count',
      help: `Growth of units or mounts within ${duration(GROWTH_PERIOD)}, in two such periods in a row; a rollout is over by then.`,
    },
  },

  rules({ perNode, perTarget, selectors, texts, thresholds }) {
    const grow = (record: string) => promql`
      ${record} - ${record} offset ${GROWTH_PERIOD} > ${thresholds.growth_in_3_hours}
      and
      ${record} offset ${GROWTH_PERIOD} - ${record} offset ${TWO_PERIODS} > ${thresholds.growth_in_3_hours}`;
    const kubelet = texts.lookup(
      (node) => `${KUBELET_MEMORY}{${node}}`,
      'The kubelet uses {{ .Value | humanize1024 }}B of memory. ',
    );
    const type = ofAlert('type');
    return {
      records: [
        { record: ORPHANED_UNITS, expr: perNode(promql`${systemd.orphaned}`) },
        { record: TRANSIENT_UNITS, expr: perNode(promql`${systemd.transient}`, 'type') },
        { record: MOUNTS, expr: perNode(promql`${systemd.mounts}`) },
        { record: KUBELET_MEMORY, expr: perTarget(`process_resident_memory_bytes{${selectors.kubelet}}`) },
      ],
      alerts: [
        {
          name: 'ForeshockOrphanedSubpathUnits',
          severity: 'warning',
          expr: promql`${ORPHANED_UNITS} > ${thresholds.orphaned_units}`,
          for: '1h',
          lead: 'Weeks: each pod that ends leaves a few units, and it takes tens of thousands to slow down systemd and the kubelet.',
          summary: 'systemd keeps mount units of pods that no longer exist.',
          description:
            `systemd on ${texts.node} keeps {{ $value }} mount units of pods that no longer exist. ${kubelet}` +
            "Next: `systemctl list-units --all --full --no-legend | grep 'Kubernetes transient mount'` on the node lists the units; " +
            'stop only those of pods that no longer exist.',
          dashboard: 'foreshock-node',
          explains: ['kubelet_busy', 'mounts_grow'],
        },
        {
          name: 'ForeshockSystemdUnitsGrow',
          severity: 'warning',
          expr: promql`
            ${TRANSIENT_UNITS} > ${thresholds.transient_units}
            and
            ${grow(TRANSIENT_UNITS)}`,
          for: '1h',
          lead: 'Weeks, as for ForeshockOrphanedSubpathUnits; it also covers units that do not belong to pods.',
          summary: 'The number of transient systemd units keeps growing.',
          description:
            `systemd on ${texts.node} has {{ $value }} transient units of type ${shown(type)}, and their number has grown for ${duration(TWO_PERIODS)}. ${kubelet}` +
            `Next: ${command`systemctl list-units --all --full --no-legend '*.${type}' | tail -n 20`} on the node lists some of them.`,
          dashboard: 'foreshock-node',
          symptom: 'mounts_grow',
        },
        {
          name: 'ForeshockMountTableGrowing',
          severity: 'warning',
          expr: promql`
            ${MOUNTS} > ${thresholds.mounts}
            and
            ${grow(MOUNTS)}`,
          for: '1h',
          lead: 'Days: the kernel refuses mounts beyond fs.mount-max (100,000 by default), and every reader of the mount table slows down before.',
          summary: 'The mount table of a node keeps growing.',
          description:
            `${texts.node} has {{ $value }} mounts, and their number has grown for ${duration(TWO_PERIODS)}. ${kubelet}` +
            'Next: `findmnt -rno TARGET | cut -d/ -f1-5 | sort | uniq -c | sort -rn | head` on the node counts them by directory.',
          dashboard: 'foreshock-node',
          symptom: 'mounts_grow',
        },
      ],
    };
  },
});
