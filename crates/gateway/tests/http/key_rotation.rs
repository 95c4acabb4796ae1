//! Our own keys change without a platform noticing, or at once (lti.md G-06, G-07; TC-259 to
//! TC-262).

use std::time::Duration;

use gateway::app::App;
use gateway::background::{forget, rotate_due};
use serde_json::{Value, json};
use simulator::browser::Browser;
use simulator::jose;
use store::{StoreError, signing_keys as stored};
use test_case::both_stores;

use crate::management::{self, Platform};
use crate::registered::Registered;
use crate::support::{Gateway, PATIENCE, SOON, Store, lms, shipped};

const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;

/// A gateway with a platform that asks for an access token whenever its registration is read:
/// something to sign.
struct Signing {
    gateway: Gateway,
    platform: Platform,
    id: String,
}

impl Signing {
    async fn start(store: Store, settings: Value) -> Self {
        let gateway = Gateway::start_fixed(store, settings, &[], shipped()).await;
        let platform = Platform::start(false).await;
        let id = register(&gateway, &platform).await;
        gateway.app.our_keys.refill().await.unwrap();
        Self { gateway, platform, id }
    }

    async fn rotate(&self, body: Option<Value>) -> (u16, Value) {
        let path = format!("/admin/platforms/{}/keys/rotate", self.id);
        let page = self.gateway.admin("POST", &path, body).await;
        (page.status, page.json().unwrap())
    }

    /// Kid and state of each key, as the API shows them.
    async fn states(&self) -> Vec<(String, String)> {
        let path = format!("/api/platforms/{}/keys", self.id);
        let page = self.gateway.admin("GET", &path, None).await;
        assert_eq!(page.status, 200, "{}", page.text());
        states(&page.json().unwrap())
    }

    /// The assertions that were sent for one more reading of the registration.
    async fn assertions(&self) -> Vec<String> {
        self.platform.token_requests.lock().unwrap().clear();
        let path = format!("/admin/platforms/{}/registration", self.id);
        let page = self.gateway.admin("GET", &path, None).await;
        assert_eq!(page.status, 200, "{}", page.text());
        let requests = self.platform.token_requests.lock().unwrap();
        let assertion = |fields: &management::Fields| {
            let found = fields.iter().find(|(name, _)| name == "client_assertion");
            found.unwrap().1.clone()
        };
        requests.iter().map(assertion).collect()
    }

    /// Has something signed, checks it with a key set, and gives the kid.
    async fn signs(&self, keys: &Value) -> String {
        // Past the token that is at hand.
        self.gateway.clock.advance(Duration::from_secs(HOUR));
        let assertion = self.assertions().await.remove(0);
        jose::verify(&assertion, keys).unwrap();
        let header = jose::decode(&assertion).unwrap().header;
        header["kid"].as_str().unwrap().to_owned()
    }
}

async fn register(gateway: &Gateway, platform: &Platform) -> String {
    let path = management::registered(gateway, platform).await;
    path.split('/').nth(3).unwrap().to_owned()
}

fn states(keys: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let keys = keys["keys"].as_array().unwrap().iter();
    keys.map(|key| (text(&key["kid"]), text(&key["state"]))).collect()
}

/// A key set and its kids.
async fn key_set(gateway: &Gateway, path: &str) -> (Value, Vec<String>) {
    let page = Browser::new().unwrap().get(&gateway.at(path)).await.unwrap();
    assert_eq!(page.status, 200, "{}", page.text());
    let keys = page.json().unwrap();
    let kids = keys["keys"].as_array().unwrap().iter();
    let kids = kids.map(|key| key["kid"].as_str().unwrap().to_owned()).collect();
    (keys, kids)
}

