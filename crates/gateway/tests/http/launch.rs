//! Launches as the certification suite makes them, valid and bad, and replays (lti.md B.7, B-32).

use serde_json::{Map, Value, json};
use simulator::browser::{Browser, Page};
use simulator::lms::{Launch, claim_name};
use test_case::both_stores;

use crate::registered::{Posted, Registered, assert_refused, form, leads_to, login, ltik_of};
use crate::support::{Gateway, Store};

const LIS: &str = "http://purl.imsglobal.org/vocab/lis/v2";

/// A token without anything of LTI in it, as an ordinary login service issues it.
fn plain_oidc(claims: &Map<String, Value>) -> Value {
    let own = |name: &str| !name.contains("://") && name != "ext";
    Value::Object(
        claims
            .iter()
            .filter(|(name, _)| own(name))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect(),
    )
}

#[both_stores(
    "TC-060", "TC-061", "TC-095", "TC-101", "TC-116", "TC-118", "TC-119", "TC-120", "TC-121",
    "TC-124", "TC-126", "TC-132", "TC-134", "CB-1", "CB-2", "CB-3", "CB-4", "CB-5", "CB-6", "CB-7",
    "CB-8", "CB-9", "CB-10", "CB-11", "CB-12"
)]
async fn the_twelve_bad_payloads_are_refused(store: Store) {
    let school = Registered::new(store).await;
    let (ok, now) = (school.student(), school.lms.clock().seconds());
    let no_kid = json!({"typ": "JWT", "alg": "RS256"});
    let other_kid = json!({"typ": "JWT", "alg": "RS256", "kid": "nobody"});
    let untimely = ok.clone().with("iat", now - 180).with("exp", now - 120);
    let early = ok.clone().with("iat", now + 600).with("exp", now + 900);
    let nameless_link = ok.clone().with("resource_link", json!({"title": "Week 1"}));
    for (case, launch, code) in [
        ("CB-1", ok.clone().header(no_kid), "NO_KID_HEADER"),
        ("CB-2", ok.clone().header(other_kid), "KID_UNKNOWN"),
        ("CB-3", ok.clone().with("version", "1.2.0"), "WRONG_LTI_VERSION_CLAIM"),
        ("CB-4", ok.clone().without("version"), "NO_LTI_VERSION_CLAIM"),
        ("CB-7 exp", untimely, "TOKEN_EXPIRED"),
        ("CB-7 iat", early, "TOKEN_ISSUED_IN_FUTURE"),
        ("CB-8", ok.clone().without("message_type"), "NO_MESSAGE_TYPE_CLAIM"),
        ("CB-9", ok.clone().without("roles"), "NO_ROLES_CLAIM"),
        ("CB-10", ok.clone().without("deployment_id"), "NO_DEPLOYMENT_ID_CLAIM"),
        ("CB-11", ok.clone().without("resource_link"), "NO_RESOURCE_LINK_CLAIM"),
        ("CB-11 id", nameless_link, "NO_RESOURCE_LINK_ID_CLAIM"),
        ("CB-12", ok.clone().without("sub"), "NO_SUB_CLAIM"),
    ] {
        school.refuses(case, launch, 401, code).await;
    }
    let header = school.lms.token_header();
    let sign = |claims: &Value| school.lms.sign(&header, claims).unwrap();
    school
        .refuses_token(
            "CB-5",
            |posted| sign(&plain_oidc(&posted.claims())),
            401,
            "NO_LTI_VERSION_CLAIM",
        )
        .await;
    let lti_1_1 = json!({
        "lti_message_type": "basic-lti-launch-request", "lti_version": "LTI-1p0", "user_id": "5",
    });
    school.refuses_token("CB-5 1.1", |_| sign(&lti_1_1), 401, "NO_ISS_CLAIM").await;
    let without_lti = |claims: Map<String, Value>| {
        Value::Object(
            claims.into_iter().filter(|(name, _)| !name.contains("/spec/lti/claim/")).collect(),
        )
    };
    school
        .refuses_token(
            "CB-6",
            |posted| sign(&without_lti(posted.claims())),
            401,
            "NO_LTI_VERSION_CLAIM",
        )
        .await;
    school.accepts("the same unspoilt", ok).await;
}

