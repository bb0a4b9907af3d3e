//! A way to sign in, with what it takes.

use std::fmt;
use std::path::PathBuf;

use arm::Secret;

/// One way to sign in that can be tried.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Way {
    /// As users know it.
    pub(crate) name: &'static str,
    /// What it takes.
    pub(crate) how: How,
}

/// What a way to sign in takes.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum How {
    /// As an application with a certificate.
    Certificate { application: Application, certificate: Source, password: Option<Secret> },
    /// As an application with a secret.
    ClientSecret { application: Application, secret: Source },
    /// As an application that trusts an issuer of OIDC tokens.
    Oidc { application: Application, token: Oidc },
    /// As the identity of the machine.
    ManagedIdentity { identity: Identity, endpoint: Option<String> },
    /// As whoever is signed in to the Azure CLI.
    AzureCli { tenant_id: Option<String> },
}

/// An application of a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Application {
    pub(crate) tenant_id: String,
    pub(crate) client_id: Source,
}

/// A text, or the file that has it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Source {
    Text(Secret),
    File(PathBuf),
}

/// Secrets are not shown.
impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(_) => f.write_str("Text"),
            Self::File(path) => write!(f, "File({path:?})"),
        }
    }
}

/// Where an OIDC token comes from.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Oidc {
    Token(Secret),
    File(PathBuf),
    GitHubActions { url: Secret, token: Secret },
    AzureDevOps { url: Secret, token: Secret, service_connection_id: String },
}

/// Which of the machine's identities.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Identity {
    System,
    /// By its client ID.
    Client(Source),
    /// By its object ID.
    Object(String),
    /// By its resource ID.
    Resource(String),
}
