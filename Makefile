# The only commands anyone needs. `make` alone lists them.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help demo test answers check docs bench release install vectors tofu rust c-compiler go python

# Printed when a tool is missing: what it is, and how to get it.
need = command -v $(1) >/dev/null || { echo "$(2)" >&2; exit 1; }

help: ## List these commands.
	@sed -nE 's/^([a-z]+):.*## (.*)/  make \1@\2/p' $(MAKEFILE_LIST) | column -t -s@

demo: rust c-compiler ## See it work: a workspace planned, applied, changed, imported and destroyed in an emulated Azure.
	cargo build --locked --bins --workspace
	@AZUREML_TEST_CLIS="$$(scripts/clis.sh)" && export AZUREML_TEST_CLIS && target/debug/demo

# Scenarios wait more than they compute, so more of them run at once than there are cores.
test: export RUST_TEST_THREADS ?= 4
test: rust c-compiler ## Run every test, under every command-line tool found.
	cargo build --locked --workspace --bins --examples
	@AZUREML_TEST_CLIS="$$(scripts/clis.sh)" && export AZUREML_TEST_CLIS && \
	    cargo test --locked --workspace --no-fail-fast

answers: rust c-compiler ## Answer every request of every resource with every wrong answer, of which `make test` takes a share.
	cargo build --locked --workspace --bins --examples
	AZUREML_TEST_ANSWERS="$(ANSWERS)" cargo test --locked -p acceptance-tests --test wrong_answers -- --nocapture

check: rust c-compiler ## Check format, lints, documentation and the rules of the house.
	cargo fmt --all --check
	cargo clippy --locked --workspace --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --workspace --no-deps --document-private-items
	scripts/house.sh

docs: rust c-compiler ## Render the Registry pages in docs/ from the declarations, and build the documentation of the code.
	UPDATE_DOCS=1 cargo test --locked -q -p terraform-provider-azureml docs::
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --workspace --no-deps
	@echo "open docs/index.md, target/doc/terraform_provider_azureml/index.html, target/doc/tfplugin/index.html or target/doc/arm/index.html"

bench: rust c-compiler python ## Measure start, memory, schema and size; BENCH_PEER=path measures another provider beside it.
	scripts/release.sh
	cargo run --locked -p bench

release: rust c-compiler python ## Build the static program for distribution (brings zig as C compiler by pip).
	scripts/release.sh

install: rust c-compiler ## Install into the local mirror of both command-line tools, so that `init` finds it.
	scripts/install.sh

vectors: go ## Make the value vectors of go-cty, the reference implementation, anew.
	scripts/vectors.sh

tofu: go ## Build the pinned OpenTofu into the cache folder.
	scripts/tofu.sh

rust:
	@$(call need,cargo,Rust is missing: install it with rustup from https://rustup.rs)

c-compiler:
	@$(call need,$${CC:-cc},A C compiler is missing: install gcc or clang (Debian and Ubuntu: apt install gcc))

go:
	@$(call need,go,Go is missing: install it from https://go.dev/dl)

python:
	@$(call need,python3,Python 3 is missing; the release build takes its C compiler from it: install python3 and python3-venv)
