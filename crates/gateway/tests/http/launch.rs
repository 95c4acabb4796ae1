//! Launches as the certification suite makes them, valid and bad, and replays (lti.md B.7, B-32).

use serde_json::{Map, Value, json};
use simulator::browser::{Browser, Page};
use simulator::lms::{Launch, claim_name};
use test_case::both_stores;

use crate::registered::{
    Posted, Registered, assert_refused, form, leads_to, login, ltik_of, refused,
};
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

#[both_stores("CB-1", "TC-060")]
async fn a_token_without_a_kid_is_refused(store: Store) {
    refused(store, "NO_KID_HEADER", |ok| ok.header(json!({"typ": "JWT", "alg": "RS256"}))).await;
}

#[both_stores("CB-2", "TC-061")]
async fn a_kid_that_is_not_in_the_key_set_is_refused(store: Store) {
    let header = json!({"typ": "JWT", "alg": "RS256", "kid": "nobody"});
    refused(store, "KID_UNKNOWN", |ok| ok.header(header)).await;
}

#[both_stores("CB-3", "TC-116")]
async fn another_version_of_lti_is_refused(store: Store) {
    refused(store, "WRONG_LTI_VERSION_CLAIM", |ok| ok.with("version", "1.2.0")).await;
}

#[both_stores("CB-4", "TC-118")]
async fn a_token_without_a_version_is_refused(store: Store) {
    refused(store, "NO_LTI_VERSION_CLAIM", |ok| ok.without("version")).await;
}

#[both_stores("CB-5", "TC-119")]
async fn tokens_of_other_protocols_are_refused(store: Store) {
    let school = Registered::new(store).await;
    let header = school.lms.token_header();
    let sign = |claims: &Value| school.lms.sign(&header, claims).unwrap();
    let ordinary = |posted: &Posted| sign(&plain_oidc(&posted.claims()));
    school.refuses_token("OpenID Connect", ordinary, 401, "NO_LTI_VERSION_CLAIM").await;
    let lti_1_1 = json!({
        "lti_message_type": "basic-lti-launch-request", "lti_version": "LTI-1p0", "user_id": "5",
    });
    school.refuses_token("LTI 1.1", |_| sign(&lti_1_1), 401, "NO_ISS_CLAIM").await;
}

#[both_stores("CB-6", "TC-120")]
async fn a_token_without_any_claim_of_lti_is_refused(store: Store) {
    let school = Registered::new(store).await;
    let header = school.lms.token_header();
    let without_lti = |posted: &Posted| {
        let mut claims = posted.claims();
        claims.retain(|name, _| !name.contains("/spec/lti/claim/"));
        school.lms.sign(&header, &Value::Object(claims)).unwrap()
    };
    school.refuses_token("CB-6", without_lti, 401, "NO_LTI_VERSION_CLAIM").await;
}

#[both_stores("CB-7", "TC-095")]
async fn an_expired_token_is_refused(store: Store) {
    let school = Registered::new(store).await;
    let now = school.lms.clock().seconds();
    let expired = school.student().with("iat", now - 180).with("exp", now - 120);
    school.refuses("CB-7", expired, 401, "TOKEN_EXPIRED").await;
}

#[both_stores("CB-7", "TC-101")]
async fn a_token_issued_in_ten_minutes_is_refused(store: Store) {
    let school = Registered::new(store).await;
    let now = school.lms.clock().seconds();
    let early = school.student().with("iat", now + 600).with("exp", now + 900);
    school.refuses("CB-7", early, 401, "TOKEN_ISSUED_IN_FUTURE").await;
}

#[both_stores("CB-8", "TC-121")]
async fn a_token_without_a_message_type_is_refused(store: Store) {
    refused(store, "NO_MESSAGE_TYPE_CLAIM", |ok| ok.without("message_type")).await;
}

#[both_stores("CB-9", "TC-124")]
async fn a_token_without_roles_is_refused(store: Store) {
    refused(store, "NO_ROLES_CLAIM", |ok| ok.without("roles")).await;
}

