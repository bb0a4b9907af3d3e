//! Which ways to sign in are configured, and in which order they are tried. Nothing is read or asked here.
//!
//! What somebody configured for this run has to be complete, and is not replaced by an identity that nobody named: the Azure
//! CLI joins by itself only where nothing else was asked for. `docs/decisions/sign-in-chain.md` has the reasons.

use std::path::PathBuf;

use arm::Secret;
use tfplugin::Diagnostic;

use super::Settings;
use super::variables::{
    CERTIFICATE, CERTIFICATE_FILE, CERTIFICATE_PASSWORD, CLIENT_ID, CLIENT_ID_FILE, CLIENT_SECRET,
    CLIENT_SECRET_FILE, FEDERATED_TOKEN_FILE, Found, MSI_ENDPOINT, MSI_OBJECT_ID, MSI_RESOURCE_ID,
    OIDC_REQUEST_TOKEN, OIDC_REQUEST_URL, OIDC_TOKEN, OIDC_TOKEN_FILE, SERVICE_CONNECTION, Setting,
    TENANT_ID, USE_AKS, USE_CLI, USE_MSI, USE_OIDC,
};
use super::way::{Application, How, Identity, Oidc, Source, Way};

/// What was found of a way to sign in.
enum Part {
    /// All of it; whether somebody asked for it, rather than it being there.
    Way(Way, bool),
    /// Somebody asked for it, and this is missing.
    Incomplete(&'static str, Vec<String>),
    /// All of it, in variables that are not this provider's own, and this is wrong.
    Wrong(Diagnostic),
    /// Nothing that was asked for.
    None,
}

/// The application as far as it is named.
struct Named {
    tenant_id: Option<Found>,
    client_id: Option<(usize, Found)>,
}

impl Named {
    fn application(&self) -> Result<Application, Vec<String>> {
        match (&self.tenant_id, &self.client_id) {
            (Some(tenant_id), Some((index, client_id))) => {
                Ok(Application { tenant_id: tenant_id.text.clone(), client_id: source(*index, client_id) })
            }
            (tenant_id, client_id) => Err([
                tenant_id.is_none().then(|| TENANT_ID.named()),
                client_id.is_none().then(|| CLIENT_ID.named()),
            ]
            .into_iter()
            .flatten()
            .collect()),
        }
    }

    /// Whether what names it is right.
    fn sound(&self) -> Result<(), Diagnostic> {
        self.tenant_id
            .iter()
            .chain(self.client_id.as_ref().map(|(_, found)| found))
            .try_for_each(Found::sound)
    }

    /// The way of an application with what proves it. What nobody asked for is left out where it lacks something, or where that
    /// is wrong.
    fn way(
        &self,
        name: &'static str,
        asked: bool,
        how: impl FnOnce(Application) -> How,
    ) -> Result<Part, Diagnostic> {
        match (self.application(), self.sound()) {
            (Err(missing), _) if asked => Ok(Part::Incomplete(name, missing)),
            (Ok(_), Err(wrong)) if asked => Err(wrong),
            (Ok(application), Ok(())) => Ok(Part::Way(Way { name, how: how(application) }, asked)),
            _ => Ok(Part::None),
        }
    }

    /// The way of an application with a secret or a certificate of its own. No platform sets these for every program, so that
    /// whoever has set all of them means them, whatever the variables are called.
    fn way_by(
        &self,
        name: &'static str,
        proof: &Found,
        how: impl FnOnce(Application) -> How,
    ) -> Result<Part, Diagnostic> {
        match self.way(name, proof.is_explicit() || self.application().is_ok(), how) {
            Err(wrong) if !proof.is_explicit() => Ok(Part::Wrong(wrong)),
            part => part,
        }
    }
}

/// The first of a pair is a text, the second a file.
fn source(index: usize, found: &Found) -> Source {
    if index == 0 {
        Source::Text(Secret::new(&*found.text))
    } else {
        Source::File(PathBuf::from(&found.text))
    }
}

fn secret(found: &Found) -> Secret {
    Secret::new(&*found.text)
}

impl Settings {
    /// The ways to sign in that are configured, in the order in which they are tried: one at least.
    pub(crate) fn sign_in(&self) -> Result<Vec<Way>, Diagnostic> {
        let named = Named {
            tenant_id: self.text(&TENANT_ID)?,
            client_id: self.first(&[&CLIENT_ID, &CLIENT_ID_FILE])?,
        };
        let parts = [
            self.certificate(&named)?,
            self.client_secret(&named)?,
            self.oidc(&named)?,
            self.aks(&named)?,
            self.managed_identity(&named)?,
        ];
        let use_cli = self.switch(&USE_CLI)?;
        let (mut ways, mut asked, mut wrong) = (Vec::new(), use_cli == Some(true), None);
        for part in parts {
            match part {
                Part::Way(way, by_name) => {
                    asked |= by_name;
                    // The token file of AKS serves as that of OIDC as well.
                    if ways.iter().all(|known: &Way| known.how != way.how) {
                        ways.push(way);
                    }
                }
                Part::Incomplete(name, missing) => return Err(incomplete(name, &missing)),
                Part::Wrong(diagnostic) => wrong = wrong.or(Some(diagnostic)),
                Part::None => {}
            }
        }
        // Where nothing else was asked for, that was meant: it must not become the Azure CLI's run.
        if let Some(diagnostic) = wrong.filter(|_| !asked) {
            return Err(diagnostic);
        }
        // Who names an application means to sign in as it.
        let application = named.client_id.as_ref().is_some_and(|(_, found)| found.is_explicit());
        if use_cli.unwrap_or(!asked && !application) {
            named.tenant_id.iter().try_for_each(Found::sound)?;
            let tenant_id = named.tenant_id.as_ref().map(|found| found.text.clone());
            ways.push(Way { name: "Azure CLI", how: How::AzureCli { tenant_id } });
        }
        if ways.is_empty() { Err(nothing(&named, application)) } else { Ok(ways) }
    }

