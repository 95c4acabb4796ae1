//! The pipeline of a launch, type by type, in a room with a store but without a server.

use std::time::Duration;

use axum::body::Bytes;
use axum::http::header::{CONTENT_TYPE, COOKIE, LOCATION};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use serde_json::{Map, Value, json};
use simulator::jose::SigningKey;
use store::deployments::{self, DeploymentStatus};
use store::platforms::{self, KeyMethod, Management, PlatformRow};
use store::tools::{self, ToolRow};
use store::{Db, Limits, StoreError};
use tempfile::TempDir;

use super::accepted::Accepted;
use super::begun::Begun;
use super::bound::Bound;
use super::form::{Form, Posted};
use super::nonce::nonce;
use super::room::Lti13;
use super::signed::Signed;
use super::state::{Around, LoginState, LoginTarget};
use super::stored::Stored;
use super::{ADAPTER, AddedDeployments, StrangersTurns, UnsignedRows, cookies};
use crate::audit::Audit;
use crate::directory::platforms::Platforms;
use crate::directory::tools::Tools;
use crate::keys::ours::OurKeys;
use crate::keys::theirs::PlatformKeys;
use crate::kit::clock::{Clock, Random};
use crate::kit::outbound::{AllowList, Outbound};
use crate::kit::seal::{Sealer, SecretKey, SecretKeys, Secrets};
use crate::launch::{Adapters, Launches, Ltiks, Release};
use crate::settings::public_url::PublicUrl;
use crate::testing::{self, PLATFORM};
use crate::traces::{Kind, LoginMark, Recorder};
use crate::web::limiter::Limiter;
use crate::web::problem::Problem;

const ADAPTERS: Adapters = Adapters(&[&ADAPTER]);
const ISSUER: &str = "https://lms.example.edu";
const TARGET: &str = "https://lti.example.com/lti/launch?page=7";
const CLAIM: &str = "https://purl.imsglobal.org/spec/lti/claim";

/// A platform with a pasted key, and the room it launches into.
struct School {
    _folder: TempDir,
    key: SigningKey,
    room: Lti13,
}

impl School {
    async fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let url = format!("sqlite:{}/school.db", folder.path().display());
        let db = Db::open(&url, Limits::default()).await.unwrap();
        let key = SigningKey::generate().unwrap();
        let platform = platform(key.jwk().to_string());
        let setup = db.write::<_, StoreError, _>(|mut tx| {
            Box::pin(async move {
                let settings = json!({"launchUrl": "https://app.example.com/start"});
                let tool = ToolRow {
                    id: "tool".into(),
                    host: None,
                    settings: settings.to_string(),
                };
                tools::insert(&mut tx, tool, 0).await?;
                platforms::insert(&mut tx, platform, Management::default()).await
            })
        });
        setup.await.unwrap();
        let room = room(db);
        room.tools.reload().await.unwrap();
        Self {
            _folder: folder,
            key,
            room,
        }
    }

    /// The state that a login left with its browser.
    fn state(&self) -> LoginState {
        let (random, clock) = (&self.room.random, &self.room.clock);
        let ([nonce, binding], more) = random.two_tokens();
        LoginState {
            platform_id: PLATFORM.into(),
            nonce,
            target: LoginTarget::new(TARGET.into()),
            deployment_id: None,
            storage_target: None,
            hints: None,
            login_id: cookies::new_login_id(clock.now_ms(), more),
            binding,
            expires: clock.now_seconds() + cookies::LOGIN_SECONDS,
            around: Around::Unknown,
            offered: false,
            mark: LoginMark::default(),
        }
    }

    fn claims(&self, state: &LoginState) -> Map<String, Value> {
        let now = self.room.clock.now_seconds();
        let claims = json!({
            "iss": ISSUER, "sub": "u-17", "aud": "c-1", "iat": now, "exp": now + 300, "nonce": state.nonce,
            format!("{CLAIM}/message_type"): "LtiResourceLinkRequest",
            format!("{CLAIM}/version"): "1.3.0",
            format!("{CLAIM}/deployment_id"): "d-1",
            format!("{CLAIM}/target_link_uri"): TARGET,
            format!("{CLAIM}/resource_link"): {"id": "7"},
            format!("{CLAIM}/roles"): [],
        });
        match claims {
            Value::Object(claims) => claims,
            _ => Map::new(),
        }
    }

    fn sign(&self, claims: Map<String, Value>) -> String {
        self.key.sign(&self.key.header(), &claims.into()).unwrap()
    }

    /// A launch up to the check of its browser.
    async fn bound(&self, state: &LoginState, id_token: String) -> Result<Bound, Problem> {
        let (sealed, headers) = (state.seal(&self.room.states).unwrap(), cookie_of(state));
        let begun = Begun::open(&self.room, &sealed, &mut self.trace()).await?;
        let form = form(id_token, &sealed);
        Bound::new(&self.room, begun, form, &headers, &mut self.trace()).await
    }

    /// A launch from its form to the store; the status and reason if it is refused.
    async fn launch(&self, state: &LoginState, claims: Map<String, Value>) -> Result<(), Refused> {
        let (room, mut trace) = (&self.room, self.trace());
        let bound = self.bound(state, self.sign(claims)).await?;
        let token = bound.token().map_err(Problem::from)?;
        let signed = Signed::new(room, &bound, &token, &mut trace).await?;
        let accepted = Accepted::new(room, signed, &mut trace).await?;
        Stored::new(room, accepted, &mut trace).await?;
        Ok(())
    }

    async fn is_spent(&self, state: &LoginState) -> bool {
        let platform = self.room.platforms.by_id(PLATFORM).await.unwrap().unwrap();
        let nonce = nonce(&platform, state);
        self.room.launches.is_spent(&nonce).await.unwrap()
    }

    fn trace(&self) -> Recorder {
        Recorder::new(Kind::Launch, &self.room.clock, &HeaderMap::new())
    }
}

