//! API keys: several a tool, each with a name, a scope and perhaps an end (docs/keys.md).

use std::time::Duration;

use gateway::directory::api_keys::new::{Hasher, NewApiKey};
use gateway::directory::api_keys::scope::Scope;
use gateway::directory::tools::Tool;
use gateway::kit::clock::{Clock, Random};
use gateway::kit::seal::SecretKey;
use gateway::operator::{ListedApiKey, Operator, OperatorError};
use gateway::settings::tool::ToolSettings;
use serde_json::{Value, json};
use simulator::browser::Request;
use store::{StoreError, api_keys, tools};
use test_case::both_stores;

use crate::openapi::contract::operations;
use crate::support::{API_KEY, Gateway, SOON, Store, send};

impl Gateway {
    /// Makes a key over the API: its id and itself.
    async fn new_key(&self, name: &str, scope: &str) -> (String, String) {
        let asked = json!({"name": name, "scope": scope});
        let page = self.admin("POST", "/admin/api-keys", Some(asked)).await;
        assert_eq!(page.status, 201, "{}", page.text());
        let made = page.json().unwrap();
        let text = |member: &str| made[member].as_str().unwrap().to_owned();
        (text("id"), text("key"))
    }

    async fn with_key(&self, method: &str, path: &str, key: &str) -> (u16, Value) {
        let page = self.with_authorization(method, path, None, &format!("Bearer {key}")).await;
        (page.status, page.json().unwrap_or_default()["details"]["message"].take())
    }

