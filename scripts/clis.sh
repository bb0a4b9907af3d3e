#!/usr/bin/env bash
# Prints the command-line tools that tests run under, separated by colons, and names them on stderr: those that
# AZUREML_TEST_CLIS lists, else tofu and terraform on PATH, with the pinned OpenTofu where PATH has no tofu. Where there is
# neither tool, the pinned OpenTofu is built with Go.
set -euo pipefail
cd "$(dirname "$0")/.."

pinned="$(scripts/tofu.sh --where)"
list="${AZUREML_TEST_CLIS:-}"
if [ -z "$list" ]; then
    found=()
    if command -v tofu >/dev/null; then
        found+=("$(command -v tofu)")
    elif [ -x "$pinned" ]; then
        found+=("$pinned")
    fi
    if command -v terraform >/dev/null; then
        found+=("$(command -v terraform)")
    fi
    if [ ${#found[@]} -eq 0 ]; then
        if ! command -v go >/dev/null; then
            echo "No tofu, terraform or Go found: install OpenTofu (https://opentofu.org/docs/intro/install) or Terraform," \
                "or Go (https://go.dev/dl) to build the pinned OpenTofu with" >&2
            exit 1
        fi
        scripts/tofu.sh >&2
        found+=("$pinned")
    fi
    list="$(IFS=:; echo "${found[*]}")"
fi

IFS=: read -ra tools <<<"$list"
for tool in "${tools[@]}"; do
    echo "tests run under $(env -u TF_CLI_CONFIG_FILE CHECKPOINT_DISABLE=1 "$tool" version | head -1) ($tool)" >&2
done
echo "$list"