/// Status and reason of a refusal.
#[derive(Debug, PartialEq, Eq)]
struct Refused(u16, &'static str);

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        let reason = problem.reason.map_or(problem.code, |reason| reason.code);
        Self(problem.status.as_u16(), reason)
    }
}

fn room(db: Db) -> Lti13 {
    let (clock, random) = (Clock::default(), Random::default());
    let secrets = Secrets {
        keys: SecretKeys::from(SecretKey::generate(&random)),
        root: SecretKey::generate(&random),
    };
    let rows = Sealer::new(&secrets.keys, "rows", random.clone());
    let public_url = PublicUrl::parse("https://lti.example.com").unwrap();
    let tools = Tools::new(db.clone());
    let no_keys_ahead = OurKeys::new(db.clone(), clock.clone(), rows.clone(), 0);
    let outbound = Outbound::new(AllowList::default()).unwrap();
    let events = crate::events::Events::new(clock.clone(), random.clone());
    let audit = Audit::new(rows.clone(), &secrets.root, clock.clone(), random.clone());
    let platforms = Platforms::new(db.clone(), rows.clone(), no_keys_ahead);
    let usage = crate::usage::Usage::new(db.clone(), clock.clone(), tools.clone(), &secrets.root);
    Lti13 {
        usage,
        visits: crate::directory::visits::Visits::new(db.clone()),
        keys: PlatformKeys::new(clock.clone(), outbound),
        launches: Launches::new(
            db.clone(),
            rows,
            clock.clone(),
            platforms.clone(),
            events.clone(),
            public_url.clone(),
            ADAPTERS,
        ),
        platforms,
        ltiks: Ltiks::new(&secrets, clock.clone()),
        tools,
        states: Sealer::new(&secrets.keys, "login states", random.clone()),
        strangers: StrangersTurns::default(),
        unsigned: UnsignedRows::default(),
        events,
        audit,
        added: AddedDeployments::new(Limiter::default()),
        db,
        clock,
        random,
        public_url,
    }
}

fn platform(key: String) -> PlatformRow {
    PlatformRow {
        tool_id: "tool".into(),
        issuer: ISSUER.into(),
        client_id: "c-1".into(),
        authorization_endpoint: format!("{ISSUER}/auth"),
        key_method: KeyMethod::JwkKey,
        key_value: key,
        ..testing::platform()
    }
}