#[both_stores("TC-259", "TC-260")]
async fn a_key_rotates_without_any_platform_noticing(store: Store) {
    let signing = Signing::start(store, json!({})).await;
    let (gateway, own) = (&signing.gateway, format!("/lti/keys/{}", signing.id));
    let first = signing.states().await.remove(0);
    assert_eq!(first.1, "signing");
    let old = first.0;
    let (at_first, _) = key_set(gateway, &own).await;
    assert_eq!(signing.signs(&at_first).await, old);

    let (status, body) = signing.rotate(None).await;
    assert_eq!((status, &body["keyDelivery"]), (200, &json!("url")), "{body}");
    let begun = states(&body);
    let new = begun[1].0.clone();
    assert_eq!(begun, [(old.clone(), "signing".to_owned()), (new.clone(), "next".to_owned())]);
    assert!(
        body["keys"][0]["publishedUntil"].is_string()
            && body["keys"][1]["publishedUntil"].is_null()
    );
    assert!(!body.to_string().contains("PRIVATE"));
    assert_eq!(key_set(gateway, &own).await.1, [&*old, &new], "TC-259: both at once");
    let (status, body) = signing.rotate(None).await;
    assert_eq!(
        (status, &body["details"]["message"]),
        (409, &json!("ROTATION_UNDER_WAY")),
        "{body}"
    );
    // A platform that keeps our key set for a day knows the new key before it signs.
    let (in_between, _) = key_set(gateway, &own).await;
    for _ in 0..22 {
        assert_eq!(signing.signs(&at_first).await, old, "TC-259");
    }
    gateway.clock.advance(Duration::from_secs(HOUR));
    assert_eq!(signing.signs(&in_between).await, new, "TC-260");
    assert_eq!(
        signing.states().await,
        [(old.clone(), "retiring".to_owned()), (new.clone(), "signing".to_owned())]
    );
    gateway.clock.advance(Duration::from_secs(6 * DAY));
    forget(&gateway.app, gateway.clock.now_ms()).await.unwrap();
    gateway.app.our_keys.changed();
    assert_eq!(key_set(gateway, &own).await.1, [&*old, &new], "TC-260: still published");
    gateway.clock.advance(Duration::from_secs(DAY));
    gateway.app.our_keys.changed();
    assert_eq!(
        key_set(gateway, &own).await.1,
        [&*new],
        "TC-260: gone after it, by the clock alone"
    );
    forget(&gateway.app, gateway.clock.now_ms()).await.unwrap();
    let kept = format!("SELECT COUNT(*) FROM signing_keys WHERE platform_id = '{}'", signing.id);
    assert_eq!(gateway.number(&kept).await, 1);
    assert_eq!(signing.rotate(None).await.0, 200, "and again");
}

