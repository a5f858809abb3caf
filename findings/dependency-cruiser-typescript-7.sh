#!/bin/sh
# dependency-cruiser 17.4.3 beside typescript 7.0.2 reads no TypeScript file, and passes.
#
# It supports typescript >=2 <7 and needs its JavaScript API. TypeScript 7 is a native program without that API, so
# dependency-cruiser skips .ts files. The exit status is 0 whatever the files import, and only the counts in the last
# line show that nothing was checked: a project that moves to TypeScript 7 loses its import rules in silence. With
# typescript 5.9.3 the same command finds the cycle.
#
# Seen:
#   typescript 7.0.2: exit 0  ✔ no dependency violations found (0 modules, 0 dependencies cruised)
#   typescript 5.9.3: exit 1  x 1 dependency violations (1 errors, 0 warnings). 2 modules, 2 dependencies cruised.
set -eu
script=$(realpath "$0")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

mkdir src
echo "import { b } from './b'; export const a = () => b;" >src/a.ts
echo "import { a } from './a'; export const b = () => a;" >src/b.ts
cat >rules.cjs <<'EOF'
module.exports = {
  forbidden: [{ name: 'no-circular', severity: 'error', from: {}, to: { circular: true } }],
};
EOF
echo '{ "private": true }' >package.json

cruise() { # version of typescript
  npm install --silent --no-audit --no-fund --legacy-peer-deps "typescript@$1" dependency-cruiser@17.4.3
  status=0
  npx depcruise --config rules.cjs src >output 2>&1 || status=$?
  echo "typescript $1: exit $status  $(grep 'cruised' output)"
}

seen=$(cruise 7.0.2; cruise 5.9.3)
echo "$seen"
expected=$(sed -n '/^# Seen/,/^set /s/^#   //p' "$script")
[ "$seen" = "$expected" ]
