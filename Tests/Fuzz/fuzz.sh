#!/bin/bash
# Sends made-up input to the service until something is wrong: Tests/Fuzz/fuzz.sh [SECONDS [web|krea|records]], by default 60 s for each.
#
# A finding ends it with an error; its input is kept as .build-fuzz/finding-* and tried again with .build-fuzz/release/fuzzer web|krea|records FILE.
set -euo pipefail
cd "$(dirname "$0")/../.."

seconds="${1:-60}"
nginx/packages.sh libfcgi-dev libsqlite3-dev pkg-config
library="$(echo "$(dirname "$(command -v swift)")"/../lib/clang/*/lib/linux/libclang_rt.fuzzer_no_main-"$(uname -m)".a)"
[ -f "$library" ] || { echo "This Swift has no libFuzzer: $library is not there." >&2; exit 1; }
# A folder of its own: everything is built with what tells libFuzzer where an input leads.
KREA_FCGI_FUZZ="$(realpath "$library")" swift build -c release --scratch-path .build-fuzz --product fuzzer

# A backtrace is made of the input's path, and without a terminal it would wait.
export SWIFT_BACKTRACE=enable=no
for fuzzer in ${2:-web krea records}; do
    found=".build-fuzz/corpus-$fuzzer"
    mkdir -p "$found"
    echo "$fuzzer: $seconds s with $(find "Tests/Fuzz/Inputs/$fuzzer" -type f | wc -l) kept inputs and $(find "$found" -type f | wc -l) of earlier runs"
    log=".build-fuzz/$fuzzer.log"
    # libFuzzer's clock is a signal, which would interrupt reading from sockets; there the client has a limit of its own.
    limit=0
    [ "$fuzzer" = records ] || limit=30
    .build-fuzz/release/fuzzer "$fuzzer" "$found" "Tests/Fuzz/Inputs/$fuzzer" -dict="Tests/Fuzz/Inputs/$fuzzer.dict" -seed=1 -max_total_time="$seconds" \
        -timeout="$limit" -rss_limit_mb=4096 -max_len=4096 -print_final_stats=1 -artifact_prefix=.build-fuzz/finding- >"$log" 2>&1 || {
        tail -40 "$log"
        exit 1
    }
    echo "$fuzzer: $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") inputs, $(grep -o 'cov: [0-9]*' "$log" | tail -1) edges, nothing found"
done
