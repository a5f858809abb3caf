#!/bin/sh
# Biome 2.6.8: `noRestrictedImports` and `noImportCycles` do not see an import that is written as a type, and
# `noRestrictedImports` does not see one whose path stands in a template.
#
# To TypeScript `import('./b.ts').B` is the same as `import type { B } from './b.ts'`, which both rules do see
# (`noImportCycles` with `ignoreTypes: false`), and import(`./b.ts`) is the same as import('./b.ts'). These rules do not
# keep the layers of a tree apart where a file uses the other spelling.
#
# Seen (the files with a 1 are refused; those with a 2, which import the same, are not):
#   lint/style/noRestrictedImports dynamic1.ts
#   lint/style/noRestrictedImports type1.ts
#   lint/suspicious/noImportCycles cycle1a.ts
#   lint/suspicious/noImportCycles cycle1b.ts
set -eu
script=$(realpath "$0")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

echo '{ "private": true }' >package.json
npm install --silent --no-audit --no-fund @biomejs/biome@2.6.8
cat >biome.json <<'EOF'
{
  "linter": {
    "rules": {
      "preset": "none",
      "suspicious": { "noImportCycles": { "level": "error", "options": { "ignoreTypes": false } } },
      "style": {
        "noRestrictedImports": { "level": "error", "options": { "patterns": [{ "group": ["**/below/**"] }] } }
      }
    }
  }
}
EOF
mkdir below
echo 'export interface B { readonly name: string }' >below/b.ts
echo "export type { B } from './below/b.ts';" >type1.ts
echo "export type B = import('./below/b.ts').B;" >type2.ts
echo "export const load = () => import('./below/b.ts');" >dynamic1.ts
echo 'export const load = () => import(`./below/b.ts`);' >dynamic2.ts
echo "import type { B } from './cycle1b.ts'; export interface A { readonly b: B }" >cycle1a.ts
echo "import type { A } from './cycle1a.ts'; export interface B { readonly a: A }" >cycle1b.ts
echo "export interface A { readonly b: import('./cycle2b.ts').B }" >cycle2a.ts
echo "export interface B { readonly a: import('./cycle2a.ts').A }" >cycle2b.ts

npx biome lint --max-diagnostics=none --reporter=github . >output 2>&1 || true
seen=$(sed -nE "s|^::error title=([^,]*),file=.*/([^,/]*),line=.*|\1 \2|p" output | sort)
echo "$seen"
expected=$(sed -n '/^# Seen/,/^set /s/^#   //p' "$script")
[ "$seen" = "$expected" ]
