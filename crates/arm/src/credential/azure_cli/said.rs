//! What the Azure CLI says when it gives no token, and what that means for the user.
//!
//! Its texts are those of the CLI and of Entra ID behind it. (K)

use std::process::Output;

use crate::credential::{CredentialError, aadsts};

/// Codes of Entra ID and words of the CLI by which it asks for a sign-in anew, with what is the matter.
const STALE: &[(&str, &str)] = &[
    ("AADSTS50173", "is void, as the password was changed or the sign-in revoked"),
    ("AADSTS700082", "has expired, as it was not used for long"),
    ("AADSTS700084", "has expired"),
    ("AADSTS70043", "has expired, by the tenant's rules on how often to sign in"),
    ("AADSTS70008", "has expired"),
    ("AADSTS50076", "lacks the second factor that the tenant demands"),
    ("AADSTS50079", "lacks the second factor that the tenant demands"),
    ("AADSTS50078", "needs the second factor anew"),
    ("AADSTS50158", "does not meet a policy of the tenant"),
    ("AADSTS53000", "comes from a device that the tenant does not allow"),
    ("AADSTS65001", "lacks the consent of a person or an administrator"),
    ("interaction_required", "needs a person"),
    ("Interactive authentication", "needs a person"),
];
/// What Entra ID says of a tenant that is not there, or does not know the account.
const TENANT: &[&str] =
    &["AADSTS90002", "AADSTS900023", "AADSTS50020", "AADSTS500571", "AADSTS50034", "AADSTS700016"];
const SIGNED_OUT: &[&str] = &["az login", "az account set", "MSAL token cache"];
/// What a CLI says that does not know an option or command.
const OLD: &[&str] = &["unrecognized arguments: --scope", "is misspelled or not recognized by the system"];

/// Why the CLI ended without success, when a token of this tenant was wanted.
pub(super) fn explain(output: &Output, tenant: Option<&str>) -> CredentialError {
    let message = message(&output.stderr);
    let has = |words: &str| message.contains(words);
    let tenant_id = tenant.map(str::to_owned);
    // A code says more than the CLI's advice beside it, and a longer one contains shorter ones.
    if let Some((_, why)) = STALE.iter().find(|(words, _)| has_code(&message, words)) {
        CredentialError::CliStale { why, tenant: tenant_id, message }
    } else if let Some(tenant) = tenant.filter(|_| TENANT.iter().any(|code| has_code(&message, code))) {
        CredentialError::CliTenant { tenant: tenant.to_owned(), message }
    } else if aadsts::remedy_in(&message).is_some() {
        // Whatever the CLI advises: another sign-in does not help.
        CredentialError::Cli { message }
    } else if OLD.iter().any(|words| has(words)) {
        CredentialError::CliOld { message }
    } else if SIGNED_OUT.iter().any(|words| has(words)) {
        CredentialError::CliSignedOut { tenant: tenant_id, message }
    } else if let Some(subscription) = unknown_subscription(&message) {
        CredentialError::CliSubscription { subscription, known: None }
    } else if message.is_empty() {
        CredentialError::Cli { message: format!("it ended with {} and said nothing", output.status) }
    } else {
        CredentialError::Cli { message }
    }
}

/// The subscription of which the CLI says that it has none such.
fn unknown_subscription(message: &str) -> Option<String> {
    let (subscription, rest) = message.strip_prefix("Subscription '")?.split_once('\'')?;
    rest.starts_with(" not found").then(|| subscription.to_owned())
}

/// Whether the text has the words, and not as the beginning of a longer number.
fn has_code(text: &str, words: &str) -> bool {
    text.match_indices(words)
        .any(|(at, _)| !text[at + words.len()..].starts_with(|next: char| next.is_ascii_digit()))
}

/// The CLI's error in one line, without the warnings before it.
fn message(stderr: &[u8]) -> String {
    let text = String::from_utf8_lossy(stderr);
    let text = text.find("ERROR: ").map_or(&*text, |at| &text[at + "ERROR: ".len()..]);
    let lines = text.lines().filter(|line| !line.starts_with("WARNING: "));
    lines.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
}
