import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseKubernetesYaml } from '../../../exporter/formats/kubernetes-yaml.ts';
import { parsesOrThrows } from '../../any-json.ts';
import { anyTextWith } from '../../any-text.ts';
import { FIXTURES } from '../../paths.ts';
import { missing } from '../../programs.ts';
import { temporaryDirectory } from '../node/host/temporary-host.ts';

/** What kubectl 1.32.3 and a kubelet 1.36.2 make of texts, as JSON. */
const TABLE: [text: string, value: unknown][] = JSON.parse(
  readFileSync(join(FIXTURES, 'kubernetes-yaml.json'), 'utf8'),
);

for (const [text, value] of TABLE) {
  test(`as Kubernetes reads it: ${JSON.stringify(text)}`, () => assert.deepEqual(parseKubernetesYaml(text), value));
}

test('kubectl reads the table so', { skip: missing(['kubectl']) }, (t) => {
  const extensions = TABLE.map(
    ([text], index) => `- name: x${index}\n  extension:\n${text.replaceAll(/^/gm, '    ')}\n`,
  );
  const file = join(temporaryDirectory(t), 'kubeconfig');
  writeFileSync(file, `apiVersion: v1\nkind: Config\nextensions:\n${extensions.join('')}`);
  const args = ['config', 'view', `--kubeconfig=${file}`, '--raw', '-o', 'json'];
  const read: { extensions: { name: string; extension: unknown }[] } = JSON.parse(
    execFileSync('kubectl', args, { encoding: 'utf8' }),
  );
  const values = new Map(read.extensions.map(({ name, extension }) => [name, extension]));
  for (const [index, [text, value]] of TABLE.entries()) assert.deepEqual(values.get(`x${index}`), value, text);
});

test('the first of several documents counts, whatever comes behind it', () => {
  for (const text of [
    'a: 1\n---\n',
    'a: 1\n--- # nothing\n',
    'a: 1\n---\n{',
    '---\na: 1\n---\nb: 2\n',
    '--- {a: 1}\n---\nb: 2\n',
    '# comment\n\n---\r\na: 1\r\n---\r\nb: 2\r\n',
    '%YAML 1.1\n---\na: 1\n...\n%x',
    '\uFEFF---\na: 1\n---\n',
    '{\n\t"a": 1\n}\n',
  ]) {
    assert.deepEqual(parseKubernetesYaml(text), { a: 1 }, text);
  }
  assert.deepEqual(parseKubernetesYaml('a: |\n  x\n  ---\n  y\n'), { a: 'x\n---\ny\n' });
  assert.equal(parseKubernetesYaml('---\n---\na: 1\n'), null);
  assert.equal(parseKubernetesYaml('# nothing\n'), undefined);
});

test('what Kubernetes refuses is an error with the line', () => {
  const cases: [text: string, error: RegExp][] = [
    ['a: b: c', /\(line 1\)$/],
    ['a: 1\nb: *x', /^Error: unidentified alias \(line 2\)$/],
    ['a: &x [*x]', /^Error: recursive alias \(line 1\)$/],
    ['a: @b', /\(line 1\)$/],
    ['a:\n\t- b', /\(line 2\)$/],
  ];
  for (const [text, error] of cases) assert.throws(() => parseKubernetesYaml(text), error, text);
});

test('no error has anything of the text, and any text is read or refused', () => {
  const secret = 'c0de';
  const pieces = [
    secret,
    `&${secret} `,
    `*${secret}`,
    `!<${secret}> `,
    '"',
    ': ',
    '- ',
    '{',
    '}',
    '\n',
    '<<: ',
    '---\n',
    '  ',
  ];
  fc.assert(
    fc.property(anyTextWith(...pieces), (text) => {
      parsesOrThrows(
        text,
        (text) => {
          try {
            return parseKubernetesYaml(text);
          } catch (error) {
            assert.ok(!String(error).includes(secret.slice(0, 3)), String(error));
            throw error;
          }
        },
        () => {},
      );
    }),
  );
});
