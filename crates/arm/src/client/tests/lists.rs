//! Lists that come in pages.

use super::*;

#[derive(Debug, PartialEq, serde::Deserialize)]
struct Item {
    name: String,
}

fn page(names: &[&str], next: Option<&str>) -> Reply {
    let items: Vec<_> = names.iter().map(|name| json!({"name": name})).collect();
    reply(200, &json!({"value": items, "nextLink": next}).to_string())
}

async fn listed(replies: Vec<Reply>) -> (Result<Vec<Item>, Error>, Vec<String>) {
    let server = Server::start(replies).await;
    let request = Request::new(http::Method::GET, "/subscriptions", "2022-12-01").header("x-page", "all");
    let result = server.client(&FakeClock::new()).list(request, &Context::default()).await;
    for received in server.received() {
        assert_eq!((received.method.as_str(), received.header("x-page")), ("GET", Some("all")));
    }
    (result, server.targets())
}

fn names(result: Result<Vec<Item>, Error>) -> Vec<String> {
    result.unwrap().into_iter().map(|item| item.name).collect()
}

#[tokio::test]
async fn all_pages_are_read_in_order_by_links_as_they_are() {
    let (result, targets) = listed(vec![
        page(&["a", "b"], Some("{base}/subscriptions?api-version=2022-12-01&%24skiptoken=eyJ%2f=")),
        reply(500, ""),
        page(&[], Some("/subscriptions?page=3")),
        page(&["c"], Some("")),
    ])
    .await;
    assert_eq!(names(result), ["a", "b", "c"]);
    assert_eq!(
        targets,
        [
            "GET /subscriptions?api-version=2022-12-01",
            "GET /subscriptions?api-version=2022-12-01&%24skiptoken=eyJ%2f=",
            "GET /subscriptions?api-version=2022-12-01&%24skiptoken=eyJ%2f=",
            "GET /subscriptions?page=3",
        ]
    );
}

#[tokio::test]
async fn a_list_may_be_one_page_or_empty() {
    assert_eq!(names(listed(vec![reply(200, r#"{"value":[{"name":"a"}]}"#)]).await.0), ["a"]);
    assert!(names(listed(vec![reply(200, r#"{"value":[]}"#)]).await.0).is_empty());
}

#[tokio::test]
async fn a_link_that_leads_back_or_away_is_not_followed() {
    let next = Some("/subscriptions?page=2");
    let (result, targets) = listed(vec![page(&["a"], next), page(&["b"], next)]).await;
    assert_eq!(
        result.unwrap_err().to_string(),
        "GET /subscriptions was answered with something that cannot be read: its list does not end: \
         the link to the next page leads back (HTTP 200: \"{\\\"value\\\":[{\\\"name\\\":\\\"b\\\"}],\\\"nextLink\\\":\\\"<21 characters>\\\"}\")"
    );
    assert_eq!(targets.len(), 2);
    let (result, targets) = listed(vec![page(&["a"], Some("https://evil.test/?s=secret"))]).await;
    assert!(matches!(result, Err(Error::ForeignUrl { host, .. }) if host == "evil.test"));
    assert_eq!(targets.len(), 1);
}

#[tokio::test]
async fn what_is_no_list_is_said_to_be_none() {
    for body in ["[]", "{}", r#"{"value":null}"#, r#"{"error":{"code":"Throttled"}}"#, "<html>", ""] {
        let (result, _) = listed(vec![reply(200, body)]).await;
        assert!(matches!(result, Err(Error::Answer { .. })), "{body}");
    }
    let (result, _) = listed(vec![reply(404, &fault("ResourceGroupNotFound", "No."))]).await;
    assert!(result.unwrap_err().is_absent());
}

#[tokio::test]
async fn what_is_only_listed_is_read_by_its_id() {
    let things = |ids: &[&str], more: &str| {
        let one =
            |id: &&str| format!(r#"{{"id":"/subscriptions/s/resourceGroups/g/Things/{id}","name":"{id}"}}"#);
        let all: Vec<String> = ids.iter().map(one).collect();
        reply(200, &format!(r#"{{"value":[{}]{more}}}"#, all.join(",")))
    };
    let next = r#","nextLink":"{base}/subscriptions/s/resourceGroups/g/things?page=2""#;
    // An element that cannot be told apart may be the one: its list is no word on an absence.
    let bent = r#"{"value":[{"id":null,"name":"b"}]}"#;
    let server =
        Server::start([things(&["a"], next), things(&["B"], ""), things(&["a"], ""), reply(200, bent)]).await;
    let (client, cx) = (server.client(&FakeClock::new()), Context::default());
    let read = Request::new(http::Method::GET, "/subscriptions/s/resourceGroups/g/things/b", "v").listed();
    assert_eq!(client.find::<Item>(read.clone(), &cx).await.unwrap(), Some(Item { name: "B".to_owned() }));
    let error = client.send(read.clone(), &cx).await.unwrap_err();
    assert!(error.is_absent() && error.code() == Some("ResourceNotFound"), "{error}");
    assert!(client.send(read, &cx).await.unwrap_err().says_nothing());
    assert_eq!(server.targets()[0], "GET /subscriptions/s/resourceGroups/g/things?api-version=v");
}
