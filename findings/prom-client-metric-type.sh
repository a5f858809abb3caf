#!/bin/sh
# prom-client 15.1.3 declares an enum `MetricType` that does not exist.
#
# index.d.ts has `export enum MetricType { Counter, Gauge, Histogram, Summary }`, which says that there is a value of
# that name with the numbers 0 to 3. The package exports none, and the `type` of what `getMetricsAsJSON()` gives is a
# text such as "counter". So code that compares the two compiles, and throws when it runs.
#
# Seen, by a program that tsc 7.0.2 accepts with --strict:
#   type: counter
#   TypeError: Cannot read properties of undefined (reading 'Counter')
set -eu
script=$(realpath "$0")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

echo '{ "private": true, "type": "commonjs" }' >package.json
npm install --silent --no-audit --no-fund prom-client@15.1.3 typescript@7.0.2 @types/node@20.19.43
cat >program.ts <<'EOF'
import { Counter, MetricType, Registry } from 'prom-client';

const registry = new Registry();
new Counter({ name: 'requests_total', help: 'Requests.', registers: [registry] });
registry.getMetricsAsJSON().then(([metric]) => {
  console.log(`type: ${metric?.type}`);
  console.log(metric?.type === MetricType.Counter);
}).catch((error) => console.log(String(error)));
EOF

npx tsc --strict --module nodenext --types node program.ts
seen=$(node program.js)
echo "$seen"
expected=$(sed -n '/^# Seen/,/^set /s/^#   //p' "$script")
[ "$seen" = "$expected" ]