fn form(id_token: String, state: &str) -> Form {
    Form {
        id_token,
        state: state.to_owned(),
        storage_target: None,
    }
}

fn cookie_of(state: &LoginState) -> HeaderMap {
    let cookie = format!("__Host-lti_st_{}={}", state.login_id, state.binding);
    HeaderMap::from_iter([(COOKIE, HeaderValue::from_str(&cookie).unwrap())])
}

#[tokio::test]
async fn a_launch_passes_every_type_and_is_written_at_the_last() {
    let school = School::new().await;
    let (room, state, mut trace) = (&school.room, school.state(), school.trace());
    let sealed = state.seal(&room.states).unwrap();
    let body = format!(
        "id_token={}&state={sealed}",
        school.sign(school.claims(&state))
    );
    let mut headers = cookie_of(&state);
    let media_type = HeaderValue::from_static("application/x-www-form-urlencoded");
    headers.insert(CONTENT_TYPE, media_type);

    let posted = Posted::read(&headers, &Bytes::from(body)).unwrap();
    let Posted::Launch(form) = posted else {
        panic!("no launch");
    };
    let begun = Begun::open(room, &form.state, &mut trace).await.unwrap();
    let bound = Bound::new(room, begun, form, &headers, &mut trace)
        .await
        .unwrap();
    let token = bound.token().unwrap();
    let signed = Signed::new(room, &bound, &token, &mut trace).await.unwrap();
    let accepted = Accepted::new(room, signed, &mut trace).await.unwrap();
    assert!(accepted.deployment_is_new);
    assert!(!school.is_spent(&state).await);
    let stored = Stored::new(room, accepted, &mut trace).await.unwrap();
    assert!(school.is_spent(&state).await);

    let answer = stored.answer(room, &headers).unwrap();
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    let to = answer.headers()[LOCATION].to_str().unwrap();
    let (application, ltik) = to.split_once("&ltik=").unwrap();
    assert_eq!(application, "https://app.example.com/start?page=7");
    let id = room.ltiks.launch_of(ltik).unwrap();
    let launch = room.launches.load(&id).await.unwrap().unwrap();
    assert_eq!(launch.subject.as_deref(), Some("u-17"));
    assert_eq!(launch.deployment_id, "d-1");
}

#[tokio::test]
async fn a_login_is_known_by_its_state_for_ten_minutes() {
    let school = School::new().await;
    let sealed = school.state().seal(&school.room.states).unwrap();
    let begun = async |sealed: &str| {
        let begun = Begun::open(&school.room, sealed, &mut school.trace()).await;
        begun.map(drop).map_err(Refused::from)
    };
    assert_eq!(begun(&sealed).await, Ok(()));
    assert_eq!(begun("x").await, Err(Refused(401, "STATE_UNKNOWN")));
    let stranger = LoginState {
        platform_id: "platform000000000002".into(),
        ..school.state()
    };
    let stranger = stranger.seal(&school.room.states).unwrap();
    assert_eq!(begun(&stranger).await, Err(Refused(400, "PLATFORM_GONE")));
    let ten_minutes = u64::try_from(cookies::LOGIN_SECONDS).unwrap();
    school
        .room
        .clock
        .advance(Duration::from_secs(ten_minutes + 1));
    assert_eq!(begun(&sealed).await, Err(Refused(401, "STATE_EXPIRED")));
}

