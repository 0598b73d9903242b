#!/bin/bash
# Runs every check there is: format, warnings, all tests. Installs what they need.
set -euo pipefail
cd "$(dirname "$0")/.."

nginx/packages.sh nginx libfcgi-dev libsqlite3-dev libcurl4-openssl-dev libssl-dev pkg-config chromium chromium-driver w3m shellcheck python3-jsonschema \
    python3-prometheus-client apache2-bin lighttpd caddy curl openssl fonts-wqy-microhei \
    spawn-fcgi multiwatch util-linux e2fsprogs
Tests/Tools/axe.sh
Tests/Tools/schemathesis.sh

shellcheck nginx/*.sh nginx/*/*.sh Tests/*.sh Tests/*/*.sh .ci/run
swift format lint --strict --recursive Package.swift Sources Tests
swift build --build-tests

results="$(mktemp --directory)"
trap 'rm -rf "$results"' EXIT
status=0
passed=0
failed=0
# Counted from the report: of what is printed, single lines can be lost.
count() { sed -n "s/.*<testsuite .* $1=\"\([0-9]*\)\".*/\1/p" "$results/tests-swift-testing.xml"; }
run_tests() {
    rm -f "$results/tests-swift-testing.xml"
    swift test --skip-build --xunit-output "$results/tests.xml" "$@" || status=$?
    failed=$((failed + $(count failures) + $(count errors)))
    passed=$((passed + $(count tests) - $(count failures) - $(count errors) - $(count skipped)))
}
# In turn: those that need the processor, those with sockets in this process, real programs, and the browser, which takes a whole machine.
sockets='FastCGITests|HTTPClientTests|KreaAPITests|PicturesTests|SimulatorTests|StatusTests|WebhooksTests'
run_tests --skip "$sockets|EndToEndTests"
run_tests --filter "$sockets"
run_tests --filter EndToEndTests --skip 'BrowserTests|SchemathesisTests'
run_tests --filter SchemathesisTests
run_tests --filter BrowserTests
Tests/Tools/package.sh || { status=1; failed=$((failed + 1)); }
echo "$passed passed, $failed failed"
[ "$passed" -gt 0 ] || { echo "No test was run." >&2; exit 1; }
exit "$status"
