//! The provider as a child process, started as the tools start it.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::process::{Child, Command};

/// Environment variable and value by which a tool says that it started the process.
const COOKIE: (&str, &str) =
    ("TF_PLUGIN_MAGIC_COOKIE", "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2");

/// Far longer than anything here takes.
pub(super) const PATIENCE: Duration = Duration::from_secs(180);

/// A running provider, killed when it is dropped.
#[derive(Debug)]
pub(super) struct Process {
    _child: Child,
    errors: Arc<Mutex<String>>,
    _folder: TempDir,
}

/// The handshake line, taken apart.
#[derive(Debug)]
pub(super) struct Handshake {
    pub(super) network: String,
    pub(super) address: String,
    /// In base64.
    pub(super) certificate: String,
}

impl Process {
    /// Starts it with nothing but these variables, and reads its handshake line.
    pub(super) async fn start(
        binary: &Path,
        environment: &BTreeMap<String, String>,
        certificate: &str,
    ) -> (Self, Handshake) {
        let folder = tempfile::Builder::new().prefix("p").tempdir().expect("a temporary folder");
        let mut child = Command::new(binary)
            .env_clear()
            .env("TMPDIR", folder.path())
            .env("PLUGIN_CLIENT_CERT", certificate)
            .envs([COOKIE])
            .envs(environment)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|error| panic!("{} did not start: {error}", binary.display()));
        let stdout = child.stdout.take().expect("standard output");
        let stderr = child.stderr.take().expect("standard error");
        let errors = Arc::<Mutex<String>>::default();
        tokio::spawn(collect(stderr, errors.clone()));
        let mut line = String::new();
        let mut stdout = BufReader::new(stdout);
        let read = tokio::time::timeout(PATIENCE, stdout.read_line(&mut line)).await;
        let process = Self { _child: child, errors, _folder: folder };
        let fields: Vec<&str> = line.trim_end().split('|').collect();
        let ["1", "6", network, address, "grpc", certificate] = fields[..] else {
            panic!("no handshake ({read:?}): {line:?}, {}", process.errors());
        };
        let [network, address, certificate] = [network, address, certificate].map(str::to_owned);
        (process, Handshake { network, address, certificate })
    }

    /// What it wrote to standard error.
    pub(super) fn errors(&self) -> String {
        self.errors.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

async fn collect(mut stream: tokio::process::ChildStderr, into: Arc<Mutex<String>>) {
    let mut buffer = vec![0; 16 * 1024];
    while let Ok(count @ 1..) = stream.read(&mut buffer).await {
        let text = String::from_utf8_lossy(&buffer[..count]);
        into.lock().unwrap_or_else(PoisonError::into_inner).push_str(&text);
    }
}
