#!/bin/sh
# Installs the Debian packages that are named and missing. Needs root, or sudo, only if one is missing.
set -eu

missing=""
for package in "$@"; do
    case "$(dpkg-query --show --showformat='${Status}' "$package" 2>/dev/null || true)" in
        "install ok installed") ;;
        *) missing="$missing $package" ;;
    esac
done
[ -n "$missing" ] || exit 0

as_root=""
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || {
        echo "These packages are missing, and there is neither root nor sudo to install them:$missing" >&2
        exit 1
    }
    as_root="sudo"
fi
echo "Installing:$missing"
# shellcheck disable=SC2086 # a list of words, and sudo or nothing
{
    $as_root apt-get update -qq
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
}
