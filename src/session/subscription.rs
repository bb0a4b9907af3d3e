//! Which subscription is meant: by its ID nothing is asked; a name is looked up among what the identity sees.

use arm::credential::AzureCli;
use arm::subscriptions::{self, Subscription as Visible};
use arm::{Client, Cloud, Context};
use tfplugin::Diagnostic;

use super::Failed;
use crate::diagnostics::{self, NOT_FOUND};
use crate::settings::Subscription;

/// More are not read.
const SHOWN: usize = 20;

/// The ID of the subscription of a name, among those that the client's identity sees.
pub(super) async fn find(client: &Client, name: &str, cx: &Context) -> Result<String, Failed> {
    let all = subscriptions::list(client, cx).await;
    let all = all.map_err(|error| Failed::asking(NOT_FOUND, &error))?;
    let chosen = choose(name, &all, "This identity sees")?;
    Ok(chosen.subscription_id.clone())
}

/// The Azure CLI for a subscription, or for the one that it works on; with the ID.
pub(super) async fn of_azure_cli(
    cloud: &Cloud,
    subscription: Option<&Subscription>,
    tenant_id: Option<&str>,
) -> Result<(AzureCli, String), Diagnostic> {
    let cli = AzureCli::default().with_cloud(cloud);
    let failed =
        |error: arm::credential::CredentialError| diagnostics::failure("Not Signed In", &error.into());
    let id = match subscription {
        Some(Subscription::Id(id)) => id.clone(),
        Some(Subscription::Name(name)) => {
            let accounts = cli.accounts().await.map_err(failed)?;
            let all: Vec<Visible> = accounts.into_iter().map(Visible::from).collect();
            choose(name, &all, "The Azure CLI has")?.subscription_id.clone()
        }
        None => cli.account().await.map_err(failed)?.subscription_id,
    };
    Ok((cli.with_tenant(tenant_id).with_subscription(Some(&id)), id))
}

/// The one of this name, in any casing as for the Azure CLI.
fn choose<'a>(name: &str, all: &'a [Visible], whose: &str) -> Result<&'a Visible, Diagnostic> {
    let named: Vec<&Visible> =
        all.iter().filter(|one| one.display_name.to_lowercase() == name.to_lowercase()).collect();
    match named[..] {
        [one] => Ok(one),
        [] => {
            let detail = format!(
                "There is no subscription named {name:?} here. {whose} {}\n\nCorrect the provider's subscription, or sign in to the tenant that it belongs to.",
                listed(all)
            );
            Err(Diagnostic::error(NOT_FOUND, detail))
        }
        _ => {
            let detail = format!(
                "There are {} subscriptions named {name:?}:{}\n\nSet the provider's subscription to the ID of the one that is meant.",
                named.len(),
                lines(named.iter().copied())
            );
            Err(Diagnostic::error("Ambiguous Subscription", detail))
        }
    }
}

fn listed(all: &[Visible]) -> String {
    if all.is_empty() {
        return "none at all.".to_owned();
    }
    let more = match all.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!("\n- and {more} more"),
    };
    format!("these:{}{more}", lines(all.iter().take(SHOWN)))
}

fn lines<'a>(all: impl Iterator<Item = &'a Visible>) -> String {
    all.map(|one| format!("\n- {one}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(id: &str, name: &str) -> Visible {
        Visible { subscription_id: id.to_owned(), display_name: name.to_owned(), tenant_id: String::new() }
    }

    #[test]
    fn names_are_found_in_any_casing() {
        let all = [one("1", "First"), one("2", "Second")];
        assert_eq!(choose("second", &all, "").unwrap().subscription_id, "2");
    }

    #[test]
    fn what_is_not_found_lists_what_is_there() {
        let all: Vec<Visible> = (0..22).map(|number| one(&number.to_string(), "S")).collect();
        let detail = |all: &[Visible]| choose("mine", all, "This identity sees").unwrap_err().detail;
        assert_eq!(
            detail(&all[..2]),
            "There is no subscription named \"mine\" here. This identity sees these:\n- S (0)\n- S (1)\n\nCorrect the provider's subscription, or sign in to the tenant that it belongs to."
        );
        assert!(detail(&all).contains("\n- S (19)\n- and 2 more\n"));
        assert!(detail(&[]).contains("This identity sees none at all.\n"));
    }
}
