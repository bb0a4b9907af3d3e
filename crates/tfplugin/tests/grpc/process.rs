//! A provider as a child process, and what it says.

use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::sync::watch;

/// Environment variable and value by which a CLI says that it started the process.
const COOKIE: (&str, &str) =
    ("TF_PLUGIN_MAGIC_COOKIE", "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2");
/// Far longer than anything here takes.
pub(crate) const PATIENCE: Duration = Duration::from_secs(180);

/// The example provider's binary, which cargo builds with the tests.
fn binary() -> PathBuf {
    let mut path = std::env::current_exe().expect("the test's own path");
    path.pop();
    path.pop();
    let path = path.join("examples").join("probe");
    assert!(
        path.exists(),
        "{} is missing: build it with `cargo build -p tfplugin --example probe`",
        path.display()
    );
    path
}

/// A running provider.
pub(crate) struct Process {
    child: Child,
    stdout: Lines<BufReader<ChildStdout>>,
    stderr: watch::Receiver<String>,
    /// Where the process makes its temporary files.
    pub(crate) folder: TempDir,
}

/// The handshake line, taken apart.
#[derive(Debug, Clone)]
pub(crate) struct Handshake {
    pub(crate) network: String,
    pub(crate) address: String,
    /// In base64; empty without TLS.
    pub(crate) certificate: String,
}

impl Process {
    /// Starts the provider with nothing but `env` in its environment.
    pub(crate) fn start(arguments: &[&str], env: &[(&str, &str)]) -> Self {
        let mut command = Command::new(binary());
        command.args(arguments);
        Self::run(command, env)
    }

    /// Starts the provider as a child of a shell, and gives the shell.
    pub(crate) fn start_below_a_shell() -> Self {
        let mut shell = Command::new("/bin/sh");
        // With something left to do after it, the shell stays.
        shell.args(["-c", "\"$0\"; exit 1"]).arg(binary());
        Self::run(shell, &[COOKIE])
    }

    fn run(mut command: Command, env: &[(&str, &str)]) -> Self {
        let folder = tempfile::Builder::new().prefix("t").tempdir().expect("a folder");
        let mut child = command
            .env_clear()
            .env("TMPDIR", folder.path())
            .envs(env.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("the provider starts");
        let stdout = BufReader::new(child.stdout.take().expect("stdout")).lines();
        let mut errors = child.stderr.take().expect("stderr");
        let (said, stderr) = watch::channel(String::new());
        tokio::spawn(async move {
            let mut buffer = vec![0; 64 * 1024];
            while let Ok(count @ 1..) = errors.read(&mut buffer).await {
                let text = String::from_utf8_lossy(&buffer[..count]).into_owned();
                said.send_modify(|all| all.push_str(&text));
            }
        });
        Self { child, stdout, stderr, folder }
    }

    /// Starts the provider as a CLI would.
    pub(crate) fn start_by_cli(env: &[(&str, &str)]) -> Self {
        let env: Vec<_> = [COOKIE].iter().chain(env).copied().collect();
        Self::start(&[], &env)
    }

    /// The next line on standard output.
    pub(crate) async fn line(&mut self) -> Option<String> {
        let line = tokio::time::timeout(PATIENCE, self.stdout.next_line());
        line.await.expect("a line in time").expect("readable")
    }

    /// The handshake line, which has to be the first.
    pub(crate) async fn handshake(&mut self) -> Handshake {
        let line = self.line().await.expect("a handshake line");
        let fields: Vec<&str> = line.split('|').collect();
        let [core, version, network, address, kind, certificate] = fields[..] else {
            panic!("{line}");
        };
        assert_eq!((core, version, kind), ("1", "6", "grpc"), "{line}");
        Handshake {
            network: network.to_owned(),
            address: address.to_owned(),
            certificate: certificate.to_owned(),
        }
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id().expect("a running process")
    }

    /// Sends a signal, by the name that `kill` knows it by.
    pub(crate) async fn signal(&self, name: &str) {
        let kill = Command::new("kill").args([format!("-{name}"), self.id().to_string()]).status();
        assert!(kill.await.expect("kill runs").success());
    }

    /// Waits for the end of the process.
    pub(crate) async fn ended(&mut self) -> ExitStatus {
        let ended = tokio::time::timeout(PATIENCE, self.child.wait());
        ended.await.expect("an end in time").expect("a status")
    }

    /// Waits for the end, and gives what the process said on standard output and standard error.
    pub(crate) async fn output(&mut self) -> (ExitStatus, String, String) {
        let mut out = String::new();
        while let Some(line) = self.line().await {
            out.push_str(&line);
            out.push('\n');
        }
        let status = self.ended().await;
        (status, out, self.errors_until("").await)
    }

    /// What is on standard error, once it has `text`, or once the process has ended.
    pub(crate) async fn errors_until(&mut self, text: &str) -> String {
        let waiting = self.stderr.wait_for(|said| !text.is_empty() && said.contains(text));
        let waited = tokio::time::timeout(PATIENCE, waiting).await;
        // An error only says that no more is to come.
        drop(waited.expect("the text in time"));
        self.stderr.borrow().clone()
    }

    /// Whether the process left nothing in its folder.
    pub(crate) fn left_nothing(&self) -> bool {
        let mut left = self.folder.path().read_dir().expect("the folder");
        left.next().is_none()
    }
}
