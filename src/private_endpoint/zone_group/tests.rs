//! What a zone group becomes, and what is believed of its document.

use super::*;

const ZONES: &str = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/privateDnsZones";

#[test]
fn parts_that_stay_keep_their_names_and_new_ones_take_none_that_is_known() {
    let [a, b, c] = ["a.b", "c.d", "A.B"].map(|name| format!("{ZONES}/{name}"));
    let elsewhere = c.replace("/g/", "/other/");
    let there = json!({"properties": {"privateDnsZoneConfigs": [
        {"name": "mine", "properties": {"privateDnsZoneId": a.to_uppercase()}},
        {"name": "A-B", "properties": {"privateDnsZoneId": b}},
    ]}});
    let config = |name: &str, zone: &str| json!({"name": name, "properties": {"privateDnsZoneId": zone}});
    let expected = [config("mine", &a), config("A-B-2", &elsewhere)];
    assert_eq!(body(&there, &[&a, &elsewhere]), json!({"properties": {"privateDnsZoneConfigs": expected}}));
    assert!(has(&there, &[&b, &a]) && !has(&there, &[&a]) && !has(&there, &[&a, &b, &elsewhere]));
    let fresh = body(&Json::Null, &[&a, &elsewhere]);
    assert_eq!(parts(&fresh).map(|(name, _)| name).collect::<Vec<_>>(), ["a-b", "A-B-2"]);
}

fn group(config: Json, state: &str) -> Json {
    json!({"properties": {"privateDnsZoneConfigs": [config], "provisioningState": state}})
}

fn config(zone: Json) -> Json {
    let record = json!({"recordSetName": "a", "recordType": "A", "ttl": 10, "ipAddresses": ["10.0.0.4"]});
    json!({"name": "c", "properties": {"privateDnsZoneId": zone, "recordSets": [record]}})
}

#[test]
fn a_group_that_failed_is_not_what_is_wanted() {
    let zone = format!("{ZONES}/a.b");
    let with = |state| group(config(json!(zone)), state);
    assert!(has(&with("Succeeded"), &[&zone]));
    sound(with("Succeeded")).expect("it is in order");
    for state in ["Failed", "Canceled"] {
        assert!(!has(&with(state), &[&zone]), "{state}");
        let error = sound(with(state)).expect_err("it has failed");
        assert_eq!(error.summary, "Private DNS Zone Group Not Applied");
        assert_eq!(
            error.detail,
            format!(
                "Azure's work on the zone group ended with the state {state:?}; the service gives no reason."
            )
        );
    }
}

#[test]
fn bent_members_of_a_group_are_not_taken_for_absent() {
    let zone = || json!(format!("{ZONES}/a.b"));
    let sound = group(config(zone()), "Succeeded");
    assert_eq!(zones(&sound).map(|zones| zones.len()), Ok(1));
    assert_eq!(configs(&sound).map(|configs| configs.len()), Ok(1));
    for bent in [config(json!(["x"])), config(json!(1)), json!({"name": "c", "properties": "x"}), json!("x")]
    {
        let bent = group(bent, "Succeeded");
        assert!(matches!(zones(&bent), Err(Misfit::Bent(_))), "{bent}");
        configs(&bent).expect_err("it is bent");
        assert!(!has(&bent, &[]));
    }
    assert!(matches!(zones(&group(config(Json::Null), "Succeeded")), Err(Misfit::Bent(_))));
    let list = |list: Json| json!({"properties": {"privateDnsZoneConfigs": list}});
    assert!(matches!(zones(&list(json!({"x": 1}))), Err(Misfit::Bent(_))));
    assert_eq!(zones(&list(json!([]))), Err(Misfit::Missing));
    assert_eq!(zones(&json!({})), Err(Misfit::Missing));
    for (member, value) in [
        ("ttl", json!("10")),
        ("ipAddresses", json!("10.0.0.4")),
        ("recordType", json!(1)),
        ("fqdn", json!([])),
    ] {
        let mut bent = sound.clone();
        bent["properties"]["privateDnsZoneConfigs"][0]["properties"]["recordSets"][0][member] = value;
        configs(&bent).expect_err(member);
        assert_eq!(zones(&bent).map(|zones| zones.len()), Ok(1), "what it leads to is known");
    }
}
