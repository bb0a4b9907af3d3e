#!/usr/bin/env bash
# Checks the emulator against what others say of the services: their OpenAPI documents and their official Python SDKs.
# The documents are not part of the project: AZUREML_ARM_SPECS names their folder, which is ../shared/arm-specs beside
# the checkout unless set. The SDKs are installed once for each requirements.txt, below the user's cache.
set -euo pipefail
cd "$(dirname "$0")"
root=$(cd ../.. && pwd)
emulator=${AZUREML_EMULATOR_BIN:-$root/target/debug/azureml-emulator}
export PYTHONDONTWRITEBYTECODE=1
specs=${AZUREML_ARM_SPECS:-$root/../shared/arm-specs}
python=${PYTHON:-python3}

[ -n "${AZUREML_EMULATOR_BIN:-}" ] || (cd "$root" && cargo build --quiet --package azureml-emulator)
(cd "$root" && cargo build --quiet --package acceptance-tests --bin az)
[ -x "$emulator" ] || { echo "conformance: no emulator at $emulator" >&2; exit 1; }
[ -d "$specs/specification" ] || { echo "conformance: no OpenAPI documents at $specs; set AZUREML_ARM_SPECS" >&2; exit 1; }
command -v "$python" >/dev/null || { echo "conformance: no $python; install Python 3.10 or later" >&2; exit 1; }

key=$( { "$python" --version; cat requirements.txt; } | sha256sum | cut -c1-16)
venv=${XDG_CACHE_HOME:-$HOME/.cache}/terraform-provider-azureml/conformance-venv/$key
if [ ! -e "$venv/complete" ]; then
    rm -rf "$venv"
    "$python" -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check --requirement requirements.txt
    touch "$venv/complete"
fi

failed=0
check() {
    local name=$1
    shift
    # A variable of the caller's own sign-in must not reach the SDKs.
    env -u ARM_CLIENT_SECRET -u AZURE_CLIENT_SECRET "$emulator" exec --strict -- "$venv/bin/python" "$@" \
        || { echo "conformance: $name failed" >&2; failed=1; }
}
AZUREML_ARM_SPECS=$specs "$venv/bin/python" -m unittest --quiet test_check \
    || { echo "conformance: the test of the OpenAPI check failed" >&2; failed=1; }
check "the OpenAPI check" check_openapi.py --specs "$specs"
check "the drive by the official SDKs" drive_sdks.py
check "the sign-in by the official library" drive_identity.py "$root/target/debug/az"
exit "$failed"