#[both_stores("CB-10", "TC-126")]
async fn a_token_without_a_deployment_is_refused(store: Store) {
    refused(store, "NO_DEPLOYMENT_ID_CLAIM", |ok| ok.without("deployment_id")).await;
}

#[both_stores("CB-11", "TC-132")]
async fn a_token_without_a_resource_link_is_refused(store: Store) {
    refused(store, "NO_RESOURCE_LINK_CLAIM", |ok| ok.without("resource_link")).await;
}

#[both_stores("CB-11", "TC-133")]
async fn a_resource_link_without_an_id_is_refused(store: Store) {
    let link = json!({"title": "Week 1"});
    refused(store, "NO_RESOURCE_LINK_ID_CLAIM", |ok| ok.with("resource_link", link)).await;
}

#[both_stores("CB-12", "TC-134")]
async fn a_token_without_a_subject_is_refused(store: Store) {
    refused(store, "NO_SUB_CLAIM", |ok| ok.without("sub")).await;
}

/// A valid launch by the teacher and by the student, both changed in this way. The application
/// reads this role, the one that belongs to the person if none is given, and of name, address and
/// course what the launch has.
async fn both_accepted(
    store: Store,
    standing: Option<&str>,
    change: impl Fn(Launch, &str) -> Launch,
) {
    let school = Registered::new(store).await;
    for (plain, role, own) in
        [(school.teacher(), "Instructor", "instructor"), (school.student(), "Learner", "learner")]
    {
        let launch = change(plain, role);
        let has = |claim: &str| !launch.changes.contains(&(claim.to_owned(), None));
        let (name, email, context) = (has("name"), has("email"), has("context"));
        let token = school.accepts(role, launch).await;
        assert_eq!(token["user"]["role"], standing.unwrap_or(own), "{role}");
        assert_eq!(token["user"].get("name").is_some(), name, "{role}");
        assert_eq!(token["user"].get("email").is_some(), email, "{role}");
        assert_eq!(token["launch"].get("context").is_some(), context, "{role}");
    }
    assert_eq!(school.gateway.launches().await, 2);
}

fn nameless(launch: Launch) -> Launch {
    launch.without("name").without("given_name").without("family_name")
}

#[both_stores("TC-141", "TC-142")]
async fn a_teachers_and_a_students_launch_are_accepted(store: Store) {
    both_accepted(store, None, |plain, _| plain).await;
}

#[both_stores("TC-143")]
async fn the_role_in_the_course_decides_among_several(store: Store) {
    let several = |role: &str| {
        json!([
            format!("{LIS}/institution/person#Staff"),
            format!("{LIS}/membership#{role}"),
            format!("{LIS}/system/person#User")
        ])
    };
    both_accepted(store, None, |plain, role| plain.with("roles", several(role))).await;
}

#[both_stores("TC-144")]
async fn a_short_role_is_one_in_the_course(store: Store) {
    both_accepted(store, None, |plain, role| plain.with("roles", json!([role]))).await;
}

#[both_stores("TC-145")]
async fn an_unknown_role_makes_a_guest(store: Store) {
    let unknown = json!(["https://school.example.com/roles#Wizard"]);
    both_accepted(store, Some("guest"), |plain, _| plain.with("roles", unknown.clone())).await;
}

#[both_stores("TC-146")]
async fn no_role_makes_a_guest(store: Store) {
    both_accepted(store, Some("guest"), |plain, _| plain.with("roles", json!([]))).await;
}

#[both_stores("TC-147")]
async fn a_launch_with_the_address_only_is_accepted(store: Store) {
    both_accepted(store, None, |plain, _| nameless(plain)).await;
}

#[both_stores("TC-148")]
async fn a_launch_with_names_only_is_accepted(store: Store) {
    both_accepted(store, None, |plain, _| plain.without("email")).await;
}

#[both_stores("TC-149")]
async fn a_launch_without_personal_data_is_accepted(store: Store) {
    both_accepted(store, None, |plain, _| nameless(plain).without("email")).await;
}

#[both_stores("TC-150")]
async fn a_launch_with_an_address_and_no_course_is_accepted(store: Store) {
    both_accepted(store, None, |plain, _| nameless(plain).without("context")).await;
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
