#!/bin/bash
# Runs every check there is: format, warnings, all tests. Installs what they need.
set -euo pipefail
cd "$(dirname "$0")/.."

nginx/packages.sh nginx libfcgi-dev libsqlite3-dev pkg-config chromium shellcheck

shellcheck nginx/*.sh Tests/*.sh .ci/run
swift format lint --strict --recursive Package.swift Sources Tests
swift build --build-tests

output="$(mktemp)"
trap 'rm -f "$output"' EXIT
status=0
swift test --skip-build 2>&1 | tee "$output" || status=$?
# The runner's own summary says "Test run with".
tests="$(grep -v 'Test run with' "$output" || true)"
passed="$(grep -c '^✔ Test .* passed after' <<<"$tests" || true)"
failed="$(grep -c '^✘ Test .* failed after' <<<"$tests" || true)"
echo "$passed passed, $failed failed"
[ "$passed" -gt 0 ] || { echo "No test was run." >&2; exit 1; }
exit "$status"