    fn certificate(&self, named: &Named) -> Result<Part, Diagnostic> {
        let Some((index, found)) = self.first(&[&CERTIFICATE, &CERTIFICATE_FILE])? else {
            return Ok(Part::None);
        };
        let password = self.text(&CERTIFICATE_PASSWORD)?.as_ref().map(secret);
        named.way_by("client certificate", &found, |application| How::Certificate {
            application,
            certificate: source(index, &found),
            password,
        })
    }

    fn client_secret(&self, named: &Named) -> Result<Part, Diagnostic> {
        let Some((index, found)) = self.first(&[&CLIENT_SECRET, &CLIENT_SECRET_FILE])? else {
            return Ok(Part::None);
        };
        named.way_by("client secret", &found, |application| How::ClientSecret {
            application,
            secret: source(index, &found),
        })
    }

    fn oidc(&self, named: &Named) -> Result<Part, Diagnostic> {
        let switch = self.switch(&USE_OIDC)?;
        if switch == Some(false) {
            return Ok(Part::None);
        }
        let on = switch == Some(true);
        if let Some((index, found)) = self.first(&[&OIDC_TOKEN, &OIDC_TOKEN_FILE])? {
            let (name, token) = match source(index, &found) {
                Source::Text(token) => ("OIDC token", Oidc::Token(token)),
                Source::File(path) => ("OIDC token file", Oidc::File(path)),
            };
            return named
                .way(name, on || found.is_explicit(), |application| How::Oidc { application, token });
        }
        if let Some(connection) = self.text(&SERVICE_CONNECTION)? {
            return self.azure_devops(named, &connection, on);
        }
        self.github_actions(named, on)
    }

    /// A job of Azure DevOps with a service connection. The runner sets the URL, and the job has to hand over its token.
    fn azure_devops(&self, named: &Named, connection: &Found, on: bool) -> Result<Part, Diagnostic> {
        const NAME: &str = "OIDC token of Azure DevOps";
        let asked = on || connection.is_explicit();
        let (url, token) = self.issuer("SYSTEM_")?;
        match connection.sound().and(url.iter().try_for_each(Found::sound)) {
            Err(wrong) if asked => return Err(wrong),
            Err(_) => return Ok(Part::None),
            Ok(()) => {}
        }
        match (url, token) {
            (Some(url), Some(token)) => named.way(NAME, asked, |application| How::Oidc {
                application,
                token: Oidc::AzureDevOps {
                    url: secret(&url),
                    token: secret(&token),
                    service_connection_id: connection.text.clone(),
                },
            }),
            (url, token) if asked => {
                let of = |found: Option<Found>, setting: &Setting, variable: &str| {
                    found.is_none().then(|| format!("{} ({variable})", setting.attribute))
                };
                let missing = [
                    of(url, &OIDC_REQUEST_URL, "SYSTEM_OIDCREQUESTURI"),
                    of(token, &OIDC_REQUEST_TOKEN, "SYSTEM_ACCESSTOKEN"),
                ];
                Ok(Part::Incomplete(NAME, missing.into_iter().flatten().collect()))
            }
            _ => Ok(Part::None),
        }
    }

