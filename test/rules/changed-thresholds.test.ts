import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ruleGroups } from '../../rules/pack.ts';
import { packFiles } from '../../rules/render/files.ts';
import { IMAGE_GC_HIGH, IMAGE_GC_LOW, LEASE_DURATION } from '../../rules/series/kubelet-thresholds.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../rules/settings.ts';
import type { Threshold } from '../../rules/signature.ts';
import { signatures } from '../../rules/signatures/index.ts';
import { notationsOf } from './notations.ts';

/** Every number is unlike any default; ratios stay below 1. */
const CHANGED: Settings = {
  ...DEFAULT_SETTINGS,
  node_monitor_grace_seconds: 77,
  thresholds: Object.fromEntries(
    signatures.map(({ id, thresholds }) => [
      id,
      Object.fromEntries(Object.entries(thresholds).map(([name, threshold]) => [name, changed(threshold)])),
    ]),
  ),
};

function changed({ default: value, unit }: Threshold): number {
  return value * (unit === 'ratio' ? 0.73 : 2.37);
}

/** A number that texts must not repeat. */
interface Default {
  readonly name: string;
  readonly value: number;
  readonly unit: Threshold['unit'];
}

/** Settings that all signatures know: of the node controller, and of the kubelet, which texts look up. */
const SHARED: readonly Default[] = [
  { name: 'node_monitor_grace_seconds', value: DEFAULT_SETTINGS.node_monitor_grace_seconds, unit: 'seconds' },
  { name: 'lease duration', value: LEASE_DURATION.documented, unit: 'seconds' },
  { name: 'image GC threshold', value: IMAGE_GC_HIGH.documented, unit: 'ratio' },
  { name: 'lower image GC threshold', value: IMAGE_GC_LOW.documented, unit: 'ratio' },
];

/** The thresholds of a signature; one of a lease in seconds, too. */
function defaultsOf(id: string): Default[] {
  const { thresholds = {} } = signatures.find((signature) => signature.id === id) ?? {};
  return Object.entries(thresholds).flatMap(([name, { default: value, unit }]): Default[] => [
    { name: `${id}.${name}`, value, unit },
    ...(name.endsWith('_per_lease_duration')
      ? [{ name: `${id}.${name} in seconds`, value: value * LEASE_DURATION.documented, unit: 'seconds' } as const]
      : []),
  ]);
}

interface Text {
  /** The signature; none for texts about all. */
  readonly id?: string;
  readonly where: string;
  readonly text: string;
}

/** All that people read. */
function textsOf(settings: Settings): Text[] {
  const files = packFiles(settings);
  return [
    ...ruleGroups(settings).flatMap(({ id, alerts }) =>
      alerts.flatMap(({ name, summary, description, lead }): Text[] => [
        { id, where: `${name} summary`, text: summary },
        { id, where: `${name} description`, text: withoutCode(description) },
        { id, where: `${name} lead`, text: lead },
      ]),
    ),
    ...signatures.flatMap(({ id, title, thresholds }): Text[] => [
      { id, where: `${id} title`, text: title },
      ...Object.entries(thresholds).map(([name, { help }]) => ({
        id,
        where: `${id}.${name}`,
        text: withoutFacts(help),
      })),
    ]),
    { where: 'index.md', text: files.get('index.md')?.split('\n## ')[0] ?? '' },
    ...[...files].flatMap(([path, text]) => (path.startsWith('alertmanager/') ? [{ where: path, text }] : [])),
  ];
}

/** Without queries, templates and commands: a number in them is an argument. */
function withoutCode(description: string): string {
  return description.replaceAll(/printf `[^`]*`|\{\{.*?\}\}/g, '').replaceAll(/`[^`]*`/g, '');
}

/** Without measured values, which no setting changes. */
function withoutFacts(help: string): string {
  return help.replace(/\b(Healthy|Story \d|Reproduced).*$/, '');
}

/** What looks like a default and is another number. */
const COINCIDENCES: Readonly<Record<string, string>> = {
  'ForeshockBlind description': '15 min', // As the next one.
  'ForeshockCollectorFailing description': '15 min', // Its own `for`; exporter.stale_seconds is as long.
};

test('with other thresholds no text states a default', () => {
  const found = textsOf(CHANGED).flatMap(({ id, where, text }) =>
    [...SHARED, ...(id === undefined ? [] : defaultsOf(id))].flatMap(({ name, value, unit }) =>
      (text.match(notationsOf(value, unit)) ?? []).map((notation) => ({ where, notation, name })),
    ),
  );
  assert.deepEqual(
    found.filter(({ where, notation }) => COINCIDENCES[where] !== notation),
    [],
  );
  for (const [where, notation] of Object.entries(COINCIDENCES)) {
    assert.ok(
      found.some((one) => one.where === where && one.notation === notation),
      `no coincidence any more: ${where}`,
    );
  }
});

/** The texts that state settings, with what they say after the change. */
const FOLLOWING: Readonly<Record<string, readonly string[]>> = {
  'ForeshockImageGCImminent description': ['Within 9 h 29 min it reaches'],
  'ForeshockImageGCImminent lead': ['At most 9 h 29 min'],
  'ForeshockImageGCStall description': ['After 77 s without a heartbeat'],
  'ForeshockImageGCStall lead': ['for 43.8 % of the lease duration; after 77 s'],
  'ForeshockDiskPressureImminent lead': ['At most 2 h 22 min'],
  'ForeshockPidsExhausted lead': ['the last 34.3 % are taken: about 3 h 7 min'],
  'ForeshockPidsNearLimit lead': ['took days for 58.4 % of the PIDs takes the last 41.6 %'],
  'ForeshockMemoryStatSlow lead': ['from 237 ms to the 1.2 s'],
  'ForeshockPodStatusLag description': ['ran for more than 1 min'],
  'ForeshockContainerLogStorm lead': ['after 77 s without a heartbeat'],
  'ForeshockContainerLogRateHigh lead': ['at 11.8 MB/s a log grows by 42.7 GB an hour'],
  'ForeshockContainerLogUnbounded lead': ['2.54 GB does no harm'],
  'ForeshockKubeletHeartbeatLate description': ['after 77 s without one'],
  'ForeshockKubeletBlocked lead': ['blocked for 11.9 s', 'after 77 s without one'],
  'ForeshockStatusPatchLate lead': ['takes 47.4 s, and after 77 s'],
  'index.md': ['Unknown after\n77 s without a heartbeat'],
};

test('texts follow the settings', () => {
  const before = new Map(textsOf(DEFAULT_SETTINGS).map(({ where, text }) => [where, text]));
  const following = textsOf(CHANGED).filter(({ where, text }) => before.get(where) !== text);
  assert.deepEqual(following.map(({ where }) => where).sort(), Object.keys(FOLLOWING).sort());
  for (const { where, text } of following)
    for (const part of FOLLOWING[where] ?? [])
      assert.ok(text.includes(part), `${where} does not say "${part}": ${text}`);
});
