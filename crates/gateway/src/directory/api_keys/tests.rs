//! API keys in a store, without a server.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::net::SocketAddr;
use std::time::Duration;

use axum::extract::ConnectInfo;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::http::{Method, Request};
use store::StoreError;
use store::api_keys::{self, ApiKeyRow};

use super::keyring::{ApiKeys, ApiKeysParts};
use super::new::{BadApiKey, DAY_MS, Hasher, NewApiKey, PREFIX, is_last, old_hash};
use super::scope::{ForApiKeys, ForManagement, ForSecrets, ForServices, Need, Scope};
use crate::directory::tools::Tools;
use crate::kit::clock::{Random, Stopwatch};
use crate::kit::seal::SecretKey;
use crate::settings::proxies::{ForwardedHeader, TrustedProxies};
use crate::testing::{Scratch, TOOL};
use crate::web::client::Clients;
use crate::web::limiter::Limiter;
use crate::web::problem::Problem;

const HOME: &str = "192.0.2.1:5000";
const KEY: &str = "an-api-key-0123456789";
/// One as docs/keys.md says to choose it.
const RANDOM: &str = "c07bd2e7f9a1844d5c36e0b8872fa95d013e6bc4d97a25f8e1406bd3937ac852";

async fn keys(scratch: &Scratch) -> ApiKeys {
    let tools = Tools::new(scratch.db.clone());
    tools.reload().await.unwrap();
    keys_of(scratch, tools)
}

fn keys_of(scratch: &Scratch, tools: Tools) -> ApiKeys {
    ApiKeys::from(ApiKeysParts {
        db: scratch.db.clone(),
        clock: scratch.clock.clone(),
        tools,
        clients: Clients::behind(TrustedProxies::default(), ForwardedHeader::default()),
        limiter: Limiter::default(),
        hasher: Hasher::new(&SecretKey::generate(&Random::default())),
    })
}

/// A key of the tool, as stored.
fn row(hasher: &Hasher, key: &str, scope: Scope, expires_at: Option<i64>) -> ApiKeyRow {
    let new = NewApiKey::new("test", scope, expires_at, 0).unwrap();
    new.row_of(key, hasher, TOOL, 0, &Random::default())
}

async fn add(scratch: &Scratch, row: ApiKeyRow) {
    let insert = scratch.db.write::<_, StoreError, _>(|mut tx| {
        Box::pin(async move { api_keys::insert(&mut tx, row).await })
    });
    insert.await.unwrap();
}

async fn stored(scratch: &Scratch) -> Vec<ApiKeyRow> {
    let mut reader = scratch.db.read().await.unwrap();
    api_keys::all(&mut reader.tx()).await.unwrap()
}

fn request(from: &str, method: Method) -> Parts {
    let from: SocketAddr = from.parse().unwrap();
    let request = Request::builder()
        .method(method)
        .extension(ConnectInfo(from));
    request.body(()).unwrap().into_parts().0
}

fn told<T>(answer: Result<T, Problem>) -> (u16, &'static str) {
    match answer {
        Ok(_) => (200, ""),
        Err(problem) => (problem.status.as_u16(), problem.code),
    }
}

async fn ask(keys: &ApiKeys, from: &str, key: &str) -> u16 {
    told(keys.find(&request(from, Method::GET), key).await).0
}

#[tokio::test]
async fn only_keys_nobody_can_guess_are_known_by_a_head() {
    let scratch = Scratch::new().await;
    let keys = keys(&scratch).await;
    let ours = format!("{PREFIX}{}", Random::default().token());
    let chosen = format!("{PREFIX}0123456789");
    let known = |key: &str| {
        let mut head = request(HOME, Method::GET);
        let bearer = format!("Bearer {key}").parse().unwrap();
        head.headers.insert(AUTHORIZATION, bearer);
        keys.has_key(&head)
    };
    for key in [KEY, &ours, RANDOM, &chosen] {
        add(&scratch, row(keys.hasher(), key, Scope::All, None)).await;
    }
    keys.changed().await;
    assert!(!known(&ours), "the store isn't asked");
    assert_eq!(ask(&keys, HOME, KEY).await, 200);
    assert!(known(&ours) && known(RANDOM) && !known(KEY) && !known(&chosen));
    assert!(!known(&format!("{ours}1")));
    assert!(!keys.has_key(&request(HOME, Method::GET)));
}