    /// A job of GitHub Actions, whose runner sets both where the workflow has the permission `id-token: write`.
    fn github_actions(&self, named: &Named, on: bool) -> Result<Part, Diagnostic> {
        const NAME: &str = "OIDC token of GitHub Actions";
        match self.issuer("ACTIONS_")? {
            (Some(url), Some(token)) => {
                let asked = on || url.is_explicit() || token.is_explicit();
                match url.sound() {
                    Err(wrong) if asked => return Err(wrong),
                    Err(_) => return Ok(Part::None),
                    Ok(()) => {}
                }
                named.way(NAME, asked, |application| How::Oidc {
                    application,
                    token: Oidc::GitHubActions { url: secret(&url), token: secret(&token) },
                })
            }
            _ if on && self.aks_file()?.is_some() => {
                // In a pod of AKS, whoever switches OIDC on means the pod's token.
                self.aks_way("OIDC token file", named, true)
            }
            _ if on => {
                let missing = "oidc_token (ARM_OIDC_TOKEN), oidc_token_file_path (ARM_OIDC_TOKEN_FILE_PATH), or both oidc_request_url (ARM_OIDC_REQUEST_URL, ACTIONS_ID_TOKEN_REQUEST_URL) and oidc_request_token (ARM_OIDC_REQUEST_TOKEN, ACTIONS_ID_TOKEN_REQUEST_TOKEN); in Azure DevOps, ado_pipeline_service_connection_id (ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID)";
                Ok(Part::Incomplete("OIDC token", vec![missing.to_owned()]))
            }
            _ => Ok(Part::None),
        }
    }

    /// Where a runner's tokens are asked for, and with what; the variables of other runners are not this one's.
    fn issuer(&self, prefix: &str) -> Result<(Option<Found>, Option<Found>), Diagnostic> {
        let own = |name: &str| name.starts_with("ARM_") || name.starts_with(prefix);
        let one = |setting| match self.in_block(setting)? {
            Some(found) => Ok(Some(found)),
            None => self.in_variables(setting, own),
        };
        Ok((one(&OIDC_REQUEST_URL)?, one(&OIDC_REQUEST_TOKEN)?))
    }

    fn aks(&self, named: &Named) -> Result<Part, Diagnostic> {
        const NAME: &str = "AKS workload identity";
        let on = self.switch(&USE_AKS)? == Some(true);
        if on && self.aks_file()?.is_none() {
            let missing = format!(
                "{FEDERATED_TOKEN_FILE}, which AKS sets in pods whose service account has an identity"
            );
            return Ok(Part::Incomplete(NAME, vec![missing]));
        }
        self.aks_way(NAME, named, on)
    }

    /// The file with the token of a pod, unless it is switched off.
    fn aks_file(&self) -> Result<Option<PathBuf>, Diagnostic> {
        let off = self.switch(&USE_AKS)? == Some(false);
        Ok(self.variables.get(FEDERATED_TOKEN_FILE).filter(|_| !off).map(PathBuf::from))
    }

    fn aks_way(&self, name: &'static str, named: &Named, asked: bool) -> Result<Part, Diagnostic> {
        match self.aks_file()? {
            Some(file) => {
                named.way(name, asked, |application| How::Oidc { application, token: Oidc::File(file) })
            }
            None => Ok(Part::None),
        }
    }

    fn managed_identity(&self, named: &Named) -> Result<Part, Diagnostic> {
        if self.switch(&USE_MSI)? != Some(true) {
            return Ok(Part::None);
        }
        let identity = match self.first(&[&MSI_OBJECT_ID, &MSI_RESOURCE_ID])? {
            Some((0, found)) => Identity::Object(found.text),
            Some((_, found)) => Identity::Resource(found.text),
            None => match &named.client_id {
                Some((index, found)) => {
                    found.sound()?;
                    Identity::Client(source(*index, found))
                }
                None => Identity::System,
            },
        };
        let endpoint = self.text(&MSI_ENDPOINT)?.map(|found| found.text);
        Ok(Part::Way(
            Way { name: "managed identity", how: How::ManagedIdentity { identity, endpoint } },
            true,
        ))
    }
}

const INCOMPLETE: &str = "Incomplete Sign-In";

fn incomplete(name: &str, missing: &[String]) -> Diagnostic {
    let detail = format!("To sign in with the {name}, the provider also needs: {}.", missing.join(", "));
    Diagnostic::error(INCOMPLETE, detail)
}

/// Nothing to try is left.
fn nothing(named: &Named, application: bool) -> Diagnostic {
    if application {
        let missing = named.tenant_id.is_none().then(|| format!(" {} as well, and", TENANT_ID.named()));
        let detail = format!(
            "The provider knows which application to sign in as, but not how. It needs{} one of: client_certificate or client_certificate_path, client_secret (ARM_CLIENT_SECRET) or client_secret_file_path, oidc_token, oidc_token_file_path, or the OIDC variables of the pipeline. To sign in as a managed identity, set use_msi = true (ARM_USE_MSI); through the Azure CLI, use_cli = true (ARM_USE_CLI).",
            missing.unwrap_or_default()
        );
        return Diagnostic::error(INCOMPLETE, detail);
    }
    let detail = "The Azure CLI is switched off by use_cli = false (ARM_USE_CLI), and no other way to sign in is configured. Set tenant_id and client_id with client_secret, client_certificate_path or an OIDC token, or use_msi = true (ARM_USE_MSI).";
    Diagnostic::error(INCOMPLETE, detail)
}
