import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type Family,
  families,
  join,
  limitedFamilies,
  print,
  render,
} from '../../../exporter/exposition/exposition.ts';
import { counter, gauge, histogram, sample } from '../../../exporter/exposition/metric.ts';
import { anyCharacter } from '../../any-text.ts';
import { parseExposition } from '../../exposition-text.ts';

const temperature = gauge('temperature', 'How warm it is.', ['room', 'floor']);
const hits = counter('hits_total', 'How often.', ['room']);
const duration = histogram('duration_seconds', 'How long.', [0.5, 1], ['room']);

test('both formats, metrics in their order and without samples too', async () => {
  const distribution = { counts: [2, 0, 1], sum: 3.5 };
  const { text, openMetrics } = await printed(
    families(
      [temperature, hits, duration, gauge('empty', 'Nothing.')],
      [
        sample(duration, distribution, { room: 'a' }),
        sample(hits, 3, { room: 'a' }),
        sample(hits, 4, { room: '' }),
        sample(temperature, 21.5, { room: 'a', floor: '1' }),
      ],
    ),
  );
  const histogram = `duration_seconds_bucket{room="a",le="0.5"} 2
duration_seconds_bucket{room="a",le="1"} 2
duration_seconds_bucket{room="a",le="+Inf"} 3
duration_seconds_sum{room="a"} 3.5
duration_seconds_count{room="a"} 3
`;
  assert.equal(
    text,
    `# HELP temperature How warm it is.
# TYPE temperature gauge
temperature{room="a",floor="1"} 21.5
# HELP hits_total How often.
# TYPE hits_total counter
hits_total{room="a"} 3
hits_total{room=""} 4
# HELP duration_seconds How long.
# TYPE duration_seconds histogram
${histogram}# HELP empty Nothing.
# TYPE empty gauge
`,
  );
  assert.equal(
    openMetrics,
    `# HELP temperature How warm it is.
# TYPE temperature gauge
temperature{room="a",floor="1"} 21.5
# HELP hits How often.
# TYPE hits counter
hits_total{room="a"} 3
hits_total{room=""} 4
# HELP duration_seconds How long.
# TYPE duration_seconds histogram
${histogram}# HELP empty Nothing.
# TYPE empty gauge
# EOF
`,
  );
});

test('values that are no finite numbers', async () => {
  const metric = gauge('g', 'Help.', ['a']);
  const values = [Infinity, -Infinity, NaN, 0, 1e21, 4294967296.5];
  const samples = values.map((value, index) => sample(metric, value, { a: String(index) }));
  const { text } = await printed(families([metric], samples));
  const lines = text.split('\n').filter((line) => line.startsWith('g{'));
  const written = lines.map((line) => line.split(' ')[1]?.toLowerCase());
  assert.deepEqual(written, ['+inf', '-inf', 'nan', '0', '1e+21', '4294967296.5']);
});

test('any label value is read back', async () => {
  const text = fc.string({
    unit: fc.oneof(anyCharacter, fc.constantFrom('\n', '"', '\\', '}', ',', ' ', '\r')),
  });
  await fc.assert(
    fc.asyncProperty(text, text, async (room, floor) => {
      const rendered = await printed(families([temperature], [sample(temperature, 1, { room, floor })]));
      for (const exposition of [rendered.text, rendered.openMetrics]) {
        assert.deepEqual(parseExposition(exposition), [{ name: 'temperature', labels: { room, floor }, value: 1 }]);
      }
    }),
  );
});

test('a help of several lines stays one', async () => {
  const { text } = await printed(families([gauge('g', 'One.\nTwo \\ three.')], []));
  assert.equal(text, '# HELP g One.\\nTwo \\\\ three.\n# TYPE g gauge\n');
});

test('a sample that its collector did not declare so is an error', () => {
  const other = gauge('other', 'Help.');
  assert.throws(() => families([temperature], [sample(other, 1, {})]), /other is not declared by its collector/);
  const missing = { metric: temperature, value: 1, labels: { room: 'a' } };
  assert.throws(() => families([temperature], [missing]), /temperature has the labels room,floor, not room/);
  const wrong = { metric: temperature, value: 1, labels: { room: 'a', roof: 'b' } };
  assert.throws(() => families([temperature], [wrong]), /not room,roof/);
});

test('blocks of several roles: a metric appears once, whatever the labels hold', () => {
  const hostile = '\r# HELP temperature x\u2028# TYPE hits_total y\u2029# EOF\n# HELP hits_total z\0';
  const roles = ['one', hostile].map((room) => [
    sample(temperature, 1, { room, floor: hostile }),
    sample(hits, 2, { room }),
  ]);
  for (const format of ['text', 'openMetrics'] as const) {
    const blocks = roles.flatMap((samples) => print(families([temperature, hits], samples), format));
    const text = String(join(blocks, format));
    assert.deepEqual(
      parseExposition(text),
      [temperature, hits].flatMap(({ name }) => {
        const ofMetric = roles.flat().filter(({ metric }) => metric.name === name);
        return ofMetric.map(({ labels, value }) => ({ name, labels, value }));
      }),
    );
    assert.equal(text.split('\n').filter((line) => line.startsWith('# HELP')).length, 2);
    assert.equal(text.endsWith('# EOF\n'), format === 'openMetrics');
  }
});

test('series beyond the limit of a metric are left out and counted', () => {
  const samples = [...Array(5).keys()].map((room) => sample(hits, room, { room: String(room) }));
  const limited = limitedFamilies([hits], [...samples, sample(hits, 1, { room: '5' })], 5);
  assert.deepEqual(
    limited.families[0]?.values,
    samples.map(({ labels, value }) => ({ labels, value })),
  );
  assert.deepEqual([limited.droppedSeries, limited.truncatedValues], [1, 0]);
  assert.deepEqual(limitedFamilies([hits], samples, 5).droppedSeries, 0);
});

test('values that are cut are counted, and never make a series twice', async () => {
  const long = 'a'.repeat(1_000_000);
  const rooms = [`${long}1`, `${long}2`, 'short'];
  const cut = limitedFamilies(
    [hits],
    rooms.map((room, index) => sample(hits, index, { room })),
  );
  assert.deepEqual([cut.truncatedValues, cut.droppedSeries], [2, 0]);
  const { text } = await printed(cut.families);
  assert.ok(text.length < 1000);
  const [first = '', second = ''] = parseExposition(text).map(({ labels }) => labels.room ?? '');
  assert.notEqual(first, second);

  const forged = limitedFamilies([hits], [...[first, ...rooms].map((room, index) => sample(hits, index, { room }))]);
  const shown = parseExposition((await printed(forged.families)).text).map(({ labels, value }) => [labels.room, value]);
  assert.deepEqual(shown, [
    [first, 0],
    [second, 2],
    ['short', 3],
  ]);
  assert.equal(forged.droppedSeries, 1, 'a name that looks like the cut one');

  const halves = ['\ud800', '\ud801'].map((room) => sample(hits, 1, { room }));
  assert.deepEqual(limitedFamilies([hits], halves).droppedSeries, 1, 'both are U+FFFD in UTF-8');
});

async function printed(values: readonly Family[]): Promise<{ text: string; openMetrics: string }> {
  const { text, openMetrics } = render(values);
  return { text: String(join(text, 'text')), openMetrics: String(join(openMetrics, 'openMetrics')) };
}
