//! Running by hand, for a debugger: the CLIs use the process that the environment variable
//! TF_REATTACH_PROVIDERS names, in place of one that they start.

use serde_json::json;

use super::handshake::PROTOCOL_VERSION;
use super::listener::Address;

/// The value of TF_REATTACH_PROVIDERS for a provider at `address`. A provider of a default registry
/// goes by its short name, which each CLI completes with its own registry.
pub(crate) fn value(source: &str, address: &Address) -> String {
    let short = ["registry.terraform.io/", "registry.opentofu.org/"]
        .iter()
        .find_map(|host| source.strip_prefix(host))
        .unwrap_or(source);
    json!({
        short: {
            "Protocol": "grpc",
            "ProtocolVersion": PROTOCOL_VERSION,
            "Pid": std::process::id(),
            // Without it the CLI neither takes the version from here nor leaves the process alone.
            "Test": true,
            "Addr": {"Network": address.network(), "String": address.text()},
        }
    })
    .to_string()
}

/// What a process that runs by hand says on standard output.
pub(crate) fn instructions(source: &str, address: &Address) -> String {
    let value = value(source, address);
    format!(
        "The provider is running, without TLS, until it gets an interrupt (Ctrl-C).\n\
         To have terraform or tofu use it, set this in their environment:\n\n\
         \tTF_REATTACH_PROVIDERS='{value}'\n\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(source: &str) -> Option<String> {
        let address = Address::Unix("/tmp/x/socket".into());
        let value: serde_json::Value = serde_json::from_str(&value(source, &address)).ok()?;
        assert_eq!(value.as_object()?.len(), 1);
        value.as_object()?.keys().next().cloned()
    }

    #[test]
    fn a_default_registry_is_left_to_the_cli() {
        for source in ["registry.terraform.io/a/b", "registry.opentofu.org/a/b"] {
            assert_eq!(key(source).as_deref(), Some("a/b"));
        }
        assert_eq!(key("example.test/a/b").as_deref(), Some("example.test/a/b"));
    }

    #[test]
    fn the_value_has_what_the_clis_read() -> Result<(), serde_json::Error> {
        let text = value("example.test/a/b", &Address::Unix("/tmp/x/socket".into()));
        let value: serde_json::Value = serde_json::from_str(&text)?;
        assert_eq!(
            value["example.test/a/b"],
            json!({
                "Protocol": "grpc",
                "ProtocolVersion": 6,
                "Pid": std::process::id(),
                "Test": true,
                "Addr": {"Network": "unix", "String": "/tmp/x/socket"},
            })
        );
        Ok(())
    }
}