#[tokio::test]
async fn a_scope_opens_what_the_endpoint_names_and_nothing_else() {
    async fn opens<N: Need>(keys: &ApiKeys, key: &str) -> [bool; 2] {
        let mut opens = [false; 2];
        for (opens, method) in opens.iter_mut().zip([Method::GET, Method::POST]) {
            let answer = told(keys.admit::<N>(&request(HOME, method), key).await);
            assert!(
                matches!(answer, (200, _) | (403, "API_KEY_SCOPE")),
                "{answer:?}"
            );
            *opens = answer.0 == 200;
        }
        opens
    }
    let scratch = Scratch::new().await;
    let keys = keys(&scratch).await;
    let (both, read, none) = ([true, true], [true, false], [false, false]);
    for (scope, expected) in [
        (Scope::All, [both, both, both, both]),
        (Scope::Services, [both, none, none, none]),
        (Scope::Manage, [none, both, both, read]),
        (Scope::Read, [read, read, none, read]),
    ] {
        let key = format!("key-of-scope-{}", scope.as_str());
        add(&scratch, row(keys.hasher(), &key, scope, None)).await;
        keys.changed().await;
        let opened = [
            opens::<ForServices>(&keys, &key).await,
            opens::<ForManagement>(&keys, &key).await,
            opens::<ForSecrets>(&keys, &key).await,
            opens::<ForApiKeys>(&keys, &key).await,
        ];
        assert_eq!(opened, expected, "{scope:?}");
    }
}

#[tokio::test]
async fn a_refusal_names_the_key_and_the_scope_and_not_the_secret() {
    let scratch = Scratch::new().await;
    let keys = keys(&scratch).await;
    let row = row(keys.hasher(), KEY, Scope::Read, None);
    add(&scratch, row.clone()).await;
    let request = request(HOME, Method::PUT);
    let answer = keys.admit::<ForManagement>(&request, KEY).await;
    let problem = answer.map(drop).unwrap_err();
    let expected = format!(
        "The API key 'test' ({}) has the scope read; this request needs the scope manage or all.",
        row.id
    );
    assert_eq!(problem.description, expected);
}

#[tokio::test]
async fn a_key_of_an_older_version_works_and_gets_a_keyed_hash() {
    let scratch = Scratch::new().await;
    let keys = keys(&scratch).await;
    let mut old = row(keys.hasher(), KEY, Scope::All, None);
    old.key_hash = old_hash(KEY).to_vec();
    add(&scratch, old).await;
    for _ in 0..2 {
        assert_eq!(ask(&keys, HOME, KEY).await, 200);
        keys.note_uses().await.unwrap();
        let now = stored(&scratch).await.remove(0);
        assert_eq!(now.key_hash, keys.hasher().hash(KEY));
        keys.changed().await;
    }
}

#[tokio::test]
async fn the_last_use_is_written_at_most_once_a_minute() {
    let scratch = Scratch::new().await;
    let keys = keys(&scratch).await;
    add(&scratch, row(keys.hasher(), KEY, Scope::All, None)).await;
    let used = async || {
        assert_eq!(ask(&keys, HOME, KEY).await, 200);
        keys.note_uses().await.unwrap();
        stored(&scratch).await.remove(0).last_used_at
    };
    let first = used().await.unwrap();
    assert!(scratch.clock.now_ms() - first < 60_000);
    scratch.clock.advance(Duration::from_secs(30));
    assert_eq!(used().await, Some(first), "within the minute");
    scratch.clock.advance(Duration::from_secs(31));
    assert!(used().await.unwrap() >= first + 61_000);
}

