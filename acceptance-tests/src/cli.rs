//! The command-line tools that a scenario runs under: which there are, and once under each.

use std::any::Any;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::binaries::absolute;

/// The version of OpenTofu that `acceptance-tests/cli/go.mod` pins.
const PINNED_TOFU: &str = "1.12.6";

/// What to do when there is no tool at all.
const INSTALL: &str = "no tofu or terraform found: put one on PATH, or install Go and run `make tofu`";

/// Which of the two tools one is. They differ in small ways that scenarios may have to name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// OpenTofu.
    OpenTofu,
    /// HashiCorp Terraform.
    Terraform,
}

/// One command-line tool.
#[derive(Debug, Clone)]
pub struct Cli {
    /// OpenTofu or Terraform.
    pub kind: Kind,
    /// Its version, as `1.12.6`.
    pub version: String,
    /// The program.
    pub path: PathBuf,
}

impl Cli {
    /// Every tool there is: those that `AZUREML_TEST_CLIS` lists, else `tofu` and `terraform` on `PATH`, with the
    /// OpenTofu in the cache folder where `PATH` has none. Found once, and printed.
    ///
    /// # Panics
    /// With one sentence that says what to install, when there is none, or when one that `AZUREML_DEMAND_CLIS`
    /// (a list of `tofu` and `terraform`) demands is missing.
    pub fn all() -> &'static [Cli] {
        static FOUND: OnceLock<Vec<Cli>> = OnceLock::new();
        FOUND.get_or_init(|| {
            let found: Vec<Cli> = candidates().iter().map(|path| Self::at(path)).collect();
            assert!(!found.is_empty(), "{INSTALL}");
            for demanded in std::env::var("AZUREML_DEMAND_CLIS").unwrap_or_default().split(',') {
                assert!(
                    demanded.is_empty() || found.iter().any(|cli| cli.kind.program() == demanded),
                    "AZUREML_DEMAND_CLIS demands {demanded}, which is neither on PATH nor in the cache folder"
                );
            }
            for cli in &found {
                eprintln!("scenarios run under {cli} ({})", cli.path.display());
            }
            found
        })
    }

    /// The tool at `path`, asked for its name and version.
    ///
    /// # Panics
    /// When it does not answer as one of the two tools.
    pub fn at(path: &Path) -> Cli {
        let answer = Command::new(path)
            .arg("version")
            .env_clear()
            .env("CHECKPOINT_DISABLE", "1")
            .output()
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let text = String::from_utf8_lossy(&answer.stdout).into_owned();
        let first = text.lines().find_map(|line| line.split_once(" v")).unwrap_or_default();
        let kind = match first.0 {
            "OpenTofu" => Kind::OpenTofu,
            "Terraform" => Kind::Terraform,
            _ => panic!("{} is neither OpenTofu nor Terraform: it says `{text}`", path.display()),
        };
        Cli { kind, version: first.1.trim().to_owned(), path: absolute(path) }
    }
}

impl Cli {
    /// Whether import blocks may name a resource by its identity, which both tools know since 1.12.
    pub fn imports_by_identity(&self) -> bool {
        let mut parts = self.version.split(['.', '-']).map(|part| part.parse::<u32>().unwrap_or_default());
        (parts.next(), parts.next()) >= (Some(1), Some(12))
    }
}

impl Kind {
    /// The usual name of the program.
    pub fn program(self) -> &'static str {
        match self {
            Self::OpenTofu => "tofu",
            Self::Terraform => "terraform",
        }
    }

    /// The registry host that a provider address without a host means.
    pub fn registry(self) -> &'static str {
        match self {
            Self::OpenTofu => "registry.opentofu.org",
            Self::Terraform => "registry.terraform.io",
        }
    }
}

impl fmt::Display for Cli {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = if self.kind == Kind::OpenTofu { "OpenTofu" } else { "Terraform" };
        write!(f, "{name} {}", self.version)
    }
}

/// Runs a scenario once under every tool, all of them even when the first fails, and says which it failed under.
///
/// # Panics
/// When the scenario panicked under one of them.
pub fn every_cli(scenario: impl Fn(&Cli)) {
    let failed: Vec<String> = Cli::all()
        .iter()
        .filter_map(|cli| {
            eprintln!("--- under {cli}");
            let fault = catch_unwind(AssertUnwindSafe(|| scenario(cli))).err()?;
            // The whole text is printed already where it happened.
            let headline = message(fault.as_ref()).lines().next().unwrap_or_default();
            Some(format!("under {cli}: {headline}"))
        })
        .collect();
    assert!(failed.is_empty(), "the scenario failed {}", failed.join("\nand "));
}

/// The text of a panic.
fn message(payload: &(dyn Any + Send)) -> &str {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("a panic without a text")
}

/// The paths at which tools are, each kind once.
fn candidates() -> Vec<PathBuf> {
    if let Some(listed) = std::env::var_os("AZUREML_TEST_CLIS") {
        return std::env::split_paths(&listed).filter(|path| !path.as_os_str().is_empty()).collect();
    }
    let on_path = |program: &str| {
        let path = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
    };
    let tofu = on_path("tofu").or_else(|| cached_tofu().filter(|file| file.is_file()));
    tofu.into_iter().chain(on_path("terraform")).collect()
}

/// Where `make tofu` puts the pinned OpenTofu: outside the working tree, so that a fresh clone finds it.
fn cached_tofu() -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let cache = set("XDG_CACHE_HOME").or_else(|| Some(set("HOME")?.join(".cache")))?;
    Some(cache.join("terraform-provider-azureml").join(format!("opentofu-{PINNED_TOFU}")).join("tofu"))
}