    /// Waits until a key is answered so here. Every replica hears of a change within five seconds.
    async fn comes_to(&self, key: &str, status: u16) {
        let seen = async {
            while self.with_key("GET", "/admin/tool", key).await.0 != status {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        };
        tokio::time::timeout(SOON, seen).await.unwrap();
    }

    async fn operator(&self) -> Operator {
        Operator::new(&self.app.config, Clock::default()).await.unwrap()
    }
}

/// Which of the two would count?
#[both_stores]
async fn a_member_given_twice_changes_nothing(store: Store) {
    let gateway = Gateway::start(store).await;
    let keys = r#"{"name": "x", "scope": "read", "scope": "all"}"#;
    let tool = r#"{"launch": {"anonymous": "refuse", "\u0061nonymous": "allow"}}"#;
    for (method, path, body, member) in
        [("POST", "/admin/api-keys", keys, "scope"), ("PATCH", "/admin/tool", tool, "anonymous")]
    {
        let request = Request::new(method.parse().unwrap(), &gateway.at(path)).unwrap();
        let request = request.header("authorization", &format!("Bearer {API_KEY}"));
        let page = send(request.body("application/json", body)).await;
        let answer = page.json().unwrap();
        let said = format!("The request body is wrong: {member}: must not be given twice");
        assert_eq!(
            (page.status, &answer["details"]["description"]),
            (400, &json!(said)),
            "{path}: {answer}"
        );
        assert_eq!(answer["details"]["errors"][0]["field"], member, "{path}");
    }
    let tool = gateway.admin("GET", "/admin/tool", None).await.json().unwrap();
    assert_eq!(tool["launch"]["anonymous"], "refuse");
    let mut keys = gateway.admin("GET", "/admin/api-keys", None).await.json().unwrap();
    assert_eq!(keys["apiKeys"].take().as_array().map(Vec::len), Some(1));
}

/// A proxy may have checked the other one.
#[both_stores]
async fn a_request_authorises_itself_once(store: Store) {
    let gateway = Gateway::start(store).await;
    let (good, bad) = (format!("Bearer {API_KEY}"), "Bearer another-api-key-012345".to_owned());
    for (headers, status) in [
        (vec![&good], 200),
        (vec![], 401),
        (vec![&good, &bad], 401),
        (vec![&bad, &good], 401),
        (vec![&good, &good], 401),
    ] {
        let mut request = Request::new("GET".parse().unwrap(), &gateway.at("/admin/tool")).unwrap();
        for header in &headers {
            request = request.header("authorization", header);
        }
        let page = send(request).await;
        assert_eq!(page.status, status, "{headers:?}: {}", page.text());
        let said = page.text().contains("more than one Authorization header");
        assert_eq!(said, headers.len() > 1, "{headers:?}: {}", page.text());
    }
}

#[both_stores]
async fn a_key_works_and_ends_at_every_replica(store: Store) {
    let gateway = Gateway::start(store).await;
    let other = gateway.replica().await;
    assert_eq!(other.with_key("GET", "/admin/tool", API_KEY).await.0, 200);
    let (id, key) = gateway.new_key("dashboard", "read").await;
    assert!(key.starts_with("hallpass_"), "recognised by scanners for leaked secrets");
    assert_eq!(gateway.with_key("GET", "/admin/tool", &key).await.0, 200, "at once here");
    other.comes_to(&key, 200).await;

    gateway.app.api_keys.note_uses().await.unwrap();
    let list = gateway.admin("GET", "/admin/api-keys", None).await;
    assert!(!list.text().contains(&key) && !list.text().contains(API_KEY), "shown once");
    let keys = list.json().unwrap()["apiKeys"].take();
    assert_eq!((&keys[0]["name"], &keys[0]["scope"]), (&json!("first key"), &json!("all")));
    assert_eq!((&keys[1]["name"], &keys[1]["scope"]), (&json!("dashboard"), &json!("read")));
    assert!(keys[1]["lastUsedAt"].is_string() && keys[1]["createdAt"].is_string(), "{keys}");

    let revoke = format!("/admin/api-keys/{id}");
    assert_eq!(gateway.admin("DELETE", &revoke, None).await.status, 204);
    assert_eq!(gateway.with_key("GET", "/admin/tool", &key).await.0, 401, "at once here");
    other.comes_to(&key, 401).await;
    let again = gateway.admin("DELETE", &revoke, None).await;
    assert_eq!(again.status, 404, "{}", again.text());
}

#[both_stores]
async fn every_operation_takes_exactly_the_scopes_it_names(store: Store) {
    let gateway = Gateway::start(store).await;
    let mut keys = Vec::new();
    for scope in Scope::ALL.map(Scope::as_str) {
        keys.push((scope, gateway.new_key(scope, scope).await.1));
    }
    for (method, path, operation) in operations() {
        let ways = operation.body["security"].as_array().into_iter().flatten();
        let ways: Vec<(&str, &str)> = ways
            .filter_map(|way| way.as_object()?.iter().next())
            .map(|(scheme, scopes)| (scheme.as_str(), scopes[0].as_str().unwrap()))
            .collect();
        let Some((scheme, _)) = ways.first() else { continue };
        let path = path.replace(['{', '}'], "");
        for (scope, key) in &keys {
            let header = match *scheme {
                "apiKey" => format!("Bearer {key}"),
                _ => format!("LTIK-AUTH-V2 {key}:x"),
            };
            let body = (method != "GET").then(|| json!({}));
            let page = gateway.with_authorization(&method, &path, body, &header).await;
            let code = page.json().unwrap_or_default()["details"]["message"].take();
            let is_refused = page.status == 403 && code == "API_KEY_SCOPE";
            let is_named = ways.iter().any(|(_, named)| named == scope);
            assert_eq!(is_refused, !is_named, "{method} {path}, {scope}: {}", page.text());
        }
    }
}

#[both_stores]
async fn the_last_key_to_everything_is_revoked_only_on_purpose(store: Store) {
    let gateway = Gateway::start(store).await;
    let operator = gateway.operator().await;
    let first = operator.api_keys().await.unwrap().remove(0).id;
    gateway.new_key("automation", "manage").await;
    let revoke = format!("/admin/api-keys/{first}");
    let refused = (409, json!("LAST_API_KEY"));
    assert_eq!(gateway.with_key("DELETE", &revoke, API_KEY).await, refused);
    let forced = format!("{revoke}?force=true");
    assert_eq!(gateway.with_key("DELETE", &forced, API_KEY).await.0, 204);
    assert_eq!(gateway.with_key("GET", "/admin/tool", API_KEY).await.0, 401);

    // The way back in needs no key.
    let made = operator.create_api_key(None, "found again", Scope::All, Some(1)).await;
    let (key, row) = made.unwrap();
    gateway.comes_to(&key, 200).await;
    assert!(row.expires_at.is_some_and(|end| end > row.created_at));
    assert!(operator.revoke_api_key(&row.id).await.unwrap(), "the last again");
    gateway.comes_to(&key, 401).await;
    let unknown = operator.revoke_api_key(&row.id).await;
    assert!(matches!(unknown, Err(OperatorError::NoApiKey(_))));
    operator.close().await;
}

#[both_stores]
async fn of_the_last_two_keys_one_stays_whoever_revokes_first(store: Store) {
    let gateway = Gateway::start(store).await;
    let other = gateway.replica().await;
    let (id, key) = gateway.new_key("second", "all").await;
    let first = gateway.operator().await.api_keys().await.unwrap().remove(0).id;
    other.comes_to(&key, 200).await;
    let (one, two) = (format!("/admin/api-keys/{first}"), format!("/admin/api-keys/{id}"));
    let (one, two) = tokio::join!(
        gateway.with_key("DELETE", &one, &key),
        other.with_key("DELETE", &two, API_KEY),
    );
    let mut ends = [one.0, two.0];
    ends.sort_unstable();
    // The later one was refused, or came with the key that the other had just revoked.
    assert!(matches!(ends, [204, 401 | 409]), "{one:?} {two:?}");
    assert_eq!(gateway.operator().await.api_keys().await.unwrap().len(), 1);
}

#[both_stores]
async fn an_operator_sees_whose_key_each_is(store: Store) {
    let gateway = Gateway::start(store).await;
    gateway.patch_tool(json!({"name": "Quiz"})).await;
    gateway.new_tool("127.0.0.5").await;
    let listed = gateway.operator().await.listed_api_keys().await.unwrap();
    let whose = |key: &ListedApiKey| (key.tool.clone(), key.tool_host.clone());
    let whose: Vec<_> = listed.iter().map(whose).collect();
    assert_eq!(whose[0], ("Quiz".to_owned(), None));
    assert_eq!(whose[1].1.as_deref(), Some("127.0.0.5"));
}

#[both_stores]
async fn keys_that_cannot_be_made_are_refused_by_name(store: Store) {
    let gateway = Gateway::start(store).await;
    for (asked, code) in [
        (json!({"scope": "all"}), "INVALID_BODY"),
        (json!({"name": "a"}), "INVALID_BODY"),
        (json!({"name": "a", "scope": "everything"}), "INVALID_BODY"),
        (json!({"name": " ", "scope": "all"}), "INVALID_API_KEY"),
        (json!({"name": "a", "scope": "all", "expiresAt": "tomorrow"}), "INVALID_API_KEY"),
        (
            json!({"name": "a", "scope": "all", "expiresAt": "9999-12-31T23:59:59Z"}),
            "INVALID_API_KEY",
        ),
        (
            json!({"name": "a", "scope": "all", "expiresAt": "2020-01-01T00:00:00Z"}),
            "INVALID_API_KEY",
        ),
    ] {
        let page = gateway.admin("POST", "/admin/api-keys", Some(asked)).await;
        let told = page.json().unwrap()["details"]["message"].take();
        assert_eq!((page.status, told), (400, json!(code)), "{}", page.text());
    }
    // Each is kept in memory, so there is an end.
    let first = gateway.operator().await.api_keys().await.unwrap().remove(0);
    let (hasher, random) = (gateway.app.api_keys.hasher().clone(), Random::default());
    let fill = gateway.app.db.write::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move {
            for _ in 1..200 {
                let (_, row) = NewApiKey::first().make(&hasher, &first.tool_id, 1, &random);
                api_keys::insert(&mut tx, row).await?;
            }
            Ok(())
        })
    });
    fill.await.unwrap();
    let asked = json!({"name": "one too many", "scope": "read"});
    let page = gateway.admin("POST", "/admin/api-keys", Some(asked)).await;
    assert_eq!(page.status, 409, "{}", page.text());
    let operator = gateway.operator().await;
    let more = operator.create_api_key(None, "one too many", Scope::Read, None).await;
    assert!(matches!(more, Err(OperatorError::TooManyApiKeys)));
    operator.close().await;
}