#[tokio::test]
async fn a_key_ends_at_its_time_and_when_it_is_revoked() {
    let scratch = Scratch::new().await;
    let keys = keys(&scratch).await;
    let end = scratch.clock.now_ms() + 60_000;
    add(&scratch, row(keys.hasher(), KEY, Scope::All, Some(end))).await;
    let lasting = row(keys.hasher(), "another-key-0123456789", Scope::All, None);
    let id = lasting.id.clone();
    add(&scratch, lasting).await;
    assert_eq!(ask(&keys, HOME, KEY).await, 200);
    scratch.clock.advance(Duration::from_secs(61));
    assert_eq!(ask(&keys, HOME, KEY).await, 401);
    assert_eq!(ask(&keys, HOME, "another-key-0123456789").await, 200);
    let delete = scratch.db.write::<_, StoreError, _>(|mut tx| {
        Box::pin(async move { api_keys::delete(&mut tx, TOOL.into(), id).await })
    });
    assert!(delete.await.unwrap());
    keys.changed().await;
    assert_eq!(ask(&keys, HOME, "another-key-0123456789").await, 401);
}

#[tokio::test]
async fn an_address_that_guesses_waits_and_its_neighbours_do_not() {
    let scratch = Scratch::new().await;
    let keys = keys(&scratch).await;
    add(&scratch, row(keys.hasher(), KEY, Scope::All, None)).await;
    assert_eq!(ask(&keys, HOME, KEY).await, 200);
    for number in 0..60 {
        assert_eq!(ask(&keys, HOME, &format!("guess-{number}")).await, 401);
    }
    let waits = keys.find(&request(HOME, Method::GET), "guess-60").await;
    let problem = waits.map(drop).unwrap_err();
    assert_eq!(
        (problem.status.as_u16(), problem.code, problem.retry_after),
        (429, "TOO_MANY_WRONG_API_KEYS", Some(1))
    );
    assert_eq!(
        ask(&keys, HOME, KEY).await,
        200,
        "the application's own key"
    );
    assert_eq!(
        ask(&keys, "192.0.2.2:1", "guess-61").await,
        401,
        "a neighbour"
    );
    // From an address that has to wait, only keys that were right before are checked: otherwise
    // guessing would continue at full speed.
    add(
        &scratch,
        row(keys.hasher(), "another-key-0123456789", Scope::All, None),
    )
    .await;
    keys.changed().await;
    assert_eq!(ask(&keys, HOME, "another-key-0123456789").await, 429);
    assert_eq!(
        ask(&keys, "192.0.2.2:1", "another-key-0123456789").await,
        200
    );
}

/// An operator may choose a key that begins like ours, or a random one.
#[tokio::test]
async fn only_keys_nobody_can_guess_get_in_after_wrong_ones() {
    let scratch = Scratch::new().await;
    let keys = keys(&scratch).await;
    let chosen = format!("{PREFIX}school-2026");
    let monotonous = format!("{PREFIX}{}", "a".repeat(43));
    for key in [RANDOM, &chosen, &monotonous] {
        add(&scratch, row(keys.hasher(), key, Scope::All, None)).await;
    }
    let (made, ours) = NewApiKey::first().make(keys.hasher(), TOOL, 0, &Random::default());
    add(&scratch, ours).await;
    for number in 0..60 {
        assert_eq!(ask(&keys, HOME, &format!("guess-{number}")).await, 401);
    }
    assert_eq!(ask(&keys, HOME, &format!("{PREFIX}guess")).await, 429);
    for slowed in [&chosen, &monotonous] {
        assert_eq!(ask(&keys, HOME, slowed).await, 429, "not even compared");
    }
    for key in [&*made, RANDOM] {
        assert_eq!(ask(&keys, HOME, key).await, 200, "nobody can guess it");
    }
    let wrong = RANDOM.replace('c', "d");
    assert_eq!(ask(&keys, HOME, &wrong).await, 429, "compared, and counted");
    assert_eq!(ask(&keys, "192.0.2.2:1", &chosen).await, 200);
}

