#!/usr/bin/env bash
# Makes the test vectors of the value codecs anew with go-cty, the library whose encodings they are.
set -euo pipefail
cd "$(dirname "$0")/../acceptance-tests/oracle"
GOFLAGS=-mod=readonly go run . ../../crates/tfplugin/tests/vectors
