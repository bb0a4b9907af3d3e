//! Where the built programs are: beside the test executable, or where an environment variable says.

use std::path::{Path, PathBuf};

/// A provider binary and the address under which configurations name it.
#[derive(Debug, Clone)]
pub struct Provider {
    /// `<namespace>/<type>`, the address without a registry host, which works under both tools.
    pub source: String,
    /// The program.
    pub binary: PathBuf,
}

impl Provider {
    /// The provider of this project, `azureml/azureml`. `AZUREML_PROVIDER_BIN` names another build of it.
    pub fn azureml() -> Self {
        Self::new("azureml/azureml", built_binary("terraform-provider-azureml", Some("AZUREML_PROVIDER_BIN")))
    }

    /// An example program of the workspace (`cargo build --examples`) that serves a provider at `source`.
    pub fn example(name: &str, source: &str) -> Self {
        Self::new(source, built_binary(&format!("examples/{name}"), None))
    }

    /// Any provider binary.
    pub fn new(source: &str, binary: impl Into<PathBuf>) -> Self {
        assert!(source.split('/').count() == 2, "a provider source is <namespace>/<type>, not `{source}`");
        Self { source: source.to_owned(), binary: binary.into() }
    }

    /// The provider's type: the second half of its source and the prefix of its resource types.
    pub fn type_name(&self) -> &str {
        self.source.split('/').next_back().unwrap_or_default()
    }
}

/// The program `name` among those that cargo built, unless `variable` names another.
///
/// # Panics
/// With one sentence that says how to build it, when it is not there.
pub fn built_binary(name: &str, variable: Option<&str>) -> PathBuf {
    if let Some(path) = variable.and_then(std::env::var_os) {
        let path = PathBuf::from(path);
        assert!(path.is_file(), "{} says {}, which is no file", variable.unwrap_or_default(), path.display());
        return absolute(&path);
    }
    let path = target_directory().join(name);
    assert!(
        path.is_file(),
        "{} is not built: run `cargo build --workspace --bins --examples` first (`make test` does)",
        path.display()
    );
    path
}

/// `target/<profile>`: the parent of the `deps` folder in which cargo puts test executables.
fn target_directory() -> PathBuf {
    let own = std::env::current_exe().expect("the running executable has a path");
    let folder = own.parent().expect("an executable lies in a folder");
    match folder.file_name().and_then(|name| name.to_str()) {
        Some("deps" | "examples") => folder.parent().unwrap_or(folder).to_path_buf(),
        _ => folder.to_path_buf(),
    }
}

/// `path` from the root, because the tools run in folders of their own.
pub(crate) fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
