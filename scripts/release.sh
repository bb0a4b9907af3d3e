#!/usr/bin/env bash
# Builds the provider as one static program for x86_64 Linux: musl, zig as C compiler (AWS-LC is C), rustc's own linker.
# Needs rustup, and Python 3 for zig, which comes as a pip package into a virtual environment in the cache folder.
set -euo pipefail
cd "$(dirname "$0")/.."

target=x86_64-unknown-linux-musl
zig_version=0.17.1
cache="${XDG_CACHE_HOME:-$HOME/.cache}/terraform-provider-azureml"
zig="$cache/zig-$zig_version"

command -v rustup >/dev/null || { echo "rustup is missing: install it from https://rustup.rs" >&2; exit 1; }
rustup target list --installed | grep -qx "$target" || rustup target add "$target"

# It becomes executable last, so that an interrupted set-up is made anew.
if [ ! -x "$zig/bin/zig-cc" ]; then
    rm -rf "$zig"
    python3 -m venv "$zig" || { echo "venv is missing (Debian and Ubuntu: apt install python3-venv)" >&2; exit 1; }
    "$zig/bin/pip" install --quiet "ziglang==$zig_version"
    # cc-rs names the target the way clang wants it; zig has its own name for it, and would check for undefined behaviour in
    # unoptimised code by a runtime library that rustc does not link.
    cat >"$zig/bin/zig-cc" <<'WRAPPER'
#!/usr/bin/env bash
arguments=()
for argument in "$@"; do
    case "$argument" in --target=*) ;; *) arguments+=("$argument") ;; esac
done
exec "$(dirname "$0")/python" -m ziglang cc -target x86_64-linux-musl -fno-sanitize=undefined "${arguments[@]}"
WRAPPER
    cat >"$zig/bin/zig-ar" <<'WRAPPER'
#!/usr/bin/env bash
exec "$(dirname "$0")/python" -m ziglang ar "$@"
WRAPPER
    chmod +x "$zig/bin/zig-ar" "$zig/bin/zig-cc"
fi

CC_x86_64_unknown_linux_musl="$zig/bin/zig-cc" \
    AR_x86_64_unknown_linux_musl="$zig/bin/zig-ar" \
    CARGO_TARGET_X86_64_UNKNOWN_LINUX_MUSL_LINKER=rust-lld \
    cargo build --locked --release --target "$target" -p terraform-provider-azureml

program="target/$target/release/terraform-provider-azureml"
echo "$program: $(stat -c %s "$program") bytes, $(sha256sum "$program" | cut -d' ' -f1)"