#[both_stores(
    "TC-141", "TC-142", "TC-143", "TC-144", "TC-145", "TC-146", "TC-147", "TC-148", "TC-149",
    "TC-150"
)]
async fn the_eighteen_valid_launches_are_accepted(store: Store) {
    let school = Registered::new(store).await;
    for (plain, role, standing) in
        [(school.teacher(), "Instructor", "instructor"), (school.student(), "Learner", "learner")]
    {
        let context_role = format!("{LIS}/membership#{role}");
        let several = json!([
            format!("{LIS}/institution/person#Staff"),
            context_role,
            format!("{LIS}/system/person#User")
        ]);
        let unknown = json!(["https://school.example.com/roles#Wizard"]);
        let names = ["name", "given_name", "family_name"];
        let nameless = |launch: &Launch| {
            names.iter().fold(launch.clone(), |launch, name| launch.without(name))
        };
        let cases = [
            ("1 plain", plain.clone(), standing),
            ("2 several roles", plain.clone().with("roles", several), standing),
            ("3 short role", plain.clone().with("roles", json!([role])), standing),
            ("4 unknown role", plain.clone().with("roles", unknown), "guest"),
            ("5 no role", plain.clone().with("roles", json!([])), "guest"),
            ("6 e-mail only", nameless(&plain), standing),
            ("7 names only", plain.clone().without("email"), standing),
            ("8 no personal data", nameless(&plain).without("email"), standing),
            ("9 e-mail, no context", nameless(&plain).without("context"), standing),
        ];
        for (case, launch, standing) in cases {
            let has_name = !launch.changes.contains(&("name".to_owned(), None));
            let has_mail = !launch.changes.contains(&("email".to_owned(), None));
            let has_context = !launch.changes.contains(&("context".to_owned(), None));
            let token = school.accepts(&format!("{role} {case}"), launch).await;
            assert_eq!(token["user"]["role"], standing, "{role} {case}");
            assert_eq!(token["user"].get("name").is_some(), has_name, "{role} {case}");
            assert_eq!(token["user"].get("email").is_some(), has_mail, "{role} {case}");
            assert_eq!(token["launch"].get("context").is_some(), has_context, "{role} {case}");
        }
    }
    assert_eq!(school.gateway.launches().await, 18);
}

