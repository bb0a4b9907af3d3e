//! What the document of an endpoint becomes, and what a whole document is that an update puts.

use super::*;
use crate::document::{Misfit, Misfits};

const TARGET: &str = "/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v";

const NIC: &str = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/networkInterfaces/n";
const GROUP: &str =
    "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/applicationSecurityGroups/a";

fn there() -> Json {
    let connection = json!({
        "name": "c", "id": "x", "etag": "e",
        "properties": {
            "privateLinkServiceId": TARGET, "groupIds": ["vault"], "requestMessage": "Please",
            "provisioningState": "Succeeded",
            "privateLinkServiceConnectionState": {"status": "Pending", "description": "Wait"},
        },
    });
    json!({
        "id": "x", "name": "e", "etag": "e", "location": "eastus", "tags": {"theirs": "1"},
        "properties": {
            "provisioningState": "Succeeded", "resourceGuid": "g", "networkInterfaces": [{"id": NIC}],
            "subnet": {"id": "s", "properties": {}}, "privateLinkServiceConnections": [],
            "manualPrivateLinkServiceConnections": [connection], "ipConfigurations": [],
            "applicationSecurityGroups": [{"id": GROUP, "etag": "e"}], "customDnsConfigs": [],
            "ipVersionType": "IPv4",
        },
    })
}

fn put(message: &str, tags: Option<Json>, groups: bool) -> Json {
    let properties =
        json!({"privateLinkServiceId": TARGET, "groupIds": ["vault"], "requestMessage": message});
    let mut body = json!({
        "location": "eastus",
        "properties": {
            "subnet": {"id": "s"}, "ipVersionType": "IPv4",
            "manualPrivateLinkServiceConnections": [{"name": "c", "properties": properties}],
        },
    });
    if let Some(tags) = tags {
        body["tags"] = tags;
    }
    if groups {
        body["properties"]["applicationSecurityGroups"] = json!([{"id": GROUP}]);
    }
    body
}

#[test]
fn an_update_puts_what_is_there_without_what_is_azures_alone() {
    let tags = || Some(json!({"theirs": "1"}));
    assert_eq!(whole(&there(), json!({}), &Value::Null), put("Please", tags(), true));
    assert_eq!(whole(&there(), json!({"requestMessage": "Now"}), &Value::Null), put("Now", tags(), true));
    let change = json!({"tags": {}, "properties": {"applicationSecurityGroups": []}});
    assert_eq!(whole(&there(), change, &Value::Null), put("Please", None, false));
    let change = json!({"tags": {"a": "2"}});
    assert_eq!(whole(&there(), change, &Value::Null), put("Please", Some(json!({"a": "2"})), true));
}

#[test]
fn the_connection_is_read_from_either_list() {
    let object = read(&there(), &Value::Null, true, &mut Misfits::default());
    let text = |name| view::text(&object, &[name]);
    assert_eq!(text("private_connection_resource_id"), Some(TARGET));
    assert_eq!(text("workspace_id"), None);
    assert_eq!(text("connection_status"), Some("Pending"));
    assert_eq!(text("connection_description"), Some("Wait"));
    assert!(view::is_true(&object, &["manual_connection"]));
    assert_eq!(view::texts(&object, &["network_interface_ids"]), Some(vec![NIC]));
    assert_eq!(view::member(&object, &["custom_dns_configs"]), &Value::List(Vec::new()));
    // What an answer lacks is no reason to fall over.
    for odd in [json!(null), json!([]), json!({"properties": {"privateLinkServiceConnections": [null]}})] {
        assert_eq!(
            view::text(&read(&odd, &Value::Null, true, &mut Misfits::default()), &["connection_status"]),
            None
        );
    }
}

#[test]
fn an_update_puts_what_is_planned_to_stay_where_the_answer_lacks_it() {
    let planned = Value::object([
        ("tags_all", Value::map([("theirs", Value::from("1"))])),
        ("application_security_group_ids", Value::set_of([Value::from(GROUP)])),
        ("request_message", Value::from("Please")),
    ]);
    let mut lacking = there();
    for member in ["tags", "applicationSecurityGroups", "requestMessage"] {
        let at = ["", "/properties", "/properties/manualPrivateLinkServiceConnections/0/properties"];
        for at in at {
            lacking.pointer_mut(at).and_then(Json::as_object_mut).expect("it is there").remove(member);
        }
    }
    let tags = || Some(json!({"theirs": "1"}));
    assert_eq!(whole(&lacking, json!({}), &planned), put("Please", tags(), true));
    // What changes is what the change says.
    let change =
        json!({"tags": {}, "properties": {"applicationSecurityGroups": []}, "requestMessage": "Now"});
    assert_eq!(whole(&lacking, change, &planned), put("Now", None, false));
    // What others have added since stays, and nothing is there twice.
    let mut more = there();
    more["tags"] = json!({"THEIRS": "1", "new": "2"});
    more["properties"]["applicationSecurityGroups"] = json!([{"id": GROUP.to_uppercase()}, {"id": "b"}]);
    let body = whole(&more, json!({}), &planned);
    assert_eq!(body["tags"], json!({"theirs": "1", "new": "2"}));
    assert_eq!(
        body["properties"]["applicationSecurityGroups"],
        json!([{"id": GROUP.to_uppercase()}, {"id": "b"}])
    );
}

