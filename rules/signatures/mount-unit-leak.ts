import * as systemd from '../../exporter/node/collectors/systemd-mounts.ts';
import { promql } from '../promql.ts';
import { defineSignature } from '../signature.ts';

/** Units that the kubelet made to mount something for a pod that is gone. */
export const ORPHANED_UNITS = `node:${systemd.orphaned.name}:max`;

/** Transient units of systemd by type. */
export const TRANSIENT_UNITS = `node_type:${systemd.transient.name}:max`;

/** Mounts of each node. */
export const MOUNTS = `node:${systemd.mounts.name}:max`;

/** Bytes of memory that each kubelet has. */
export const KUBELET_MEMORY = 'node:kubelet_resident_memory_bytes:max';

export const mountUnitLeak = defineSignature({
  id: 'mount-unit-leak',
  title: 'Mount units of pods that are gone stay in systemd',
  story:
    'Story 002 §3: on Ubuntu 16.04 (systemd 229) the transient units in which the kubelet had mounted subPaths of ' +
    'ConfigMaps and Secrets stayed for ever, and the memory of the kubelet grew with them.',
  thresholds: {
    orphaned_units: {
      default: 100,
      unit: 'count',
      help: 'Units of mounts of pods that are gone; healthy are none. The story had "a huge amount", others with its bug 100,000.',
    },
    transient_units: {
      default: 1000,
      unit: 'count',
      help: 'Transient units of one type; a node of 30 containers has some 30 of each, and one of 250 pods below 1000.',
    },
    mounts: {
      default: 5000,
      unit: 'count',
      help: 'Mounts of the host; some ten for each pod, 300 on a node of 30 containers.',
    },
    growth_in_3_hours: {
      default: 50,
      unit: 'count',
      help: 'By how many they must have grown in the last three hours, and in the three before: a rollout is over by then.',
    },
  },

  rules({ perNode, perTarget, selectors, texts, thresholds }) {
    const grow = (record: string) => promql`
      ${record} - ${record} offset 3h > ${thresholds.growth_in_3_hours}
      and
      ${record} offset 3h - ${record} offset 6h > ${thresholds.growth_in_3_hours}`;
    const kubelet = texts.lookup(
      (node) => `${KUBELET_MEMORY}{${node}}`,
      'The kubelet has {{ .Value | humanize1024 }}B of memory. ',
    );
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
          lead: 'Weeks: a few for each pod that ends, and it takes tens of thousands to slow systemd and the kubelet down.',
          summary: 'systemd keeps the mount units of pods that are gone.',
          description:
            `systemd on ${texts.node} keeps {{ $value }} units in which the kubelet mounted something for pods that are gone. ${kubelet}` +
            "Next: `systemctl list-units --all --full --no-legend | grep 'Kubernetes transient mount'` on the node lists them; " +
            'stop only those of pods that are gone.',
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
          lead: 'Weeks, as of ForeshockOrphanedSubpathUnits; it also sees units that are not of pods.',
          summary: 'The transient units of systemd become more and more.',
          description:
            `systemd on ${texts.node} has {{ $value }} transient units of type {{ $labels.type }}, and they have grown for six hours. ${kubelet}` +
            "Next: `systemctl list-units --all --full --no-legend '*.{{ $labels.type }}' | tail -n 20` on the node shows what they are for.",
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
          lead: 'Days: the kernel refuses mounts at 100,000 (fs.mount-max); before that, whatever reads the table becomes slow.',
          summary: 'The mount table of a node grows and grows.',
          description:
            `${texts.node} has {{ $value }} mounts, and they have grown for six hours. ${kubelet}` +
            'Next: `findmnt -rno TARGET | cut -d/ -f1-5 | sort | uniq -c | sort -rn | head` on the node shows where.',
          dashboard: 'foreshock-node',
          symptom: 'mounts_grow',
        },
      ],
    };
  },
});
