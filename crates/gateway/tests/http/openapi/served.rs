//! What a client gets of them.

use simulator::browser::{Browser, Request};

use super::contract::{is_api, operations};
use crate::support::{Gateway, Store, send};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_document_is_public_and_says_when_it_is_unchanged() {
    let gateway = Gateway::start(Store::Sqlite).await;
    let browser = Browser::new().unwrap();
    let page = browser.get(&gateway.at("/openapi.json")).await.unwrap();
    assert_eq!(page.status, 200);
    assert_eq!(page.header("content-type"), Some("application/json"));
    assert_eq!(page.text(), gateway::openapi::document_text());
    let tag = page.header("etag").unwrap();
    let request = Request::new("GET".parse().unwrap(), &gateway.at("/openapi.json"))
        .unwrap()
        .header("if-none-match", tag);
    let page = browser.send(request).await.unwrap();
    assert_eq!((page.status, page.text().as_str()), (304, ""));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_loads_nothing_and_names_every_operation() {
    let gateway = Gateway::start(Store::Sqlite).await;
    let page = Browser::new().unwrap().get(&gateway.at("/docs")).await.unwrap();
    assert_eq!(page.status, 200);
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
    assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
    let text = page.text();
    assert!(text.contains("<a href=\"/portal\">"), "the portal leads here, and nothing led back");
    for loads in ["<script", "<link", "src=", "url(", "@import", "http-equiv"] {
        assert!(!text.contains(loads), "{loads}");
    }
    for (_, _, operation) in operations() {
        let is_alias = operation.body.get("x-alias-of").is_some();
        let anchor = format!("id=\"{}\"", operation.name);
        assert_eq!(text.contains(&anchor), !is_alias, "{anchor}");
    }
    for link in text.split("href=\"#").skip(1) {
        let anchor = link.split('"').next().unwrap();
        assert!(text.contains(&format!("id=\"{anchor}\"")), "#{anchor}");
    }
}

/// Tests of the API hold each of its answers; of these addresses, which browsers and platforms
/// call, at least the answer to a request that says nothing is held, once as a program gets it and
/// once as a person does.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn addresses_without_an_api_key_are_as_documented() {
    let gateway = Gateway::start(Store::Sqlite).await;
    let others = operations().into_iter().filter(|(_, path, _)| !is_api(path));
    let mut asked = 0;
    for (method, path, _) in others {
        for accept in ["application/json", "text/html"] {
            let url = gateway.at(&path.replace(['{', '}'], ""));
            let request = Request::new(method.parse().unwrap(), &url).unwrap();
            send(request.header("accept", accept).no_redirects()).await;
            asked += 1;
        }
    }
    assert!(asked >= 24, "only {asked} requests were sent");
}

/// Whatever else tests ask, each operation of the API is asked its own example once. Little that
/// the examples name is here, so most answers are refusals.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_operation_answers_its_example_as_documented() {
    let gateway = Gateway::start(Store::Sqlite).await;
    let all = operations().into_iter().filter(|(_, path, _)| is_api(path));
    let mut asked = 0;
    for (method, path, operation) in all {
        let content = &operation.body["requestBody"]["content"]["application/json"];
        let body = content.get("example").cloned();
        gateway.admin(&method, &path.replace(['{', '}'], ""), body).await;
        asked += 1;
    }
    assert!(asked >= 120, "only {asked} operations were asked");
}
