//! The resolver: what a name leads to inside of a virtual network, or outside of all.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{ENDPOINT, connections, targets};
use crate::azure::Azure;
use crate::id::ResourceId;
use crate::private_dns;
use crate::store::Document;

/// Answers a question for a name, asked in a virtual network or outside.
///
/// A public name whose resource has an approved endpoint is an alias of its name below `privatelink`; that one the network's
/// linked zone answers, or, where none is linked, the public service. A linked zone without the record answers that there
/// is no such name, unless its link passes on what it does not know.
pub(crate) fn resolve(azure: &Azure, name: &str, network: Option<&str>) -> Result<Value, String> {
    let name = name.trim_end_matches('.').to_lowercase();
    if let Some(network) = network {
        let known = ResourceId::parse(network).and_then(|id| azure.store.get(&id));
        known
            .filter(|d| d.text("/type") == super::NETWORK)
            .ok_or(format!("there is no virtual network '{network}'"))?;
    }
    let mut answer = json!({ "name": name, "chain": [], "addresses": [], "public": false });
    let mut asked = name.clone();
    if let Some(private) = alias(azure, &name) {
        // A zone of the public name itself comes before its alias.
        if zone_for(azure, network, &asked).is_none() {
            answer["chain"] = json!([{ "name": asked, "cname": private }]);
            asked = private;
        }
    }
    if let Some((zone, link)) = zone_for(azure, network, &asked) {
        answer["zone"] = json!(zone.id);
        answer["link"] = json!(link.id);
        let found = record(azure, &zone, &asked);
        answer["addresses"] = json!(found);
        let passes_on = link.text("/properties/resolutionPolicy") == "NxDomainRedirect";
        if !found.is_empty() || !passes_on {
            return Ok(answer);
        }
    }
    if is_known(azure, &name) {
        answer["public"] = json!(true);
        answer["addresses"] = json!([public_address(&name)]);
    }
    Ok(answer)
}

/// The alias of a public name, which it has as long as an approved connection leads to its resource.
fn alias(azure: &Azure, name: &str) -> Option<String> {
    let endpoints = azure.store.iter().filter(|d| d.text("/type") == ENDPOINT);
    let approved = endpoints.filter(|d| connections::connection(d).state["status"] == "Approved");
    let mut names = approved.flat_map(connections::places).flat_map(|p| p.fqdns);
    names.find(|fqdn| matches(fqdn, name))?;
    targets::private_name(name)
}

/// Whether a public name, or one with a wildcard, covers what is asked.
fn matches(pattern: &str, name: &str) -> bool {
    match pattern.strip_prefix('*') {
        Some(rest) => name.ends_with(rest) && name.len() > rest.len(),
        None => pattern == name,
    }
}

/// The zone that answers for a name inside of a network: of those linked to it, the one that fits longest.
fn zone_for(azure: &Azure, network: Option<&str>, name: &str) -> Option<(Document, Document)> {
    let network = network?;
    let links =
        azure.store.iter().filter(|d| d.text("/type") == private_dns::LINK && d.hidden["gone"] != true);
    let mine = links.filter(|d| d.text("/properties/virtualNetwork/id").eq_ignore_ascii_case(network));
    let complete = mine.filter(|d| d.text("/properties/virtualNetworkLinkState") != "InProgress");
    let zones = complete.filter_map(|link| {
        let zone = ResourceId::parse(&link.id)?.parent()?;
        let zone = azure.store.get(&zone)?;
        let zone_name = zone.text("/name");
        let inside = name == zone_name || name.ends_with(&format!(".{zone_name}"));
        inside.then(|| (zone.clone(), link.clone()))
    });
    zones.max_by_key(|(zone, _)| zone.text("/name").len())
}

/// The addresses that a zone has for a name: of its record, or of the wildcard that is nearest above it.
fn record(azure: &Azure, zone: &Document, name: &str) -> Vec<String> {
    let Some(id) = ResourceId::parse(&zone.id) else { return Vec::new() };
    let relative = name.strip_suffix(zone.text("/name")).unwrap_or_default().trim_end_matches('.');
    let mut wanted = vec![if relative.is_empty() { "@".to_owned() } else { relative.to_owned() }];
    let mut rest = relative;
    while let Some((_, above)) = rest.split_once('.') {
        wanted.push(format!("*.{above}"));
        rest = above;
    }
    wanted.push("*".to_owned());
    let found = wanted.iter().find_map(|name| azure.store.get(&id.child("A", name)));
    let records = found.and_then(|d| d.at("/properties/aRecords").as_array());
    let addresses = records.into_iter().flatten();
    addresses.filter_map(|r| Some(r["ipv4Address"].as_str()?.to_owned())).collect()
}

/// Whether a name is one of a resource of the box.
fn is_known(azure: &Azure, name: &str) -> bool {
    let mut names = BTreeSet::new();
    for document in azure.store.iter() {
        for group in targets::groups(document) {
            names.extend(targets::members(document, &group).into_iter().flat_map(|m| m.fqdns));
        }
    }
    names.iter().any(|n| matches(n, name))
}

/// The public address of a name: always the same, in a block of Azure's.
fn public_address(name: &str) -> String {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, name.as_bytes());
    let bytes = digest.as_ref();
    format!("20.{}.{}.{}", bytes[0], bytes[1], bytes[2])
}
