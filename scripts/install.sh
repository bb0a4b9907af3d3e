#!/usr/bin/env bash
# Builds the provider and puts it where tofu and terraform look before they ask a registry: their implied local mirror.
set -euo pipefail
cd "$(dirname "$0")/.."

version="$(sed -nE '/^\[workspace.package\]/,/^\[/ s/^version = "(.*)"/\1/p' Cargo.toml)"
case "$(uname -s)-$(uname -m)" in
    Linux-x86_64) platform=linux_amd64 ;;
    Linux-aarch64) platform=linux_arm64 ;;
    Darwin-x86_64) platform=darwin_amd64 ;;
    Darwin-arm64) platform=darwin_arm64 ;;
    *) echo "no build for $(uname -s) on $(uname -m)" >&2; exit 1 ;;
esac

program="${AZUREML_PROVIDER_BIN:-}"
if [ -z "$program" ]; then
    cargo build --locked --release -p terraform-provider-azureml
    program=target/release/terraform-provider-azureml
fi
for host in registry.terraform.io registry.opentofu.org; do
    folder="$HOME/.terraform.d/plugins/$host/azureml/azureml/$version/$platform"
    mkdir -p "$folder"
    install -m 755 "$program" "$folder/terraform-provider-azureml_v$version"
    echo "installed $folder/terraform-provider-azureml_v$version"
done
cat <<TEXT

A configuration that names it can now run \`init\`:

    terraform {
      required_providers {
        azureml = { source = "azureml/azureml", version = "$version" }
      }
    }

After another build of the same version, remove .terraform.lock.hcl: it holds the old build's checksum.
TEXT