#[tokio::test]
async fn a_right_key_is_no_wrong_one_before_the_tools_are_read() {
    let scratch = Scratch::new().await;
    let tools = Tools::new(scratch.db.clone());
    let keys = keys_of(&scratch, tools.clone());
    add(&scratch, row(keys.hasher(), KEY, Scope::All, None)).await;
    for _ in 0..100 {
        assert_eq!(ask(&keys, HOME, KEY).await, 503);
    }
    tools.reload().await.unwrap();
    assert_eq!(ask(&keys, HOME, KEY).await, 200);
}

#[tokio::test]
async fn a_revoked_key_is_forgotten_with_time_to_spare() {
    let scratch = Scratch::new().await;
    let keys = keys(&scratch).await;
    let row = row(keys.hasher(), KEY, Scope::All, None);
    let id = row.id.clone();
    add(&scratch, row).await;
    assert_eq!(ask(&keys, HOME, KEY).await, 200);
    // Another replica or a command revokes it.
    let delete = scratch.db.write::<_, StoreError, _>(|mut tx| {
        Box::pin(async move { api_keys::delete(&mut tx, TOOL.into(), id).await })
    });
    assert!(delete.await.unwrap());
    let revoked = Stopwatch::start();
    while ask(&keys, HOME, KEY).await == 200 {
        assert!(
            revoked.elapsed() < Duration::from_secs(4),
            "it is still taken"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[test]
fn a_key_has_a_prefix_and_a_hash_that_needs_the_root() {
    let random = Random::default();
    let [one, other] = [(); 2].map(|()| Hasher::new(&SecretKey::generate(&random)));
    let (key, row) = NewApiKey::first().make(&one, TOOL, 5, &random);
    assert!(
        key.starts_with(PREFIX) && key.len() == PREFIX.len() + 43,
        "{key}"
    );
    assert_eq!(row.key_hash, one.hash(&key));
    assert_ne!(row.key_hash, other.hash(&key));
    assert_eq!((&*row.scope, row.expires_at), ("all", None));
}

#[test]
fn names_and_ends_are_checked() {
    let new = |name: &str, end| NewApiKey::new(name, Scope::Read, end, 10).map(drop);
    assert_eq!(new(&"é".repeat(100), Some(11)), Ok(()));
    for bad in ["", "  ", "a\nb", &"é".repeat(101)] {
        assert_eq!(new(bad, None), Err(BadApiKey::Name), "{bad}");
    }
    let century = 36_500 * DAY_MS;
    assert_eq!(new("a", Some(10 + century)), Ok(()));
    for end in [10, 11 + century, i64::MAX] {
        assert_eq!(new("a", Some(end)), Err(BadApiKey::End), "{end}");
    }
}

#[test]
fn the_last_key_to_everything_is_known() {
    let hasher = Hasher::new(&SecretKey::generate(&Random::default()));
    let mut keys = vec![
        row(&hasher, "a", Scope::All, None),
        row(&hasher, "b", Scope::Manage, None),
        row(&hasher, "c", Scope::All, Some(10 + DAY_MS)),
    ];
    let ids: Vec<String> = keys.iter().map(|key| key.id.clone()).collect();
    let last = |keys: &[ApiKeyRow], now| {
        let ids = ids.iter();
        let last: Vec<bool> = ids.map(|id| is_last(keys, TOOL, id, now)).collect();
        last
    };
    assert_eq!(last(&keys, 9), [false, false, false]);
    assert_eq!(
        last(&keys, 10),
        [true, false, false],
        "one ends within a day"
    );
    assert_eq!(
        last(&keys, 10 + DAY_MS),
        [true, false, false],
        "one has ended"
    );
    keys.remove(2);
    assert_eq!(last(&keys, 9), [true, false, false]);
    assert!(!is_last(&keys, "another tool", &ids[0], 9));
}
