#!/bin/bash
# Builds the Debian package and lives with it on this machine: installs it, makes a picture behind nginx, upgrades it, removes it.
# Needs root (or sudo), and ends with nothing of it left. The simulator has to be built before (swift build).
set -euo pipefail
cd "$(dirname "$0")/../.."
PATH="$PATH:/usr/sbin:/sbin"

if dpkg-query --show krea-fcgi >/dev/null 2>&1; then
    echo "krea-fcgi is installed on this machine, and the test would remove it with all its jobs." >&2
    exit 1
fi
as_root=()
[ "$(id -u)" -eq 0 ] || as_root=(sudo)

work="$(mktemp --directory)"
processes=()
# shellcheck disable=SC2317 # called by the trap
stop() {
    for ((index = ${#processes[@]} - 1; index >= 0; index--)); do "${as_root[@]}" kill "${processes[index]}" 2>/dev/null || true; done
    wait
    processes=()
}
# shellcheck disable=SC2317 # called by the trap
clean() {
    stop
    "${as_root[@]}" dpkg --purge krea-fcgi >/dev/null 2>&1 || true
    "${as_root[@]}" rm -rf "$work" /run/krea-fcgi
}
trap clean EXIT
fail() { echo "package: $1" >&2; exit 1; }

nginx/debian/package.sh "$work/first"
binary="$(swift build --configuration release --static-swift-stdlib --show-bin-path)/krea-fcgi"
KREA_FCGI_BINARY="$binary" KREA_FCGI_PACKAGE_VERSION="$("$binary" --version | cut -d ' ' -f 2)+next" nginx/debian/package.sh "$work/next" >/dev/null

"${as_root[@]}" dpkg --install "$work"/first/*.deb >/dev/null
/usr/bin/krea-fcgi --version >/dev/null || fail "the program does not start"
for page in 1 5; do zgrep -q '^\.SH NAME' "/usr/share/man/man$page/krea-fcgi.$page.gz" || fail "krea-fcgi($page) is missing"; done
for file in /etc/krea-fcgi/krea-fcgi.conf /etc/nginx/snippets/krea-fcgi.conf /lib/systemd/system/krea-fcgi.socket \
    /lib/systemd/system/krea-fcgi.service /usr/share/krea-fcgi/public/style.css; do
    [ -f "$file" ] || fail "$file is missing"
done
grep -rq krea /etc/nginx/conf.d /etc/nginx/sites-enabled /etc/nginx/nginx.conf 2>/dev/null && fail "nginx's own configuration was touched"

# A picture, behind nginx with the snippets as they were installed.
port=$((20000 + $$ % 10000))
cat >"$work/nginx.conf" <<END
daemon off;
pid $work/nginx.pid;
error_log $work/nginx.log;
events {}
http {
    access_log off;
    client_body_temp_path $work/body;
    fastcgi_temp_path $work/fastcgi;
    proxy_temp_path $work/proxy;
    scgi_temp_path $work/scgi;
    uwsgi_temp_path $work/uwsgi;
    include /etc/nginx/mime.types;
    include /etc/nginx/snippets/krea-fcgi-upstream.conf;
    server {
        listen 127.0.0.1:$port;
        include /etc/nginx/snippets/krea-fcgi.conf;
    }
}
END
mkfifo "$work/simulator"
.build/debug/krea-simulator --run-seconds 0.5 >"$work/simulator" &
processes+=($!)
read -r _ _ _ krea <"$work/simulator"
"${as_root[@]}" install -d /run/krea-fcgi
serve() {
    "${as_root[@]}" env KREA_API_TOKEN=simulator KREA_API_URL="$krea" KREA_FCGI_SUBMIT_INTERVAL_SECONDS=0.2 \
        KREA_FCGI_POLL_INTERVAL_SECONDS=0.2 /usr/bin/krea-fcgi serve 2>>"$work/log" &
    service=$!
    processes+=("$service")
    curl --silent --fail --retry 100 --retry-delay 0 --retry-all-errors --output /dev/null "http://127.0.0.1:$port/krea/health"
}
"${as_root[@]}" nginx -e "$work/nginx.log" -c "$work/nginx.conf" -g 'user root;' &
processes+=($!)
serve
job="$(curl --silent --show-error -H 'Content-Type: application/json' -d '{"prompt": "a lighthouse"}' "http://127.0.0.1:$port/krea/api/jobs" |
    sed -n 's/.*"job_id":"\([^"]*\)".*/\1/p')"
[ -n "$job" ] || fail "no job was taken"
# The page comes bit by bit and ends with the job.
curl --silent "http://127.0.0.1:$port/krea/jobs/$job" | grep -q '<img src=' || fail "no picture was made"
curl --silent --fail --output /dev/null "http://127.0.0.1:$port/krea/static/style.css" || fail "nginx does not find the style sheet"

"${as_root[@]}" dpkg --install "$work"/next/*.deb >/dev/null
"${as_root[@]}" kill "$service"
wait "$service" || fail "the service did not end well"
serve
curl --silent "http://127.0.0.1:$port/krea/jobs/$job.txt" | grep -q '^Generated with' || fail "the upgrade lost a job"

stop
"${as_root[@]}" dpkg --remove krea-fcgi >/dev/null
[ ! -e /usr/bin/krea-fcgi ] || fail "the program is still there after the removal"
[ -f /var/lib/krea-fcgi/jobs.sqlite ] || fail "the removal took the jobs along"
"${as_root[@]}" dpkg --purge krea-fcgi >/dev/null 2>&1
for path in /var/lib/krea-fcgi /etc/krea-fcgi /usr/share/krea-fcgi /etc/nginx/snippets/krea-fcgi.conf; do
    [ ! -e "$path" ] || fail "$path is still there after the purge"
done
echo "package: installed, made a picture, was upgraded with its jobs, and was removed"
