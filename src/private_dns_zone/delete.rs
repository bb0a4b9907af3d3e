//! Deleting a zone: refused by the names of its links while it has any, and patient with Azure when it has none any more.

use arm::{Request, ResourceId, operation, private_dns};
use tfplugin::{Diagnostic, Diagnostics, Model};

use crate::call::Call;
use crate::life;
use crate::lists;
use crate::private_dns_zone::PrivateDnsZone;
use crate::thing::Thing;

/// As many names of links are shown.
const SHOWN: usize = 10;

/// Deletes the zone and waits until it is gone.
pub(super) async fn delete(call: &Call<PrivateDnsZone>, state: PrivateDnsZone) -> Result<(), Diagnostics> {
    let id = call.id(&state.to_value())?;
    let removal = Request::delete(&id, PrivateDnsZone::API_VERSION).retry_codes(PrivateDnsZone::RETRY_CODES);
    let not_deleted = |unfinished| Diagnostics::from(life::not_deleted::<PrivateDnsZone>(&id, &unfinished));
    let unfinished = match operation::delete(call.client(), removal.clone(), call.context()).await {
        Err(unfinished) if unfinished.error.code() == Some(private_dns::HAS_LINKS) => unfinished,
        other => return other.map_err(not_deleted),
    };
    match private_dns::link_names(call.client(), &id, call.context()).await {
        // Azure goes on counting links for a while after the last one has gone.
        Ok(links) if links.is_empty() => {
            let removal = removal.retry_codes(&[private_dns::HAS_LINKS]);
            operation::delete(call.client(), removal, call.context()).await.map_err(not_deleted)
        }
        Ok(links) => Err(has_links(&id, &links).into()),
        Err(_) => Err(not_deleted(unfinished)),
    }
}

fn has_links(id: &ResourceId, links: &[String]) -> Diagnostic {
    let detail = format!(
        "Virtual networks are linked to the zone {:?}: {}. Delete these links first. Where they are in this configuration, refer to the zone by its resource (private_dns_zone_id = azureml_private_dns_zone.example.id), so that they go before it; a link that something else made is deleted with \"az network private-dns link vnet delete\".\n\n{id}",
        id.name(),
        lists::names(links, SHOWN),
    );
    Diagnostic::error("Private DNS Zone Has Links", detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_links_are_counted() {
        let id = ResourceId::private_dns_zone("s", "g", "a.b").unwrap();
        let links: Vec<String> = (1..=12).map(|number| format!("link-{number}")).collect();
        let detail = has_links(&id, &links).detail;
        assert!(detail.contains("to the zone \"a.b\": link-1, link-2,"), "{detail}");
        assert!(detail.contains("link-10 and 2 more. Delete"), "{detail}");
        assert!(has_links(&id, &links[..2]).detail.contains(": link-1, link-2. Delete"));
    }
}
