//! Compiles the client of the plugin protocol from `proto/`, apart from the provider's own, so that they cannot share a mistake.

#![allow(clippy::print_stdout)] // How a build script talks to cargo.

use std::error::Error;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../proto");
    let file = "tfplugin6.proto";
    println!("cargo:rerun-if-changed={}", folder.join(file).display());
    let descriptors = protox::compile([file], [&folder])?;
    tonic_prost_build::configure().build_server(false).compile_fds(descriptors)?;
    Ok(())
}
