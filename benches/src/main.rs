//! `make bench`: what a provider costs a command-line tool before it does any work.
//!
//! Measures the release build of this provider, an empty static program built by the same compiler (the floor of the
//! machine), and the binary that `BENCH_PEER` names, each as go-plugin starts it, in turns, so that all meet the same
//! machine. Prints one table, with ratios and whether the aims are met.

mod plugin;
mod report;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;

use report::Measured;

/// Starts of each program, after one that warms the page cache.
const RUNS: usize = 60;

/// The target whose build is distributed.
const TARGET: &str = "x86_64-unknown-linux-musl";

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let scratch = tempfile::tempdir()?;
    let empty = empty_program(scratch.path())?;
    let own = match std::env::var_os("AZUREML_PROVIDER_BIN") {
        Some(path) => PathBuf::from(path),
        None => format!("target/{TARGET}/release/terraform-provider-azureml").into(),
    };
    if !own.is_file() {
        return Err(format!("{} is not built: run `make release`", own.display()).into());
    }
    let mut programs = vec![Measured::new("this provider", own), Measured::new("empty program", empty)];
    if let Some(peer) = std::env::var_os("BENCH_PEER") {
        programs.push(Measured::new("peer", PathBuf::from(peer)));
    }

    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let identity = plugin::Identity::new()?;
    for program in &mut programs {
        program.size = std::fs::metadata(&program.path)?.len();
        plugin::Plugin::start(&program.path, &identity)?;
    }
    for _ in 0..RUNS {
        for program in &mut programs {
            program.starts.push(plugin::Plugin::start(&program.path, &identity)?.handshake_took);
        }
    }
    for program in &mut programs {
        let plugin = plugin::Plugin::start(&program.path, &identity)?;
        if plugin.serves() {
            program.schema = Some(runtime.block_on(plugin.schema_size(&identity))?);
        }
        program.resident = plugin.resident_kilobytes()?;
    }
    report::print(&programs);
    Ok(())
}

/// A static program that prints a handshake line and waits: what the machine charges for any process.
fn empty_program(folder: &Path) -> Result<PathBuf> {
    let (source, program) = (folder.join("empty.rs"), folder.join("empty"));
    let text = "fn main() {\n    println!(\"1|6|unix||grpc|\");\n    let _ = std::io::stdin().read_line(&mut String::new());\n}\n";
    std::fs::write(&source, text)?;
    let built = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
        .args(["--edition=2024", "-Copt-level=3", "-Cstrip=symbols", "-Cpanic=abort", "-Clinker=rust-lld"])
        .arg(format!("--target={TARGET}"))
        .arg("-o")
        .args([&program, &source])
        .status()?;
    if built.success() { Ok(program) } else { Err("rustc did not build the empty program".into()) }
}
