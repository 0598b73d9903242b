#!/bin/bash
# Runs every check there is: format, warnings, all tests. Installs what they need.
set -euo pipefail
cd "$(dirname "$0")/.."

nginx/packages.sh nginx libfcgi-dev libsqlite3-dev pkg-config chromium chromium-driver w3m shellcheck python3-jsonschema \
    python3-prometheus-client apache2-bin lighttpd caddy curl openssl fonts-wqy-microhei
Tests/axe.sh

shellcheck nginx/*.sh Tests/*.sh .ci/run
swift format lint --strict --recursive Package.swift Sources Tests
swift build --build-tests

results="$(mktemp --directory)"
trap 'rm -rf "$results"' EXIT
status=0
swift test --skip-build --xunit-output "$results/tests.xml" || status=$?
# Counted from the report: of what is printed, single lines can be lost.
count() { sed -n "s/.*<testsuite .* $1=\"\([0-9]*\)\".*/\1/p" "$results/tests-swift-testing.xml"; }
total="$(count tests)"
failed="$(($(count failures) + $(count errors)))"
echo "$((total - failed - $(count skipped))) passed, $failed failed"
[ "$total" -gt 0 ] || { echo "No test was run." >&2; exit 1; }
exit "$status"