#[both_stores("TC-046")]
async fn the_browser_arrives_with_the_links_own_parameters(store: Store) {
    let school = Registered::new(store).await;
    let target = school.gateway.at("/lti/launch?resource=7&ltik=fake&q=%C3%A9+%26");
    let page = school.launch(&school.teacher().target(&target)).await;
    let to = page.location().unwrap();
    let query: Vec<(String, String)> = to.query_pairs().into_owned().collect();
    let pairs = [("own", "1"), ("resource", "7"), ("q", "é &")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(query[..3], pairs);
    assert_eq!((query[3].0.as_str(), query.len()), ("ltik", 4));
    assert_eq!(school.read(&query[3].1).await["launch"]["target"], target);
    assert_eq!(page.header("cache-control"), Some("no-store"));
    assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
}

#[both_stores]
async fn a_target_of_eight_kibibytes_arrives_whole(store: Store) {
    let school = Registered::new(store).await;
    let start = school.gateway.at("/lti/launch?question=");
    let long = |bytes: usize| format!("{start}{}", "q".repeat(bytes - start.len()));
    let target = long(8 * 1024);
    let page = school.launch(&school.student().target(&target)).await;
    let to = leads_to(&page);
    let sent: std::collections::HashMap<_, _> = to.query_pairs().into_owned().collect();
    assert!(target.ends_with(&sent["question"]) && sent["question"].len() > 8000, "{to}");
    assert_eq!(school.read(&sent["ltik"]).await["launch"]["target"], target);
    // It is remembered by its hash, and still has to be the login's.
    let other = school.student().target(&target).with("target_link_uri", long(8 * 1024 - 1));
    school.refuses("another", other, 401, "TARGET_LINK_URI_DOES_NOT_MATCH").await;
    let page =
        login(&school.lms, &Browser::new().unwrap(), &school.student().target(&long(8193))).await;
    assert_refused("longer", &page, 413, "PARAMETER_TOO_LONG");
}

#[both_stores]
async fn launches_stored_in_one_batch_get_their_own_answers(store: Store) {
    let school = Registered::new(store).await;
    let mut posts = Vec::new();
    for _ in 0..9 {
        let browser = Browser::new().unwrap();
        let posted = school.begin(&browser, &school.student()).await;
        posts.extend((0..3).map(|_| post_again(&school.gateway, &browser, &posted)));
    }
    let pages = futures_util::future::join_all(posts).await;
    let (taken, refused): (Vec<_>, Vec<_>) = pages.into_iter().partition(|page| page.status == 303);
    assert_eq!((taken.len(), refused.len()), (9, 18));
    for page in &refused {
        assert_refused("replay", page, 401, "NONCE_ALREADY_RECEIVED");
    }
    // Every ltik is of a launch that is stored, and each of another one.
    let ltiks: std::collections::HashSet<String> =
        taken.iter().map(|page| ltik_of("taken", page)).collect();
    assert_eq!(ltiks.len(), 9);
    let gateway = school.gateway.restart().await;
    for ltik in ltiks {
        assert_eq!(gateway.idtoken(&ltik, "").await.status, 200);
    }
}

#[both_stores("TC-110")]
async fn one_of_fifty_parallel_posts_at_two_replicas_is_accepted(store: Store) {
    let school = Registered::new(store).await;
    let replica = school.gateway.replica().await;
    assert_ne!(replica.url, school.gateway.url);
    replay(&school, &[&school.gateway, &replica]).await;
}

#[both_stores("TC-059")]
async fn a_reload_is_refused_and_the_first_launch_survives(store: Store) {
    let school = Registered::new(store).await;
    let browser = Browser::new().unwrap();
    let posted = school.begin(&browser, &school.student()).await;
    let ltik = ltik_of("first", &school.post(&browser, &posted).await);
    let page = school.post(&browser, &posted).await;
    assert_refused("reload", &page, 401, "NONCE_ALREADY_RECEIVED");
    // A window would be no help: the browser's cookies are in order.
    assert!(!page.text().contains("new window"), "{}", page.text());
    school.read(&ltik).await;
    assert_eq!(school.gateway.launches().await, 1);
}

#[both_stores("TC-111")]
async fn a_signed_token_that_is_refused_has_used_its_nonce(store: Store) {
    let school = Registered::new(store).await;
    let browser = Browser::new().unwrap();
    let posted = school.begin(&browser, &school.student().with("version", "1.2")).await;
    assert_refused("wrong", &school.post(&browser, &posted).await, 401, "WRONG_LTI_VERSION_CLAIM");
    let mut claims = posted.claims();
    claims.insert(claim_name("version"), "1.3.0".into());
    let id_token = school.lms.sign(&school.lms.token_header(), &Value::Object(claims)).unwrap();
    let corrected = Posted { id_token, ..posted };
    assert_refused(
        "corrected",
        &school.post(&browser, &corrected).await,
        401,
        "NONCE_ALREADY_RECEIVED",
    );
    assert_eq!(school.gateway.launches().await, 0);
}

#[both_stores("TC-112")]
async fn a_forged_token_does_not_consume_the_login(store: Store) {
    let school = Registered::new(store).await;
    let (victim, attacker) = (Browser::new().unwrap(), Browser::new().unwrap());
    let posted = school.begin(&victim, &school.student()).await;
    let mut forged = posted.clone();
    forged.id_token = format!("{}AAAA", &posted.id_token[..posted.id_token.len() - 4]);
    assert_refused("attacker", &school.post(&attacker, &forged).await, 401, "STATE_COOKIE_MISSING");
    assert_refused("own browser", &school.post(&victim, &forged).await, 401, "INVALID_SIGNATURE");
    assert_eq!(school.gateway.number("SELECT COUNT(*) FROM launches").await, 0);
    ltik_of("victim", &school.post(&victim, &posted).await);
}

/// A launch's post with the cookies that the browser has now, whatever becomes of them meanwhile.
fn post_again(
    gateway: &Gateway,
    browser: &Browser,
    posted: &Posted,
) -> impl Future<Output = Page> + use<> {
    let cookies: Vec<String> = browser
        .cookies(&gateway.url)
        .iter()
        .map(|cookie| format!("{}={}", cookie.name, cookie.value))
        .collect();
    let request = form(&gateway.at("/lti/launch"), &posted.fields());
    let request = request.header("cookie", &cookies.join("; "));
    let browser = browser.fresh();
    async move { browser.send(request).await.unwrap() }
}

/// Fifty posts at once of one token, in turns to these gateways, each with the login's cookies.
async fn replay(school: &Registered, gateways: &[&Gateway]) {
    let browser = Browser::new().unwrap();
    let posted = school.begin(&browser, &school.student()).await;
    let posts = (0..50).map(|turn| post_again(gateways[turn % gateways.len()], &browser, &posted));
    let pages = futures_util::future::join_all(posts).await;
    let (accepted, refused): (Vec<_>, Vec<_>) =
        pages.into_iter().partition(|page| page.status == 303);
    assert_eq!(accepted.len(), 1);
    for page in &refused {
        assert_refused("replay", page, 401, "NONCE_ALREADY_RECEIVED");
    }
    assert_eq!(school.gateway.launches().await, 1);
    let ltik = ltik_of("the one", &accepted[0]);
    for gateway in gateways {
        let answer = gateway.idtoken(&ltik, "").await;
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
}
