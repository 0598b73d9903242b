#!/bin/bash
# Builds a Debian package of krea-fcgi: nginx/debian/package.sh [FOLDER], by default .build/debian.
#
# With KREA_FCGI_BINARY set to a program that is built already, that one is packed.
set -euo pipefail
cd "$(dirname "$0")/../.."
mkdir -p "${1:-.build/debian}"
target="$(cd "${1:-.build/debian}" && pwd)"

nginx/packages.sh libfcgi-dev libsqlite3-dev libcurl4-openssl-dev libssl-dev pkg-config build-essential debhelper fakeroot help2man lintian
binary="${KREA_FCGI_BINARY:-}"
if [ -z "$binary" ]; then
    build=(swift build --configuration release --static-swift-stdlib --quiet --product krea-fcgi)
    "${build[@]}"
    binary="$("${build[@]}" --show-bin-path)/krea-fcgi"
fi
version="$("$binary" --version)"
version="${KREA_FCGI_PACKAGE_VERSION:-${version#krea-fcgi }}"

work="$(mktemp --directory)"
trap 'rm -rf "$work"' EXIT
tree="$work/krea-fcgi-$version"
mkdir -p "$tree/recipes/nginx" "$tree/recipes/others"
mkdir "$tree/debian"
find nginx/debian -type f ! -name "*.sh" -exec cp -t "$tree/debian" {} +
cp -r public "$tree/public"
strip --strip-all -o "$tree/krea-fcgi" "$binary"
cp nginx/krea-fcgi.conf nginx/krea-fcgi-upstream.conf "$tree/recipes/nginx/"
cp nginx/other-servers/apache.conf nginx/other-servers/lighttpd.conf nginx/other-servers/Caddyfile "$tree/recipes/others/"
sed 's|/usr/local/bin/|/usr/bin/|' nginx/systemd/krea-fcgi.service >"$tree/debian/krea-fcgi.service"
cp nginx/systemd/krea-fcgi.socket nginx/systemd/krea-fcgi.tmpfiles "$tree/debian/"

# The configuration and both manual pages come from the program itself.
mkdir -p "$tree/etc"
"$binary" sample-config >"$tree/etc/krea-fcgi.conf"
echo "etc/krea-fcgi.conf etc/krea-fcgi" >>"$tree/debian/install"
{
    echo "[COMMANDS]"
    "$binary" --help | sed -n 's/^  \([a-z][a-z-]*\) .*/\1/p' | while read -r command; do
        printf '.SS %s\n.nf\n' "$command"
        "$binary" help "$command" | sed 's/\\/\\\\/g; s/^[.'"'"']/\\\&&/; s/-/\\-/g'
        echo .fi
    done
    printf '[FILES]\n.TP\n.I /etc/krea\\-fcgi/krea\\-fcgi.conf\nThe configuration, see\n.BR krea\\-fcgi (5).\n'
} >"$work/commands"
help2man --no-info --section 1 --name "Krea.ai pictures behind a web server, over FastCGI" --include "$work/commands" \
    --output "$tree/debian/krea-fcgi.1" "$binary"
nginx/debian/manual.sh <"$tree/etc/krea-fcgi.conf" >"$tree/debian/krea-fcgi.5"
printf 'debian/krea-fcgi.1\ndebian/krea-fcgi.5\n' >"$tree/debian/manpages"
{
    printf 'krea-fcgi (%s) unstable; urgency=medium\n\n  * Version %s.\n\n' "$version" "$version"
    printf ' -- krea-fcgi maintainers <maintainers@krea-fcgi.invalid>  %s\n' "$(git log -1 --format=%cD)"
} >"$tree/debian/changelog"

(cd "$tree" && dpkg-buildpackage --build=binary --no-sign >"$work/log" 2>&1) || { cat "$work/log" >&2; exit 1; }
package="$(basename "$work"/krea-fcgi_*.deb)"
lintian --allow-root --fail-on error "$work/$package"
cp "$work/$package" "$target/"
echo "$target/$package: $(du --bytes "$target/$package" | cut -f 1) bytes, the program $(du --bytes "$tree/krea-fcgi" | cut -f 1)"
