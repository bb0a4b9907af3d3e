//! How the CLI that started this process and the process agree to talk: what the CLI says by the
//! environment, and the one line that answers on standard output.

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use super::listener::Address;

/// Major version of the plugin protocol that is served.
pub(crate) const PROTOCOL_VERSION: u32 = 6;

/// Environment variable by which a CLI tells a plugin from a program that was run by mistake. The
/// pair is no secret.
const COOKIE_NAME: &str = "TF_PLUGIN_MAGIC_COOKIE";
const COOKIE_VALUE: &str = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";

/// What the CLI asks for by the environment.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Environment {
    /// The process was started by a CLI, not by hand.
    pub(crate) started_by_cli: bool,
    /// The certificate that the CLI will present, in PEM; none where it turned TLS off.
    pub(crate) client_certificate: Option<String>,
    /// Folder for the socket, if not the one for temporary files.
    pub(crate) socket_dir: Option<PathBuf>,
    /// Ports for systems without unix sockets.
    pub(crate) ports: (u16, u16),
    /// The CLI reads a seventh field in the answer, on multiplexing, which is not served.
    pub(crate) asks_for_multiplexing: bool,
}

impl Environment {
    /// Reads the environment through `var`.
    pub(crate) fn read(var: impl Fn(&str) -> Option<OsString>) -> Self {
        let text = |name: &str| {
            var(name).and_then(|value| value.into_string().ok()).filter(|value| !value.is_empty())
        };
        let port =
            |name: &str, otherwise: u16| text(name).and_then(|value| value.parse().ok()).unwrap_or(otherwise);
        Self {
            started_by_cli: text(COOKIE_NAME).is_some_and(|value| value == COOKIE_VALUE),
            client_certificate: text("PLUGIN_CLIENT_CERT"),
            socket_dir: var("PLUGIN_UNIX_SOCKET_DIR").filter(|value| !value.is_empty()).map(PathBuf::from),
            ports: (port("PLUGIN_MIN_PORT", 10_000), port("PLUGIN_MAX_PORT", 25_000)),
            asks_for_multiplexing: text("PLUGIN_MULTIPLEX_GRPC").is_some(),
        }
    }
}

/// The line by which the CLI learns where to connect. It names protocol 6 whatever the CLI offered:
/// one that does not speak it then says so in its own words.
pub(crate) fn line(address: &Address, certificate: Option<&[u8]>, multiplexing: bool) -> String {
    let certificate = certificate.map(|der| STANDARD_NO_PAD.encode(der)).unwrap_or_default();
    let (network, address) = (address.network(), address.text());
    // Older clients take a seventh field for a part of the certificate.
    let multiplexing = if multiplexing { "|false" } else { "" };
    format!("1|{PROTOCOL_VERSION}|{network}|{address}|grpc|{certificate}{multiplexing}\n")
}

/// Writes the line, the first and last thing on standard output.
pub(crate) fn announce(line: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(line.as_bytes())?;
    out.flush()
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    fn environment(pairs: &[(&str, &str)]) -> Environment {
        let map: HashMap<_, _> = pairs.iter().copied().collect();
        Environment::read(|name| map.get(name).map(OsString::from))
    }

    #[test]
    fn an_empty_environment_is_a_run_by_hand() {
        let read = environment(&[]);
        assert!(!read.started_by_cli);
        assert_eq!(read.client_certificate, None);
        assert_eq!(read.ports, (10_000, 25_000));
    }

    #[test]
    fn the_cookie_has_to_match() {
        assert!(!environment(&[(COOKIE_NAME, "other")]).started_by_cli);
        assert!(environment(&[(COOKIE_NAME, COOKIE_VALUE)]).started_by_cli);
    }

    #[test]
    fn empty_variables_count_as_absent() {
        let read = environment(&[
            ("PLUGIN_CLIENT_CERT", ""),
            ("PLUGIN_UNIX_SOCKET_DIR", ""),
            ("PLUGIN_MULTIPLEX_GRPC", ""),
        ]);
        assert_eq!(read.client_certificate, None);
        assert_eq!(read.socket_dir, None);
        assert!(!read.asks_for_multiplexing);
    }

    #[test]
    fn the_line_has_six_fields_and_no_padding() {
        let address = Address::Tcp(([127, 0, 0, 1], 12345).into());
        assert_eq!(line(&address, Some(b"a"), false), "1|6|tcp|127.0.0.1:12345|grpc|YQ\n");
        assert_eq!(line(&address, None, false), "1|6|tcp|127.0.0.1:12345|grpc|\n");
    }

    #[test]
    fn the_seventh_field_comes_only_when_asked_for() {
        let address = Address::Unix("/run/s".into());
        assert_eq!(line(&address, None, true), "1|6|unix|/run/s|grpc||false\n");
    }
}
