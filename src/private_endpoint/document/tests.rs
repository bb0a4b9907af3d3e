//! What the document of an endpoint becomes, and what a whole document is that an update puts.

use super::*;

const TARGET: &str = "/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v";

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
            "provisioningState": "Succeeded", "resourceGuid": "g", "networkInterfaces": [{"id": "n"}],
            "subnet": {"id": "s", "properties": {}}, "privateLinkServiceConnections": [],
            "manualPrivateLinkServiceConnections": [connection], "ipConfigurations": [],
            "applicationSecurityGroups": [{"id": "a", "etag": "e"}], "customDnsConfigs": [],
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
        body["properties"]["applicationSecurityGroups"] = json!([{"id": "a"}]);
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
    assert_eq!(view::texts(&object, &["network_interface_ids"]), Some(vec!["n"]));
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
        ("application_security_group_ids", Value::set_of([Value::from("a")])),
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
    more["properties"]["applicationSecurityGroups"] = json!([{"id": "A"}, {"id": "b"}]);
    let body = whole(&more, json!({}), &planned);
    assert_eq!(body["tags"], json!({"theirs": "1", "new": "2"}));
    assert_eq!(body["properties"]["applicationSecurityGroups"], json!([{"id": "A"}, {"id": "b"}]));
}
