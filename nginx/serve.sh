#!/bin/bash
# The first look: builds krea-fcgi, starts it behind an nginx of its own, and stops both at Ctrl-C.
#
# With KREA_API_TOKEN set it talks to Krea, and every picture is paid for; without, to a simulator on this machine.
# KREA_FCGI_PORT is the port of nginx (default 8080).
set -euo pipefail
# A shell that starts this in the background makes it ignore Ctrl-C's signal, and then bash cannot trap it.
case "$(trap -p INT)" in *"''"*) exec env --default-signal=INT bash "$0" ;; esac
cd "$(dirname "$0")/.."
port="${KREA_FCGI_PORT:-8080}"
case "$port" in
    *[!0-9]* | "") echo "KREA_FCGI_PORT is \"$port\" but must be a port number." >&2; exit 1 ;;
esac

command -v swift >/dev/null || { echo "Swift 6.3 is needed: https://www.swift.org/install/linux/" >&2; exit 1; }
nginx/packages.sh nginx libfcgi-dev libsqlite3-dev libcurl4-openssl-dev libssl-dev pkg-config binutils curl

# Everything runs in the background, in a session of its own, and ends with this script: a signal to the script is never kept waiting, and the
# script stops things in order.
processes=()
start() {
    setsid setpriv --pdeathsig TERM "$@" &
    processes+=($!)
}
# shellcheck disable=SC2317 # called by the trap
stop() {
    trap - EXIT
    trap '' INT TERM HUP
    # The web server first, then what it asks, then what that asks.
    for process in $(jobs -p | tac); do
        kill -- "-$process" 2>/dev/null || kill "$process" 2>/dev/null || true
        wait "$process" 2>/dev/null || true
    done
    # What is said of the build comes before the last word.
    if [ -n "$progress" ]; then exec {progress}>&-; fi
    if [ -n "$reader" ]; then wait "$reader" 2>/dev/null || true; fi
    rm -f "$log"
    echo "Stopped."
}
log="$(mktemp)"
# Where the build's output goes while it runs, and what reads it.
progress=""
reader=""
trap stop EXIT
trap 'exit 0' INT TERM HUP

