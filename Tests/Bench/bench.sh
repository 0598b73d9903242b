#!/bin/bash
# Measures krea-fcgi beside what else one would put behind an nginx, all through the same nginx on this machine, and prints a table for
# the README. At most 15 minutes once everything is built; nobody else should use the machine meanwhile.
#
# usage: Tests/Bench/bench.sh [--quick] [--only PART,...] [--json PATH]
#   --quick   one short round, to see whether everything works
#   --only    of the parts polls, submissions, old, start, dispatch; and of two that are left out otherwise: held, which needs 20,000 descriptors
#             a process for 10,000 watchers, and hour, which takes an hour
#   --json    where the figures go (.build/bench.json)
set -euo pipefail
cd "$(dirname "$0")/../.."

nginx/packages.sh nginx wrk gcc libc6-dev libfcgi-dev libsqlite3-dev libcurl4-openssl-dev libssl-dev pkg-config sqlite3 php-fpm php-sqlite3 \
    golang-go golang-github-mattn-go-sqlite3-dev python3 python3-uvicorn python3-uvloop python3-httptools
PATH="$PATH:/usr/sbin"

parts="$(mktemp --directory)"
trap 'rm -rf "$parts"' EXIT
cc -O2 -o "$parts/hello" Tests/Bench/hello.c -lfcgi -lpthread
cc -O2 -o "$parts/hold" Tests/Bench/hold.c
cc -O2 -o "$parts/commits" Tests/Bench/commits.c -lsqlite3
GO111MODULE=off GOPATH=/usr/share/gocode go build -tags libsqlite3 -o "$parts/row" Tests/Bench/row.go

swift build --configuration release --static-swift-stdlib --quiet --package-path Tests/Bench/hummingbird-fixed --scratch-path .build/hummingbird
cp .build/hummingbird/release/fixed "$parts/hummingbird"

build=(swift build --configuration release --static-swift-stdlib --quiet)
"${build[@]}" --product krea-fcgi
"${build[@]}" --product krea-simulator
exec_path="$("${build[@]}" --show-bin-path)"
# Debian's, for which the packages are.
/usr/bin/python3 -B Tests/Bench/bench.py --programs "$parts" --krea "$exec_path" "$@"