#[both_stores("TC-262")]
async fn an_emergency_drops_the_old_key_and_its_tokens_at_once(store: Store) {
    let signing = Signing::start(store, json!({})).await;
    let (gateway, own) = (&signing.gateway, format!("/lti/keys/{}", signing.id));
    let replica = if store == Store::Postgres { Some(gateway.replica().await) } else { None };
    let old = signing.states().await.remove(0).0;
    assert_eq!(signing.assertions().await.len(), 1);
    assert_eq!(signing.assertions().await.len(), 0, "the token is at hand");
    key_set(gateway, &own).await;
    // In the middle of another rotation, too.
    assert_eq!(signing.rotate(None).await.0, 200);
    if let Some(replica) = &replica {
        assert_eq!(key_set(replica, &own).await.1.len(), 2);
    }
    let (status, body) = signing.rotate(Some(json!({"now": true}))).await;
    assert_eq!(status, 200, "{body}");
    let new = states(&body);
    assert!(new.len() == 1 && new[0].1 == "signing" && new[0].0 != old, "{new:?}");
    assert_eq!(key_set(gateway, &own).await.1, [&*new[0].0]);
    let assertion = signing.assertions().await.remove(0);
    assert_eq!(jose::decode(&assertion).unwrap().header["kid"], new[0].0.as_str());
    let left = format!("SELECT COUNT(*) FROM signing_keys WHERE kid = '{old}'");
    assert_eq!(gateway.number(&left).await, 0);
    if let Some(replica) = replica {
        let seen = async {
            while key_set(&replica, &own).await.1 != [&*new[0].0] {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::time::timeout(SOON, seen).await.unwrap();
    }
    for bad in [json!({"at": "once"}), json!({"now": 1}), json!([1])] {
        assert_eq!(signing.rotate(Some(bad)).await.0, 400);
    }
}

#[both_stores("TC-261")]
async fn no_two_platforms_share_a_key(store: Store) {
    let signing = Signing::start(store, json!({})).await;
    let other = register(&signing.gateway, &Platform::start(false).await).await;
    assert_eq!(signing.rotate(None).await.0, 200);
    let (_, ours) = key_set(&signing.gateway, &format!("/lti/keys/{}", signing.id)).await;
    let (_, theirs) = key_set(&signing.gateway, &format!("/lti/keys/{other}")).await;
    let (_, shared) = key_set(&signing.gateway, "/lti/keys").await;
    assert_eq!((ours.len(), theirs.len()), (2, 1));
    let mut both = [ours, theirs].concat();
    both.sort();
    both.dedup();
    assert_eq!((both.len(), shared.len()), (3, 0), "both registered themselves");
}

#[both_stores("G-07")]
async fn a_pasted_key_rotates_at_once_or_not_at_all(store: Store) {
    let gateway = Gateway::start_fixed(store, json!({}), &[], shipped()).await;
    gateway.app.our_keys.refill().await.unwrap();
    let mut by_hand = json!({"url": "http://127.0.0.1:9", "clientId": "c", "name": "By hand",
        "authenticationEndpoint": "http://127.0.0.1:9/a",
        "accesstokenEndpoint": "http://127.0.0.1:9/t",
        "authConfig": {"method": "JWK_SET", "key": "http://127.0.0.1:9/j"}});
    let created =
        gateway.admin("POST", "/admin/platforms", Some(by_hand.clone())).await.json().unwrap();
    assert_eq!(created["keyDelivery"], "pasted");
    let at = format!("/admin/platforms/{}", created["id"].as_str().unwrap());
    let rotate = async |body: Option<Value>| {
        let page = gateway.admin("POST", &format!("{at}/keys/rotate"), body).await;
        (page.status, page.json().unwrap())
    };
    let (status, body) = rotate(None).await;
    assert_eq!((status, &body["details"]["message"]), (409, &json!("KEY_IS_PASTED")), "{body}");
    let (status, body) = rotate(Some(json!({"now": true}))).await;
    assert_eq!((status, states(&body).len()), (200, 1), "{body}");
    let now = gateway.admin("GET", &at, None).await.json().unwrap();
    assert_ne!(now["publicKey"], created["publicKey"]);
    assert_eq!(now["publicKey"], body["keys"][0]["publicKey"]);
    // Told that the platform reads the key set; a PUT that doesn't say leaves it so.
    by_hand["keyDelivery"] = "url".into();
    assert_eq!(
        gateway.admin("PUT", &at, Some(by_hand.clone())).await.json().unwrap()["keyDelivery"],
        "url"
    );
    by_hand.as_object_mut().unwrap().remove("keyDelivery");
    assert_eq!(
        gateway.admin("PUT", &at, Some(by_hand)).await.json().unwrap()["keyDelivery"],
        "url"
    );
    assert_eq!(rotate(None).await.0, 200);
    for (method, path) in [("GET", "/keys"), ("POST", "/keys/rotate")] {
        let page = gateway.admin(method, &format!("/admin/platforms/nobody{path}"), None).await;
        assert_eq!(page.status, 404);
        let page =
            gateway.with_authorization(method, &format!("{at}{path}"), None, "Bearer wrong").await;
        assert_eq!(page.status, 401);
    }
}

#[both_stores]
async fn scheduled_rotation_takes_what_is_due_on_one_replica(store: Store) {
    let signing =
        Signing::start(store, json!({"keys": {"rotateAfterDays": 30, "signAfterHours": 48}})).await;
    let gateway = &signing.gateway;
    // One file has one writer; replicas share a server. Here the same work is simply asked for
    // twice at a time.
    let replica = if store == Store::Postgres { Some(gateway.replica().await) } else { None };
    let second = replica.as_ref().map_or(&gateway.app, |replica| &replica.app);
    let due = async |app: &App| rotate_due(app, app.clock.now_ms()).await;
    let both = async || {
        let (first, second) = tokio::join!(due(&gateway.app), due(second));
        first.and(second).unwrap();
    };
    gateway.clock.advance(Duration::from_secs(29 * DAY));
    both().await;
    assert_eq!(signing.states().await.len(), 1, "not yet");
    gateway.clock.advance(Duration::from_secs(DAY));
    both().await;
    let due = signing.states().await;
    assert_eq!(due.iter().map(|(_, state)| &**state).collect::<Vec<_>>(), ["signing", "next"]);
    both().await;
    assert_eq!(signing.states().await, due, "once");
    gateway.clock.advance(Duration::from_secs(2 * DAY));
    both().await;
    assert_eq!(signing.states().await[1], (due[1].0.clone(), "signing".to_owned()));
    gateway.clock.advance(Duration::from_secs(30 * DAY));
    forget(&gateway.app, gateway.clock.now_ms()).await.unwrap();
    both().await;
    let next = signing.states().await;
    assert_eq!((next.len(), &next[0].0), (2, &due[1].0), "a month later the next one");
    gateway.patch_tool(json!({"keys": {"rotateAfterDays": 0}})).await;
    second.tools.reload().await.unwrap();
    gateway.clock.advance(Duration::from_secs(300 * DAY));
    forget(&gateway.app, gateway.clock.now_ms()).await.unwrap();
    both().await;
    assert_eq!(signing.states().await.len(), 1, "switched off");
}

#[both_stores("I-63")]
async fn a_rotation_by_the_schedule_is_in_the_audit_once(store: Store) {
    let signing = Signing::start(store, json!({"keys": {"rotateAfterDays": 30}})).await;
    let gateway = &signing.gateway;
    gateway.clock.advance(Duration::from_secs(30 * DAY));
    let due = || rotate_due(&gateway.app, gateway.app.clock.now_ms());
    let (first, second) = tokio::join!(due(), due());
    first.and(second).unwrap();
    assert_eq!(signing.states().await.len(), 2);
    let path = "/admin/audit?action=platform.key_rotated";
    let log = gateway.admin("GET", path, None).await.json().unwrap();
    assert_eq!(log["entries"].as_array().map(Vec::len), Some(1), "{log}");
    let entry = &log["entries"][0];
    assert_eq!(
        (&entry["actor"]["kind"], &entry["subject"]),
        (&json!("server"), &json!(signing.id))
    );
}

#[both_stores]
async fn no_request_waits_for_key_generation(store: Store) {
    let signing = Signing::start(store, json!({})).await;
    let making = signing.gateway.app.our_keys.making().await;
    let emptied = signing.gateway.app.db.write_one::<_, StoreError, _>(|mut tx| {
        Box::pin(async move { stored::empty_pool(&mut tx).await })
    });
    assert_eq!(emptied.await.unwrap(), 4);
    let path = format!("/admin/platforms/{}/keys/rotate", signing.id);
    let page = signing.gateway.admin("POST", &path, None).await;
    assert_eq!((page.status, page.header("retry-after")), (503, Some("1")), "{}", page.text());
    assert_eq!(signing.states().await.len(), 1, "nothing is half done");
    drop(making);
    // It woke the task that makes them.
    let made = async {
        while signing.rotate(None).await.0 != 200 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(PATIENCE, made).await.unwrap();
}

#[both_stores("G-06")]
async fn an_lms_caching_our_key_set_issues_tokens_during_rotation(store: Store) {
    let gateway = Gateway::start_fixed(store, json!({}), &[], shipped()).await;
    let school = Registered::join(gateway, lms().await).await;
    let app = &school.gateway.app;
    app.our_keys.refill().await.unwrap();
    let platform = app.platforms.by_id(&school.platform_id).await.unwrap().unwrap();
    let scope = "https://purl.imsglobal.org/spec/lti-ags/scope/score";
    let token =
        async || app.service_tokens.get(&platform, scope).await.unwrap().answer.access_token;
    let first = token().await;
    assert_eq!(token().await, first, "at hand");
    let path = format!("/admin/platforms/{}/keys/rotate", school.platform_id);
    assert_eq!(school.gateway.admin("POST", &path, None).await.status, 200);
    let mut tokens = vec![first];
    for _ in 0..10 {
        school.advance(20 * HOUR);
        forget(app, app.clock.now_ms()).await.unwrap();
        tokens.push(token().await);
        school.accepts("launches go on", school.student()).await;
    }
    tokens.dedup();
    assert_eq!(tokens.len(), 11);
    // And at once: the LMS looks again when it doesn't know the key.
    assert_eq!(school.gateway.admin("POST", &path, Some(json!({"now": true}))).await.status, 200);
    assert!(!tokens.contains(&token().await));
}
