#!/usr/bin/env bash
# Lints the pipeline files in examples/pipelines against what each platform publishes of its format, and GitHub's with actionlint.
# The tools are built and installed once for each pinned version, below the user's cache.
set -euo pipefail
cd "$(dirname "$0")/../acceptance-tests/lint"
python=${PYTHON:-python3}
for tool in go "$python"; do
    command -v "$tool" >/dev/null || { echo "pipelines: $tool is missing" >&2; exit 1; }
done

key=$( { "$python" --version; cat requirements.txt go.mod; } | sha256sum | cut -c1-16)
folder=${XDG_CACHE_HOME:-$HOME/.cache}/terraform-provider-azureml/lint/$key
if [ ! -e "$folder/complete" ]; then
    rm -rf "$folder"
    "$python" -m venv "$folder"
    "$folder/bin/pip" install --quiet --disable-pip-version-check --requirement requirements.txt
    GOBIN="$folder/bin" CGO_ENABLED=0 go install -mod=readonly -trimpath tool
    touch "$folder/complete"
fi

files=../../examples/pipelines
schema() { "$folder/bin/check-jsonschema" --quiet --builtin-schema "vendor.$1" "${@:3}" "$files/$2"; }
"$folder/bin/actionlint" -no-color "$files/github-actions.yml"
schema github-workflows github-actions.yml
schema gitlab-ci gitlab-ci.yml
# Two patterns of this schema are not good under the strict rules.
schema azure-pipelines azure-pipelines.yml --regex-variant nonunicode
echo "the pipeline files are in order"