/// What is not believed of an answer, on the object of the sound one, and what the object is then.
fn misfits(answer: &Json, prior: &Value) -> (Vec<(String, &'static str)>, Value) {
    let mut misfits = Misfits::default();
    let object = read(answer, prior, false, &mut misfits);
    let found = misfits.found().into_iter().map(|(path, misfit)| match misfit {
        Misfit::Bent(unfit) => (path, unfit.found),
        Misfit::Missing => (path, "nothing"),
    });
    (found.collect(), object)
}

#[test]
fn bent_members_of_a_connection_are_told_and_keep_what_was_known() {
    let sound = read(&there(), &Value::Null, true, &mut Misfits::default());
    let at = "/properties/manualPrivateLinkServiceConnections";
    for (pointer, bent, attribute, found) in [
        ("/0/properties/groupIds", json!([1]), "group_ids", "a number"),
        ("/0/properties/groupIds", json!("vault"), "group_ids", "a text"),
        ("/0/properties/requestMessage", json!(7), "request_message", "a number"),
        ("/0/name", json!({"x": 1}), "connection_name", "an object"),
        ("/0/properties/privateLinkServiceConnectionState", json!("x"), "connection_status", "a text"),
        ("/0/properties", json!([]), "private_connection_resource_id", "a list"),
        ("/0", Json::Null, "group_ids", "null"),
        ("", json!({"x": 1}), "manual_connection", "an object"),
    ] {
        let mut answer = there();
        *answer.pointer_mut(&format!("{at}{pointer}")).expect("it is there") = bent;
        let (told, object) = misfits(&answer, &sound);
        assert!(told.contains(&(attribute.to_owned(), found)), "{pointer}: {told:?}");
        assert_eq!(object, sound, "{pointer}");
    }
}

#[test]
fn an_interface_that_is_named_by_no_id_keeps_those_that_were_known() {
    let sound = read(&there(), &Value::Null, true, &mut Misfits::default());
    let mut answer = there();
    answer["properties"]["networkInterfaces"] = json!([{"id": "nic"}]);
    let (told, object) = misfits(&answer, &sound);
    assert_eq!(told, [("network_interface_ids".to_owned(), "another text")]);
    assert_eq!(object, sound);
}

#[test]
fn an_address_of_ones_own_loses_nothing_by_an_answer() {
    let address = |group: Json, member: Json| {
        let properties = json!({"privateIPAddress": "10.0.0.4", "groupId": group, "memberName": member});
        json!([{"name": "one", "properties": properties}])
    };
    let with = |addresses: Json| {
        let mut answer = there();
        answer["properties"]["ipConfigurations"] = addresses;
        answer
    };
    let (group, member) = (|| json!("vault"), || json!("default"));
    let sound = read(&with(address(group(), member())), &Value::Null, true, &mut Misfits::default());
    assert_eq!(elements(&sound, "ip_configurations").len(), 1);
    let bent = |json: Json| json.pointer("/0/properties").cloned().expect("it is there");
    for (addresses, found) in [
        (address(Json::Null, member()), "nothing"),
        (address(group(), Json::Null), "nothing"),
        (address(json!({"x": 1}), member()), "an object"),
        (address(group(), json!(1)), "a number"),
        (json!([{"name": "one", "properties": "x"}]), "a text"),
        (json!([{"properties": bent(address(group(), member()))}]), "null"),
        (json!({"x": 1}), "an object"),
    ] {
        let (told, object) = misfits(&with(addresses.clone()), &sound);
        assert_eq!(told, [("ip_configurations".to_owned(), found)], "{addresses}");
        assert_eq!(object, sound, "{addresses}");
    }
    // Another one is another one, without what the first had.
    let mut other = address(Json::Null, Json::Null);
    other[0]["name"] = json!("two");
    let (told, object) = misfits(&with(other), &sound);
    assert_eq!(told, []);
    assert_ne!(object, sound);
}

#[test]
fn an_interface_is_read_as_it_is_or_not_at_all() {
    let with = |address: Json, fqdns: Json| {
        let properties =
            json!({"privateIPAddress": address, "privateLinkConnectionProperties": {"fqdns": fqdns}});
        json!({"properties": {"ipConfigurations": [{"properties": properties}]}})
    };
    let (addresses, names) = interface(&with(json!("10.0.0.4"), json!(["a.b"]))).expect("it is sound");
    assert_eq!(addresses, [Value::from("10.0.0.4")]);
    assert_eq!(names.len(), 1);
    assert_eq!(interface(&with(Json::Null, Json::Null)), Ok((Vec::new(), Vec::new())));
    for bent in [
        with(json!(["10.0.0.4"]), Json::Null),
        with(json!("10.0.0.4"), json!("a.b")),
        with(json!("10.0.0.4"), json!([null])),
        json!({"properties": "x"}),
        json!({"properties": {"ipConfigurations": {"x": 1}}}),
        json!({"properties": {"ipConfigurations": ["x"]}}),
    ] {
        interface(&bent).expect_err("it is bent");
    }
}
