#!/usr/bin/env bash
# The rules of the house that a program can check; CONTRIBUTING.md has their reasons. Prints every breach, then fails.
set -eu
shopt -s lastpipe # breach must set a variable of this shell, and runs at the end of pipes
cd "$(dirname "$0")/.."

breaches=0
breach() { # RULE, then offending lines on stdin; none is no breach
    local lines
    lines="$(cat)"
    if [ -n "$lines" ]; then
        echo "house rule: $1" >&2
        sed 's/^/    /' <<<"$lines" >&2
        breaches=1
    fi
}
tracked() { git ls-files --cached --others --exclude-standard -- "$@" | while read -r file; do [ -f "$file" ] && echo "$file"; done; }
# Lines of the Rust files given, as file:line:text, with comments and everything from the first `#[cfg(test)]` on left out.
code() { xargs -r awk 'FNR == 1 { test = 0 } /^ *#\[cfg\(test\)\]/ { test = 1 } !test && !/^ *\/\// { print FILENAME ":" FNR ":" $0 }'; }
# The opposite: only what is in test modules.
test_code() { xargs -r awk 'FNR == 1 { test = 0 } /^ *#\[cfg\(test\)\]/ { test = 1 } test { print FILENAME ":" FNR ":" $0 }'; }

rust="$(tracked '*.rs')"
# Shipped code: neither tests, nor the harness of the tests, nor build scripts, which stop by panicking.
shipped="$(grep -vE '(^|/)(tests|benches|examples)/|(^|/)(tests|testing)\.rs$|^acceptance-tests/src/|(^|/)build\.rs$|^fuzz/' <<<"$rust")"
tests="$(grep -E '(^|/)tests/|(^|/)(tests|testing)\.rs$|^acceptance-tests/(src|tests)/' <<<"$rust")"

tracked '*.rs' '*.sh' '*.py' '*.go' Makefile | xargs -r wc -l | awk '$2 != "total" && $1 > 400 { print $2 ": " $1 " lines" }' |
    breach "files stay within 400 lines"

grep -vE '/ui/|/fixtures/|/tests\.rs$' <<<"$rust" | while read -r file; do
    grep -m1 -vE '^(#!\[.*)?$' "$file" | grep -qE '^//!' || echo "$file"
done | breach "a Rust file begins with its place in the whole (//!)"

printf '%s\n' $rust | xargs grep -nE '(^|[^[:alnum:]_])(todo|unimplemented)!|#\[ignore' |
    breach "no todo!, unimplemented! or ignored test"

code <<<"$shipped" | grep -E '\.unwrap(_err)?\(\)|\.expect(_err)?\([&"]' | breach "no unwrap or expect outside tests"

{ printf '%s\n' $tests | xargs -r grep -nE '(^|[^[:alnum:]_.])sleep\(' /dev/null || true
  test_code <<<"$shipped" | grep -E '(^|[^[:alnum:]_.])sleep\(' || true; } | grep -v 'fn sleep' | breach "no test sleeps"

tracked 'crates/tfplugin/**' 'crates/tfplugin-derive/**' proto | xargs -r grep -niE 'azure' /dev/null |
    breach "tfplugin knows no Azure"
tracked 'crates/arm/**' | xargs -r grep -niE 'terraform|tofu|tfplugin' /dev/null | grep -vE ':[0-9]+: *//' | breach "arm knows no Terraform"
tracked 'acceptance-tests/**/Cargo.toml' 'acceptance-tests/Cargo.toml' |
    xargs -r grep -nE '^(arm|tfplugin|tfplugin-derive|terraform-provider-azureml)\b' /dev/null |
    breach "the acceptance tests know only binaries and wire formats"
grep -nE '^(arm|acceptance-tests|azureml-emulator|terraform-provider-azureml)\b' crates/tfplugin/Cargo.toml crates/tfplugin-derive/Cargo.toml |
    breach "crates/tfplugin depends on no other room"
grep -nE '^(tfplugin|acceptance-tests|azureml-emulator|terraform-provider-azureml)\b' crates/arm/Cargo.toml |
    breach "crates/arm depends on no other room"

for crate in ring openssl-sys native-tls; do
    cargo tree --locked --workspace -e normal,build -i "$crate" 2>/dev/null | breach "$crate stays out of the dependency tree"
done

# A path of somebody's machine, or of the folder that a clone happens to lie in.
tracked . | grep -vE '^Cargo.lock$|^scripts/house.sh$' | xargs -r grep -nIE '(^|[^[:alnum:]_.}])/(work|home|root|Users)/[[:alnum:]]' /dev/null |
    breach "no path of somebody's machine"

[ "$breaches" -eq 0 ] && echo "the rules of the house hold"
exit "$breaches"
