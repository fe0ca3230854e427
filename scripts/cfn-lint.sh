#!/usr/bin/env bash
# An independent judge: cfn-lint over every synthesized AWS example. Its environment is made in .cache/ on first use.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! command -v python3 >/dev/null || ! python3 -m venv --help >/dev/null 2>&1; then
  echo 'cfn-lint: skipped, because there is no Python 3 with venv here'
  exit 0
fi
venv=.cache/cfn-lint
if [ ! -x "$venv/bin/cfn-lint" ]; then
  echo 'cfn-lint: installing into .cache/cfn-lint'
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check 'cfn-lint==1.58.*'
fi
for app in examples/aws/*/app.ts; do
  out=".cache/examples/$(basename "$(dirname "$app")")"
  rm -rf "$out"
  CDK_OUTDIR="$out" npx tsx "$app"
  # W3005 and W3010 judge what CDK itself writes: DependsOn beside a Ref, and availability zones by name.
  "$venv/bin/cfn-lint" --ignore-checks W3005 W3010 --template "$out"/*.template.json
  echo "cfn-lint: $(dirname "$app") is clean"
done