#[both_stores]
async fn another_tools_keys_are_neither_shown_nor_revoked(store: Store) {
    let gateway = Gateway::start(store).await;
    let other =
        Tool { id: "OtherTool00000000000".into(), host: None, settings: ToolSettings::default() };
    let other = other.to_row().unwrap();
    let random = Random::default();
    let hasher = Hasher::new(&SecretKey::generate(&random));
    let (_, key) = NewApiKey::first().make(&hasher, &other.id, 1, &random);
    let id = key.id.clone();
    let add = gateway.app.db.write::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move {
            tools::insert(&mut tx, other, 1).await?;
            api_keys::insert(&mut tx, key).await
        })
    });
    add.await.unwrap();
    let list = gateway.admin("GET", "/admin/api-keys", None).await;
    assert!(!list.text().contains(&id), "{}", list.text());
    let path = format!("/admin/api-keys/{id}?force=true");
    assert_eq!(gateway.admin("DELETE", &path, None).await.status, 404);
}

#[both_stores]
async fn wrong_keys_are_slowed_down_and_right_ones_are_not(store: Store) {
    let gateway = Gateway::start(store).await;
    assert_eq!(gateway.with_key("GET", "/admin/tool", API_KEY).await.0, 200);
    let mut tries = 0;
    while gateway.with_key("GET", "/admin/tool", &format!("guess-{tries}")).await.0 == 401 {
        tries += 1;
        assert!(tries < 300, "guessed at full speed");
    }
    assert!(tries >= 60, "{tries}");
    // A guess a second is let through again.
    let page = loop {
        let page = gateway.with_authorization("GET", "/admin/tool", None, "Bearer guess").await;
        if page.status == 429 {
            break page;
        }
    };
    let told = page.json().unwrap()["details"]["message"].take();
    assert_eq!((page.status, &told), (429, &json!("TOO_MANY_WRONG_API_KEYS")), "{}", page.text());
    assert_eq!(page.header("retry-after"), Some("1"));
    assert_eq!(gateway.with_key("GET", "/admin/tool", API_KEY).await.0, 200);
}
