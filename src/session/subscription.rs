//! Which subscription is meant: by its ID nothing is asked; a name is looked up among what the identity sees.

use arm::credential::AzureCli;
use arm::subscriptions::{self, Subscription as Visible};
use arm::{Client, Cloud, Context};
use tfplugin::Diagnostic;

use super::Failed;
use crate::check;
use crate::diagnostics::{self, NOT_FOUND};
use crate::lists;
use crate::settings::Subscription;

/// More are not read.
const SHOWN: usize = 20;

/// The ID of the subscription of a name, among those that the client's identity sees.
pub(super) async fn find(client: &Client, name: &str, cx: &Context) -> Result<String, Failed> {
    let all = subscriptions::list(client, cx).await;
    let all = all.map_err(|error| Failed::asking(NOT_FOUND, &error))?;
    let chosen = choose(name, &all, "This identity sees", None)?;
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
            choose(name, &all, "The Azure CLI has", tenant_id)?.subscription_id.clone()
        }
        None => cli.account().await.map_err(failed)?.subscription_id,
    };
    Ok((cli.with_tenant(tenant_id).with_subscription(Some(&id)), id))
}

/// The one of this name, in any casing as for the Azure CLI; where tokens are of a tenant that is named by its ID, the one
/// there, for the token would open no other.
fn choose<'a>(
    name: &str,
    all: &'a [Visible],
    whose: &str,
    tenant_id: Option<&str>,
) -> Result<&'a Visible, Diagnostic> {
    let tenant_id = tenant_id.filter(|tenant| check::subscription_id(tenant).is_ok());
    let there = |one: &&Visible| tenant_id.is_none_or(|tenant| check::same_name(&one.tenant_id, tenant));
    let same = |one: &&Visible| one.display_name.to_lowercase() == name.to_lowercase();
    let named: Vec<&Visible> = all.iter().filter(same).filter(there).collect();
    match named[..] {
        [one] => Ok(one),
        [] => {
            let (place, wrong) = match tenant_id {
                None => ("here".to_owned(), "the provider's subscription"),
                Some(tenant) => (format!("in the tenant {tenant}"), "tenant_id or the subscription"),
            };
            // That of the name comes before the others, which may be many.
            let mut seen: Vec<&Visible> = all.iter().collect();
            seen.sort_by_key(|one| !same(one));
            let line = |one: &&Visible| match there(one) {
                true => one.to_string(),
                false => format!("{one}, in the tenant {}", one.tenant_id),
            };
            let detail = format!(
                "There is no subscription named {name:?} {place}. {whose} {}\n\nCorrect {wrong}, or sign in to the tenant that it belongs to.",
                listed(&seen, line)
            );
            Err(Diagnostic::error(NOT_FOUND, detail))
        }
        _ => {
            let detail = format!(
                "There are {} subscriptions named {name:?}:\n{}\n\nSet the provider's subscription to the ID of the one that is meant.",
                named.len(),
                lists::lines(&named, SHOWN, ToString::to_string)
            );
            Err(Diagnostic::error("Ambiguous Subscription", detail))
        }
    }
}

fn listed(all: &[&Visible], line: impl Fn(&&Visible) -> String) -> String {
    if all.is_empty() {
        return "none at all.".to_owned();
    }
    format!("these:\n{}", lists::lines(all, SHOWN, line))
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
        assert_eq!(choose("second", &all, "", None).unwrap().subscription_id, "2");
    }

    #[test]
    fn of_one_name_in_two_tenants_that_of_the_token_is_meant() {
        let tenant = |number: u8| format!("00000000-0000-0000-0000-{number:012}");
        let of = |number, id| Visible { tenant_id: tenant(number), ..one(id, "Mine") };
        let all = [Visible { display_name: "Other".to_owned(), ..of(3, "3") }, of(1, "1"), of(2, "2")];
        let chosen = |tenant_id: Option<&str>| choose("mine", &all, "It has", tenant_id);
        assert_eq!(chosen(Some(&tenant(2))).unwrap().subscription_id, "2");
        assert_eq!(chosen(None).unwrap_err().summary, "Ambiguous Subscription");
        // Which tenant a domain name stands for is not in the list.
        assert_eq!(chosen(Some("contoso.com")).unwrap_err().summary, "Ambiguous Subscription");
        let elsewhere = chosen(Some(&tenant(3))).unwrap_err().detail;
        let [first, second, third] = [1, 2, 3].map(tenant);
        assert_eq!(
            elsewhere,
            format!(
                "There is no subscription named \"mine\" in the tenant {third}. It has these:\n  Mine (1), in the tenant {first}\n  Mine (2), in the tenant {second}\n  Other (3)\n\nCorrect tenant_id or the subscription, or sign in to the tenant that it belongs to."
            )
        );
    }

    #[test]
    fn what_is_not_found_lists_what_is_there() {
        let all: Vec<Visible> = (0..22).map(|number| one(&number.to_string(), "S")).collect();
        let detail = |all: &[Visible]| choose("mine", all, "This identity sees", None).unwrap_err().detail;
        assert_eq!(
            detail(&all[..2]),
            "There is no subscription named \"mine\" here. This identity sees these:\n  S (0)\n  S (1)\n\nCorrect the provider's subscription, or sign in to the tenant that it belongs to."
        );
        assert!(detail(&all).contains("\n  S (19)\n  and 2 more\n"));
        assert!(detail(&[]).contains("This identity sees none at all.\n"));
    }
}