build=(swift build --configuration release --static-swift-stdlib)
# Says how far it is, and all that the compiler says only where it fails.
build_product() {
    local status=0
    exec {progress}> >(tee "$log" | awk -v product="$1" '
        /^Fetching/ && !fetches++ { print "  fetching packages"; fflush() }
        match($0, /^\[[0-9]+\/[0-9]+\]/) {
            split(substr($0, 2, RLENGTH - 2), count, "/")
            if (count[2] < 5 || count[1] < mark * count[2] / 4) next
            mark = int(4 * count[1] / count[2]) + 1
            printf "  %s: %d %%\n", product, 100 * count[1] / count[2]
            fflush()
        }')
    reader=$!
    start "${build[@]}" --product "$1" >&"$progress" 2>&1
    exec {progress}>&-
    progress=""
    wait "${processes[-1]}" || status=$?
    wait "$reader"
    reader=""
    processes=()
    [ "$status" -eq 0 ] || { grep -v '^\[' "$log" >&2; exit 1; }
}
echo "Building (the first time takes some minutes) ..."
build_product krea-fcgi
build_product krea-simulator
binaries="$("${build[@]}" --show-bin-path)"
# For nginx; not before the build, which begins anew when the path is another.
PATH="$PATH:/usr/sbin"

# Root's services run as the web server's user, everybody else's as themselves.
if [ "$(id -u)" -eq 0 ]; then
    data="${XDG_STATE_HOME:-/var/lib}/krea-fcgi-first-look"
    owner=www-data
    unprivileged=(--reuid="$owner" --regid="$owner" --clear-groups)
else
    data="${XDG_STATE_HOME:-$HOME/.local/state}/krea-fcgi-first-look"
    owner="$(id -un)"
    unprivileged=()
fi
# Simulated jobs and their pictures stay apart from paid ones.
if [ -n "${KREA_API_TOKEN:-}${KREA_API_KEY:-}" ]; then kind=""; else kind="simulated-"; fi
mkdir -p "$data/bin" "$data/nginx" "$data/${kind}pictures"
# Copies without debug information, because the service's user may not be able to read this folder.
install --strip -m 755 "$binaries/krea-fcgi" "$binaries/krea-simulator" "$data/bin/"
rm -rf "$data/public" && cp -r public "$data/public" && chmod -R a+rX "$data/public"

for file in krea-fcgi.conf krea-fcgi-upstream.conf; do
    sed -e "s|/usr/share/krea-fcgi/public|$data/public|" -e "s|/run/krea-fcgi/krea-fcgi.sock|$data/krea-fcgi.sock|" \
        -e "s|/var/lib/krea-fcgi/pictures|$data/${kind}pictures|" -e "s|/run/krea-fcgi-cache|$data/nginx/cache|" "nginx/$file" >"$data/nginx/$file"
done
cat >"$data/nginx/nginx.conf" <<END
worker_processes 1;
daemon off;
pid $data/nginx/nginx.pid;
error_log $data/nginx/error.log;
events {}
http {
    include /etc/nginx/mime.types;
    access_log $data/nginx/access.log;
    client_body_temp_path $data/nginx/body;
    fastcgi_temp_path $data/nginx/fastcgi;
    proxy_temp_path $data/nginx/proxy;
    scgi_temp_path $data/nginx/scgi;
    uwsgi_temp_path $data/nginx/uwsgi;
    include $data/nginx/krea-fcgi-upstream.conf;
    server {
        listen 127.0.0.1:$port;
        absolute_redirect off;
        location = / { return 302 /krea/; }
        include $data/nginx/krea-fcgi.conf;
    }
}
END
chown -R "$owner" "$data"

export KREA_FCGI_LISTEN="unix:$data/krea-fcgi.sock"
export KREA_FCGI_STORE="$data/${kind}jobs.sqlite" KREA_FCGI_IMAGES="$data/${kind}pictures"
if [ -z "$kind" ]; then
    pictures="Pictures come from Krea and are paid for."
else
    pictures="KREA_API_TOKEN is not set: pictures come from a simulator and cost nothing."
    export KREA_API_TOKEN=simulator
    : >"$data/simulator.out"
    chown "$owner" "$data/simulator.out"
    start "${unprivileged[@]}" "$data/bin/krea-simulator" --log "$data/simulator.log" >"$data/simulator.out"
    until address="$(sed -n 's/^krea-simulator listening on //p' "$data/simulator.out")" && [ -n "$address" ]; do
        kill -0 "${processes[-1]}" 2>/dev/null || { echo "The simulator did not start." >&2; exit 1; }
        sleep 0.1
    done
    export KREA_API_URL="$address"
fi

start "${unprivileged[@]}" "$data/bin/krea-fcgi" serve 2>>"$data/krea-fcgi.log"
start "${unprivileged[@]}" nginx -e "$data/nginx/error.log" -c "$data/nginx/nginx.conf"
until curl --silent --fail --output /dev/null "http://127.0.0.1:$port/krea/health"; do
    for process in "${processes[@]}"; do
        kill -0 "$process" 2>/dev/null || {
            echo "Something did not start; the last lines of the logs in $data:" >&2
            tail -n 5 "$data/krea-fcgi.log" "$data/nginx/error.log" >&2
            exit 1
        }
    done
    sleep 0.1
done

cat <<END

krea-fcgi is at  http://127.0.0.1:$port/krea/
$pictures

curl -i -H 'Content-Type: application/json' -d '{"prompt": "a lighthouse at dusk"}' http://127.0.0.1:$port/krea/api/jobs

Logs, jobs and pictures are in $data. Ctrl-C stops everything.
END
wait -n "${processes[@]}" || true
echo "Something ended; its last lines are in the logs in $data." >&2
exit 1
