//! What is wrong with a host's certificate, in words.

use std::error::Error as StdError;
use std::io;

use jiff::Timestamp;
use rustls::CertificateError;
use rustls::pki_types::UnixTime;

/// Why a certificate is not to be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CertificateFault {
    /// Nobody that is trusted here has signed it.
    UnknownIssuer,
    /// It is another host's.
    WrongName,
    /// Its time is over, or this machine's clock is ahead.
    Expired,
    /// Its time has not begun, or this machine's clock is behind.
    NotYetValid,
    /// Something else.
    Other,
}

/// The error of TLS that an error is, or that is inside an error of input and output, which the chain of sources passes over.
pub(super) fn tls<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a rustls::Error> {
    if let Some(found) = error.downcast_ref::<rustls::Error>() {
        return Some(found);
    }
    let inner: &'a (dyn StdError + 'static) =
        error.downcast_ref::<io::Error>().and_then(io::Error::get_ref)?;
    tls(inner)
}

/// What an error of TLS says about the certificate; nothing where it is about something else.
pub(super) fn fault(error: &rustls::Error) -> Option<CertificateFault> {
    use CertificateError as E;
    let rustls::Error::InvalidCertificate(error) = error else { return None };
    Some(match error {
        // An authority that was made anew under its old name signs with another key.
        E::UnknownIssuer | E::BadSignature => CertificateFault::UnknownIssuer,
        E::NotValidForName | E::NotValidForNameContext { .. } => CertificateFault::WrongName,
        E::Expired | E::ExpiredContext { .. } => CertificateFault::Expired,
        E::NotValidYet | E::NotValidYetContext { .. } => CertificateFault::NotYetValid,
        _ => CertificateFault::Other,
    })
}

/// An error of TLS as a user can read it.
pub(super) fn words(error: &rustls::Error) -> String {
    use CertificateError as E;
    let rustls::Error::InvalidCertificate(certificate) = error else { return error.to_string() };
    match certificate {
        E::UnknownIssuer => "its certificate is signed by an authority that is not trusted here".to_owned(),
        E::BadSignature => {
            "its certificate is not signed by the authority of that name that is trusted here".to_owned()
        }
        E::NotValidForNameContext { presented, .. } if presented.is_empty() => {
            "its certificate is for no host at all".to_owned()
        }
        E::NotValidForNameContext { presented, .. } => {
            let names: Vec<&str> = presented.iter().map(|name| bare(name)).collect();
            format!("its certificate is for {}", names.join(", "))
        }
        E::ExpiredContext { time, not_after } => {
            format!(
                "its certificate expired at {}; it is {} by this machine's clock",
                at(*not_after),
                at(*time)
            )
        }
        E::NotValidYetContext { time, not_before } => format!(
            "its certificate is valid from {} only; it is {} by this machine's clock",
            at(*not_before),
            at(*time)
        ),
        other if format!("{other:?}").contains("CaUsedAsEndEntity") => {
            "its certificate is that of an authority, which cannot stand for a host".to_owned()
        }
        _ => error.to_string(),
    }
}

/// A name out of `DnsName("host")`.
fn bare(name: &str) -> &str {
    name.split('"').nth(1).unwrap_or(name)
}

fn at(time: UnixTime) -> Timestamp {
    let seconds = i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
    Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tls_is_found_inside_other_errors() {
        let inside = rustls::Error::General("x".into());
        assert!(tls(&io::Error::other(io::Error::other(inside))).is_some());
        assert!(tls(&io::Error::other("x")).is_none());
    }

    #[test]
    fn what_is_not_about_a_certificate_is_left_as_it_is() {
        let error = rustls::Error::General("x".into());
        assert_eq!(fault(&error), None);
        assert_eq!(words(&error), "unexpected error: x");
        let error = rustls::Error::InvalidCertificate(CertificateError::Revoked);
        assert_eq!(fault(&error), Some(CertificateFault::Other));
        assert_eq!(words(&error), "invalid peer certificate: Revoked");
    }
}
