//! Azure Arc: the agent on a machine elsewhere lets those in who may read its files. It names a file and wants its content
//! back.
//!
//! Anybody may listen where the agent should, and name a file that is not the agent's to be told what is in it. Hence a file is
//! read only if it lies in the agent's own folder, is called as its keys are, and is as small as they are.

use std::path::{Path, PathBuf};

use http::{Method, StatusCode, header};
use tokio::io::AsyncReadExt as _;
use url::Url;

use super::UserAssigned;
use super::answer::Answer;
use super::exchange::{Again, Exchange};
use crate::credential::{Secret, Token};

pub(super) const NAME: &str = "Azure Arc";
const API_VERSION: &str = "2019-11-01";
/// No key of the agent is longer.
const KEY: u64 = 4096;

/// Where the agent keeps its keys, on the systems that it exists for.
pub(super) fn key_folder() -> Option<PathBuf> {
    if cfg!(target_os = "linux") {
        Some(PathBuf::from("/var/opt/azcmagent/tokens"))
    } else if cfg!(windows) {
        let data = std::env::var_os("ProgramData")?;
        Some(PathBuf::from(data).join("AzureConnectedMachineAgent").join("Tokens"))
    } else {
        None
    }
}

pub(super) async fn token(
    exchange: &Exchange<'_>,
    endpoint: &Url,
    folder: Option<&Path>,
) -> Result<Token, String> {
    if *exchange.identity != UserAssigned::None {
        return Err(format!(
            "a machine of it has its system-assigned identity alone, and not {}; leave the identity's ID out",
            exchange.identity
        ));
    }
    let query = [("api-version", API_VERSION), ("resource", exchange.resource)];
    let request = || exchange.request(Method::GET, endpoint, &query).header("metadata", "true");
    let first = exchange.send(request(), Again::Usually).await?;
    if first.status != StatusCode::UNAUTHORIZED {
        return exchange.token(&first);
    }
    let folder = folder.ok_or("its agent exists for Linux and Windows alone")?;
    let file = key_file(&first, folder)?;
    let key = read(&file).await?;
    let key = exchange.secret(&format!("the key file {}", file.display()), "Basic ", &key)?;
    let second = exchange.send(request().header(header::AUTHORIZATION, key), Again::Usually).await?;
    if second.status == StatusCode::UNAUTHORIZED {
        return Err(format!("it does not accept the key in {}, which it has named itself", file.display()));
    }
    exchange.token(&second)
}

/// The file that a challenge names, if it is one of the agent's.
fn key_file(challenge: &Answer, folder: &Path) -> Result<PathBuf, String> {
    let named = challenge.challenge.as_deref().and_then(realm);
    let named =
        named.ok_or("it asks for a key and names no file for it (WWW-Authenticate: Basic realm=FILE)")?;
    let file = PathBuf::from(named);
    // Compared by names: a path with ".." in it has another folder, wherever it leads.
    let is_own =
        file.parent() == Some(folder) && file.extension().is_some_and(|extension| extension == "key");
    if is_own {
        Ok(file)
    } else {
        Err(format!(
            "it names {named:?} as its key, which was not read: its agent's keys are the files {}; something else may listen at IDENTITY_ENDPOINT",
            folder.join("*.key").display()
        ))
    }
}

/// The realm of a challenge of the Basic scheme.
fn realm(challenge: &str) -> Option<&str> {
    let (scheme, rest) = challenge.trim().split_once(' ')?;
    let (name, value) = rest.trim().split_once('=')?;
    let is_basic = scheme.eq_ignore_ascii_case("basic") && name.trim().eq_ignore_ascii_case("realm");
    let value = value.trim().trim_matches('"');
    (is_basic && !value.is_empty()).then_some(value)
}

async fn read(file: &Path) -> Result<Secret, String> {
    let shown = file.display();
    let failed = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::PermissionDenied => format!(
            "the key file {shown} cannot be read: {error}; on Linux, the user must be in the group \"himds\""
        ),
        _ => format!("the key file {shown} cannot be read: {error}"),
    };
    // A link in the folder could lead out of it.
    let metadata = tokio::fs::symlink_metadata(file).await.map_err(failed)?;
    if !metadata.is_file() {
        return Err(format!("the key file {shown} is not a file, and was not read"));
    }
    let mut key = Vec::new();
    let opened = tokio::fs::File::open(file).await.map_err(failed)?;
    opened.take(KEY + 1).read_to_end(&mut key).await.map_err(failed)?;
    if key.len() as u64 > KEY {
        return Err(format!("the key file {shown} has more than {KEY} bytes, and is not a key of its agent"));
    }
    match String::from_utf8(key) {
        Ok(key) if !key.trim().is_empty() => Ok(Secret::new(key.trim())),
        _ => Err(format!("the key file {shown} holds no key")),
    }
}
