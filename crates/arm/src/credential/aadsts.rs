//! What a user can do about an error of Entra ID, by its code.

/// Code and remedy. All (K): general knowledge of Entra's codes, whose texts name a fault and rarely the way out.
const REMEDIES: &[(&str, &str)] = &[
    (
        "AADSTS7000215",
        "Use the value of the client secret, which the portal shows once when the secret is made, and not its ID; and see that it is a secret of this application.",
    ),
    ("AADSTS7000222", "The client secret has expired: add a new one to the application and use its value."),
    (
        "AADSTS7000112",
        "The application is disabled: enable its service principal under the tenant's enterprise applications.",
    ),
    (
        "AADSTS7000229",
        "The application has no service principal in this tenant: make one with \"az ad sp create --id CLIENT_ID\".",
    ),
    (
        "AADSTS700016",
        "Correct the client ID, which is the application's ID and not that of its object, or the tenant ID: the application must be registered in the tenant or have consent there.",
    ),
    ("AADSTS90002", "Correct the tenant ID. A tenant of another cloud is not found either."),
    (
        "AADSTS900023",
        "Correct the tenant ID: it is the ID of a directory, or a domain name that is verified for it.",
    ),
    ("AADSTS900382", "The tenant belongs to another cloud: choose that one as the environment."),
    (
        "AADSTS700027",
        "Upload this certificate to the application, under its certificates and secrets, or use the key that belongs to the one uploaded there.",
    ),
    (
        "AADSTS700030",
        "The certificate is not one that the application trusts: its subject name and issuer must be those that the application names.",
    ),
    (
        "AADSTS700024",
        "Set this machine's clock: what it signs, or was given to show, is not valid yet or not any more by Entra's clock.",
    ),
    (
        "AADSTS700023",
        "The assertion was made for another tenant or cloud: correct the tenant ID or the environment.",
    ),
    ("AADSTS700021", "The assertion was made for another application: correct the client ID."),
    (
        "AADSTS50027",
        "The token is not one that Entra ID can read: give it the OIDC token itself, whole and without quotes.",
    ),
    (
        "AADSTS50013",
        "Entra ID could not verify the token's signature: the issuer's keys must be published under its public address, and the token be passed on unchanged.",
    ),
    (
        "AADSTS500133",
        "The token has expired, or its clock is not Entra's: use a fresh one, and set the clock of the machine that issued it.",
    ),
    (
        "AADSTS90061",
        "Entra ID could not reach the issuer: its address, as the token names it, must be reachable from the internet and serve /.well-known/openid-configuration.",
    ),
    ("AADSTS70021", SUBJECT),
    (
        "AADSTS700211",
        "Add a federated credential with exactly this issuer to the application, or correct its issuer: case and a trailing slash count.",
    ),
    (
        "AADSTS700212",
        "The token was made for another audience than the federated credential of the application names, which by default is api://AzureADTokenExchange: ask the issuer for that one.",
    ),
    ("AADSTS700213", SUBJECT),
    ("AADSTS7002137", SUBJECT),
    (
        "AADSTS7002138",
        "Write the subject of the application's federated credential in the casing of the token's.",
    ),
    (
        "AADSTS500011",
        "The token was asked for a service that this tenant does not know. Correct the audience of endpoints (ARM_RESOURCE_MANAGER_AUDIENCE), or choose the cloud that the tenant is in as the environment: Resource Manager is known in every tenant of its own cloud.",
    ),
    ("AADSTS50034", "The account does not exist in this tenant: correct the tenant ID or the account."),
    (
        "AADSTS53003",
        "A conditional access policy of the tenant blocks this sign-in: run from where the policy allows it, or have the policy exempt the service principal.",
    ),
    (
        "AADSTS50076",
        "The tenant demands a second factor, which only a person can give: sign in anew with \"az login\", or sign in as a service principal.",
    ),
];

const SUBJECT: &str = "Add a federated credential with exactly this issuer, subject and audience to the application, or correct its own: for GitHub Actions the subject follows the branch, tag, environment or pull request that the job runs for.";

