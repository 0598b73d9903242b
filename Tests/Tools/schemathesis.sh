#!/bin/bash
# Brings Schemathesis, which makes up requests from our OpenAPI document, to .build/schemathesis/bin/st.
set -euo pipefail
cd "$(dirname "$0")/../.."

wanted=Tests/Tools/schemathesis/requirements.txt
target=.build/schemathesis
cmp --silent "$wanted" "$target/requirements.txt" && exit 0

python3 -c 'import ensurepip' 2>/dev/null || nginx/packages.sh python3-venv
rm -rf "$target"
python3 -m venv "$target"
"$target/bin/pip" install --quiet --disable-pip-version-check --no-deps --only-binary :all: --requirement "$wanted"
cp "$wanted" "$target/requirements.txt"
