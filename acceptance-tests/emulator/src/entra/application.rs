//! Registered applications: their secrets, certificates, and the issuers that they trust.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

use super::certificate::{Certificate, Issued};
use super::directory::{Kind, PRINCIPALS, Principal};
use super::issuer::Issuer;
use super::secrets::Secrets;

/// An issuer, subject and audience whose tokens are as good as a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Federated {
    /// Name of the record.
    pub name: String,
    /// The `iss` that a token must have.
    pub issuer: String,
    /// Its `sub`.
    pub subject: String,
    /// Its `aud`.
    pub audience: String,
}

/// An application with its credentials.
#[derive(Debug)]
pub struct Application {
    /// Who it is.
    pub principal: Principal,
    /// The secret that is good.
    pub secret: String,
    /// The secret that was.
    pub expired_secret: String,
    credentials: Mutex<Credentials>,
}

#[derive(Debug, Default)]
struct Credentials {
    certificates: Vec<Certificate>,
    federated: Vec<Federated>,
    // What was written for a test that asked; made once.
    files: Option<Value>,
}

impl Application {
    /// Every application of the directory, the main one with this secret.
    pub fn all(secret: &str, issuers: &[Issuer], secrets: &Secrets) -> Vec<Self> {
        let applications = PRINCIPALS.iter().filter(|p| p.kind == Kind::Application);
        applications
            .map(|principal| {
                let main = principal.name == super::directory::MAIN.name;
                let own = if main { secret.to_owned() } else { random_secret() };
                let expired_secret = random_secret();
                secrets.add("client_secret", &own);
                secrets.add("client_secret", &expired_secret);
                let federated = issuers.iter().filter(|_| main).map(Issuer::record).collect();
                let credentials = Mutex::new(Credentials { federated, ..Credentials::default() });
                Self { principal: *principal, secret: own, expired_secret, credentials }
            })
            .collect()
    }

    /// Registers another certificate.
    pub fn register(&self, certificate: Certificate) {
        self.lock().certificates.push(certificate);
    }

    /// Adds a trusted issuer.
    pub fn trust(&self, federated: Federated) {
        self.lock().federated.push(federated);
    }

    /// The registered certificate that a condition holds for.
    pub fn certificate(&self, fits: impl Fn(&Certificate) -> bool) -> Option<Certificate> {
        self.lock().certificates.iter().find(|c| fits(c)).cloned()
    }

    /// The issuers that it trusts.
    pub fn federated(&self) -> Vec<Federated> {
        self.lock().federated.clone()
    }

    /// All that a test needs to sign in as it. Certificates are made and written when they are first asked for.
    pub fn describe(&self, folder: &Path, secrets: &Secrets) -> Result<Value, String> {
        let mut credentials = self.lock();
        let mut shown = json!({
            "name": self.principal.name,
            "client_id": self.principal.client_id,
            "object_id": self.principal.object_id,
            "tenants": self.principal.tenants,
            "subscriptions": self.principal.subscriptions,
            "secret": self.secret,
            "expired_secret": self.expired_secret,
            "federated_credentials": credentials.federated.iter().map(|f| json!({
                "name": f.name, "issuer": f.issuer, "subject": f.subject, "audiences": [f.audience],
            })).collect::<Vec<_>>(),
        });
        if self.principal == super::directory::MAIN {
            if credentials.files.is_none() {
                let (files, registered) = self.make_certificates(folder, secrets)?;
                credentials.certificates.extend(registered);
                credentials.files = Some(files);
            }
            let files = credentials.files.iter().filter_map(Value::as_object).flatten();
            for (name, value) in files {
                shown[name] = value.clone();
            }
        }
        Ok(shown)
    }

    fn make_certificates(
        &self,
        folder: &Path,
        secrets: &Secrets,
    ) -> Result<(Value, Vec<Certificate>), String> {
        let good = Issued::make(false)?;
        let expired = Issued::make(true)?;
        let stranger = Issued::make(false)?;
        let mut files = json!({});
        for (name, issued) in [
            ("certificate", &good),
            ("expired_certificate", &expired),
            ("unregistered_certificate", &stranger),
        ] {
            files[name] = issued.write(folder, name, secrets)?;
        }
        Ok((files, vec![good.certificate, expired.certificate]))
    }

    fn lock(&self) -> MutexGuard<'_, Credentials> {
        self.credentials.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A secret as long as those of the service.
pub fn random_secret() -> String {
    format!("{}~{}", uuid::Uuid::new_v4().simple(), uuid::Uuid::new_v4().simple())
}
