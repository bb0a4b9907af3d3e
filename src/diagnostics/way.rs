//! What to do about each thing that can go wrong on the way to Azure: names, connections, certificates, proxies, clocks;
//! and about a cloud that lags behind the API versions that are asked of it.

use arm::{CertificateFault, NetworkKind, ProxyFault, VersionNotServed};

/// What to do about a request that was lost on this part of the way.
pub(super) fn remedy(kind: NetworkKind) -> &'static str {
    match kind {
        NetworkKind::Name => {
            "Check environment, metadata_host or endpoints in the provider block, and whether this machine resolves names: behind a proxy, set HTTPS_PROXY; in a private network, look at its DNS."
        }
        NetworkKind::Connect => {
            "Check environment, metadata_host or endpoints in the provider block, and the network: behind a proxy, set HTTPS_PROXY, and NO_PROXY for hosts that are reached without it."
        }
        NetworkKind::ConnectTimeout => {
            "Nothing came back at all, as when a firewall drops packets. Let it pass HTTPS to this host; behind a proxy, set HTTPS_PROXY."
        }
        NetworkKind::Proxy(ProxyFault::Unreachable) => {
            "Correct HTTPS_PROXY, or put the host into NO_PROXY if it is reached without the proxy."
        }
        NetworkKind::Proxy(ProxyFault::Credentials) => {
            "Give HTTPS_PROXY a user name and a password that the proxy accepts, as in http://USER:PASSWORD@HOST:PORT with special characters percent-encoded, or put the host into NO_PROXY if it is reached without the proxy."
        }
        NetworkKind::Proxy(ProxyFault::Refused) => {
            "Have the proxy let HTTPS through to this host (CONNECT to port 443), or put the host into NO_PROXY if it is reached without the proxy."
        }
        NetworkKind::Certificate(fault) => certificate(fault),
        NetworkKind::Tls => {
            "TLS 1.2 or later is needed. Check that the host and its port speak HTTPS, and that no proxy cuts in."
        }
        NetworkKind::PlainHttp => "Write the endpoint with https:.",
        NetworkKind::Timeout | NetworkKind::Send | NetworkKind::Body => {
            "The request may have been carried out nevertheless. Run plan again: it reads what is there."
        }
    }
}

/// The same for a read, or a request for a token, which change nothing wherever they were lost.
pub(super) fn remedy_of_read(kind: NetworkKind) -> &'static str {
    if kind.may_have_arrived() {
        "If this stays, look at the network between here and that host."
    } else {
        remedy(kind)
    }
}

fn certificate(fault: CertificateFault) -> &'static str {
    match fault {
        CertificateFault::UnknownIssuer => {
            "If a proxy inspects TLS here, or the cloud has an authority of its own, trust that authority: name its certificate in ca_certificate_file in the provider block, add it to the system's certificates, or name a file of all trusted ones in SSL_CERT_FILE."
        }
        CertificateFault::WrongName => {
            "Something else answers under this name. Check environment, metadata_host or endpoints in the provider block, HTTPS_PROXY, and the DNS of this machine."
        }
        CertificateFault::Expired => {
            "If this machine's clock is right, the certificate has to be renewed by whoever runs the host, or the proxy before it; else set the clock."
        }
        CertificateFault::NotYetValid => "This machine's clock is probably behind: set it.",
        CertificateFault::Other => "The host, or a proxy before it, has to present another certificate.",
    }
}

/// What there is to say about a version that the cloud does not serve.
pub(super) fn another_version(refused: &VersionNotServed) -> String {
    let namespace = &refused.namespace;
    let asked = match &refused.asked {
        Some(version) => format!("{version} of {namespace}"),
        None => format!("the version of {namespace} that is asked for"),
    };
    if refused.served.is_empty() {
        return format!(
            "This cloud does not serve {asked}. Name a version that it serves in the provider block."
        );
    }
    let served = refused.served.join(", ");
    format!(
        "This cloud does not serve {asked}. Versions that it serves: {served}. Ask for one of them in the provider block."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(asked: Option<&str>, served: &[&str]) -> VersionNotServed {
        VersionNotServed {
            namespace: "Microsoft.Network".to_owned(),
            asked: asked.map(str::to_owned),
            served: served.iter().map(|version| (*version).to_owned()).collect(),
        }
    }

    #[test]
    fn the_versions_that_are_served_are_named() {
        assert_eq!(
            another_version(&refused(
                Some("2026-09-01"),
                &["2023-04-01", "2023-10-01", "2024-01-01-preview"]
            )),
            "This cloud does not serve 2026-09-01 of Microsoft.Network. Versions that it serves: 2023-04-01, 2023-10-01, 2024-01-01-preview. Ask for one of them in the provider block."
        );
        assert_eq!(
            another_version(&refused(None, &[])),
            "This cloud does not serve the version of Microsoft.Network that is asked for. Name a version that it serves in the provider block."
        );
    }
}