/// What the same codes mean when an OIDC token was shown, in place of what the application itself signed. (K)
const OIDC_REMEDIES: &[(&str, &str)] = &[
    (
        "AADSTS700024",
        "The OIDC token has expired or is not valid yet, by Entra's clock: use a fresh one, and set the clock of the machine that issued it.",
    ),
    (
        "AADSTS700027",
        "Entra ID could not verify the token's signature: the issuer must publish the key that signed it under its own address, and the token be passed on unchanged.",
    ),
];

/// Entra's code in a text of its own: `AADSTS` and digits.
pub(super) fn code(text: &str) -> Option<String> {
    let start = text.find("AADSTS")?;
    let digits: String = text[start + 6..].chars().take_while(char::is_ascii_digit).collect();
    (!digits.is_empty()).then(|| format!("AADSTS{digits}"))
}

/// What can be done about what somebody passes on of Entra's words.
pub(super) fn remedy_in(text: &str) -> Option<&'static str> {
    remedy(&code(text)?, false)
}

/// Whether the code says that the tenant is none, or does not know who asks.
pub(super) fn is_about_tenant(code: &str) -> bool {
    ["AADSTS90002", "AADSTS900023", "AADSTS900382", "AADSTS700016", "AADSTS7000229"].contains(&code)
}

/// What can be done about the error of this code, which an OIDC token or another credential met with.
pub(super) fn remedy(code: &str, is_oidc_token: bool) -> Option<&'static str> {
    let special = if is_oidc_token { OIDC_REMEDIES } else { &[] };
    special.iter().chain(REMEDIES).find(|(known, _)| *known == code).map(|(_, remedy)| *remedy)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn each_code_has_one_remedy_in_whole_sentences() {
        let mut seen = HashSet::new();
        for (code, _) in REMEDIES {
            assert!(seen.insert(code), "{code} is listed twice");
        }
        for (code, remedy) in REMEDIES.iter().chain(OIDC_REMEDIES) {
            let digits = code.strip_prefix("AADSTS").unwrap();
            assert!(digits.len() >= 5 && digits.chars().all(|digit| digit.is_ascii_digit()), "{code}");
            assert!(remedy.ends_with('.') && remedy.starts_with(char::is_uppercase), "{remedy}");
        }
    }

    #[test]
    fn finds_entras_code() {
        assert_eq!(code("AADSTS7000215: Invalid"), Some("AADSTS7000215".to_owned()));
        assert_eq!(code("see AADSTS"), None);
        assert_eq!(code("nothing"), None);
        assert!(remedy_in("it answered with HTTP 400 (AADSTS500011: No)").is_some());
        assert_eq!(remedy_in("it answered with HTTP 400"), None);
    }

    #[test]
    fn a_user_is_told_what_to_do() {
        for (code, words) in [
            ("AADSTS7000215", "and not its ID"),
            ("AADSTS7000222", "has expired: add a new one"),
            ("AADSTS700016", "Correct the client ID"),
            ("AADSTS90002", "Correct the tenant ID"),
            ("AADSTS700027", "Upload this certificate"),
            ("AADSTS70021", "Add a federated credential"),
            ("AADSTS700211", "exactly this issuer"),
            ("AADSTS700212", "api://AzureADTokenExchange"),
            ("AADSTS700213", "exactly this issuer, subject and audience"),
            ("AADSTS90061", "could not reach the issuer"),
            ("AADSTS500011", "does not know. Correct the audience"),
            ("AADSTS50034", "does not exist in this tenant"),
            ("AADSTS53003", "conditional access"),
            ("AADSTS700024", "Set this machine's clock"),
        ] {
            assert!(remedy(code, false).is_some_and(|remedy| remedy.contains(words)), "{code}");
        }
        // A code that begins like another is another.
        assert_eq!(remedy("AADSTS7000", false), None);
        assert_eq!(remedy("AADSTS70002150", true), None);
    }

    #[test]
    fn an_oidc_token_is_no_certificate() {
        let of = |code| (remedy(code, true).unwrap(), remedy(code, false).unwrap());
        for (code, words) in
            [("AADSTS700024", "The OIDC token has expired"), ("AADSTS700027", "the issuer must publish")]
        {
            let (oidc, other) = of(code);
            assert!(oidc.contains(words) && !other.contains(words), "{code}");
        }
        let (oidc, other) = of("AADSTS700016");
        assert_eq!(oidc, other);
    }
}