#[tokio::test]
async fn a_browser_is_bound_by_its_cookie_or_later_by_the_storage() {
    let school = School::new().await;
    let bound = async |state: &LoginState, headers: HeaderMap, named_now: Option<&str>| {
        let sealed = state.seal(&school.room.states).unwrap();
        let begun = Begun::open(&school.room, &sealed, &mut school.trace()).await?;
        let form = Form {
            storage_target: named_now.map(str::to_owned),
            ..form("a.b.c".into(), &sealed)
        };
        let bound = Bound::new(&school.room, begun, form, &headers, &mut school.trace()).await;
        bound.map(|bound| bound.release).map_err(Refused::from)
    };
    let none = HeaderMap::new;
    let plain = school.state();
    assert_eq!(
        bound(&plain, cookie_of(&plain), None).await,
        Ok(Release::Now)
    );
    let missing = Err(Refused(401, "STATE_COOKIE_MISSING"));
    assert_eq!(bound(&plain, none(), None).await, missing);
    assert_eq!(
        bound(&plain, cookie_of(&school.state()), None).await,
        missing
    );
    // A frame that the platform names now but did not at login doesn't help.
    assert_eq!(bound(&plain, none(), Some("_parent")).await, missing);
    let offered = LoginState {
        storage_target: Some("_parent".into()),
        ..school.state()
    };
    for named_now in [None, Some("_parent")] {
        let later = bound(&offered, none(), named_now).await;
        assert_eq!(later, Ok(Release::Later), "{named_now:?}");
    }
    assert_eq!(bound(&offered, none(), Some("other")).await, missing);
    assert_eq!(
        bound(&offered, cookie_of(&offered), None).await,
        Ok(Release::Now)
    );
    // Once the launch is stored, a repeated form submission is answered accordingly.
    school.launch(&plain, school.claims(&plain)).await.unwrap();
    let replayed = Err(Refused(401, "NONCE_ALREADY_RECEIVED"));
    assert_eq!(bound(&plain, none(), None).await, replayed);
}

#[tokio::test]
async fn nothing_is_written_before_the_signature_is_verified() {
    let school = School::new().await;
    let (state, mut trace) = (school.state(), school.trace());
    let other = SigningKey::generate().unwrap().with_kid(school.key.kid());
    let claims = school.claims(&state).into();
    let forged = other.sign(&other.header(), &claims).unwrap();
    let bound = school.bound(&state, forged).await.unwrap();
    let token = bound.token().unwrap();
    let signed = Signed::new(&school.room, &bound, &token, &mut trace).await;
    let refused = Refused::from(signed.err().unwrap());
    assert_eq!(refused, Refused(401, "INVALID_SIGNATURE"));
    assert!(!school.is_spent(&state).await);
    let unreadable = school.bound(&state, "a.b.c".into()).await.unwrap();
    assert!(unreadable.token().is_err());
}

#[tokio::test]
async fn a_token_is_good_for_one_launch() {
    let school = School::new().await;
    let state = school.state();
    school.launch(&state, school.claims(&state)).await.unwrap();
    let again = school.launch(&state, school.claims(&state)).await;
    assert_eq!(again, Err(Refused(401, "NONCE_ALREADY_RECEIVED")));
}

#[tokio::test]
async fn another_logins_person_or_deployment_is_not_accepted() {
    let school = School::new().await;
    let state = school.state();
    let with = |name: &str, value: Value| {
        let mut claims = school.claims(&state);
        claims.insert(name.to_owned(), value);
        claims
    };
    for (claims, code) in [
        (with("nonce", json!("other")), "NONCE_DOES_NOT_MATCH"),
        (with("aud", json!("c-2")), "AUD_DOES_NOT_MATCH_CLIENTID"),
        (
            with("iss", json!("https://x.example")),
            "ISS_CLAIM_DOES_NOT_MATCH",
        ),
    ] {
        let refused = school.launch(&state, claims).await;
        assert_eq!(refused, Err(Refused(401, code)), "{code}");
    }
    let stop = school.room.db.write::<_, StoreError, _>(|mut tx| {
        let (platform, id) = (PLATFORM.to_owned(), "d-2".to_owned());
        Box::pin(async move {
            deployments::save(&mut tx, platform, id, DeploymentStatus::Disabled, 0).await
        })
    });
    stop.await.unwrap();
    let stopped = with(&format!("{CLAIM}/deployment_id"), json!("d-2"));
    let refused = school.launch(&state, stopped).await;
    assert_eq!(refused, Err(Refused(403, "DEPLOYMENT_DISABLED")));
    assert!(!school.is_spent(&state).await);
    school.launch(&state, school.claims(&state)).await.unwrap();
}
