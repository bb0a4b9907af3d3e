//! Compiles the protocol's services in `proto/` to Rust, in Rust: no protoc is needed.

#![allow(clippy::print_stdout)] // How a build script talks to cargo.

use std::error::Error;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../proto");
    let files = ["tfplugin6.proto", "goplugin.proto", "health.proto"];
    for file in files {
        println!("cargo:rerun-if-changed={}", folder.join(file).display());
    }
    let descriptors = protox::compile(files, [&folder])?;
    tonic_prost_build::configure()
        // RPCs that a trait does not define answer `unimplemented`, which is what the CLIs want to hear.
        .generate_default_stubs(true)
        // Schemas leave in the same order in every run.
        .btree_map(".")
        // Values are decoded from the very bytes that the connection read.
        .bytes(".tfplugin6.DynamicValue")
        .compile_fds(descriptors)?;
    Ok(())
}
