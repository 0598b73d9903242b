#!/bin/bash
# Brings axe-core, with which the tests check the pages' accessibility, to .build/axe/axe.min.js. It is taken from a package that carries it.
set -euo pipefail
cd "$(dirname "$0")/../.."

package="axe-playwright-python==0.1.8 --hash=sha256:fdd263c998388f1a8e67cad02677e612d946248bd44d163be5e8650ea31f95f8"
target=.build/axe
[ "$(cat "$target/package" 2>/dev/null)" = "$package" ] && exit 0

python3 -m pip --version >/dev/null 2>&1 || nginx/packages.sh python3-pip
download="$(mktemp --directory)"
trap 'rm -rf "$download"' EXIT
echo "$package" >"$download/requirements"
python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: --require-hashes --dest "$download" \
    --requirement "$download/requirements"
python3 -m zipfile --extract "$download"/*.whl "$download"
mkdir -p "$target"
cp "$download/axe_playwright_python/axe.min.js" "$target/"
echo "$package" >"$target/package"
