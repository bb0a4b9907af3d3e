#!/usr/bin/env bash
# Builds the OpenTofu that acceptance-tests/cli pins into the cache folder, once. `--where` only prints the path.
# The folder lies outside the working tree and is named by version, so that a fresh clone finds what an older one built.
set -euo pipefail
cd "$(dirname "$0")/../acceptance-tests/cli"

version="$(sed -nE 's|^\t?(require )?github.com/opentofu/opentofu v([^ ]+).*|\2|p' go.mod)"
folder="${XDG_CACHE_HOME:-$HOME/.cache}/terraform-provider-azureml/opentofu-$version"
if [ "${1:-}" = --where ]; then
    echo "$folder/tofu"
    exit
fi
if [ -x "$folder/tofu" ]; then
    echo "OpenTofu $version is built already: $folder/tofu"
    exit
fi
command -v go >/dev/null || { echo "Go is missing: install it from https://go.dev/dl" >&2; exit 1; }

echo "building OpenTofu $version from its Go module: some minutes, once"
mkdir -p "$folder"
unfinished="$(mktemp -d "$folder/build.XXXXXX")"
trap 'rm -rf "$unfinished"' EXIT
GOBIN="$unfinished" CGO_ENABLED=0 go install -mod=readonly -trimpath \
    -ldflags "-s -w -X github.com/opentofu/opentofu/version.dev=no" tool
mv "$unfinished/tofu" "$folder/tofu"
echo "built $folder/tofu"
