//! Rules of a launch that the tool sets, and those of one platform (lti.md §0.2, A-60, A-61, B-23
//! to B-28, B-40).

use serde_json::{Value, json};
use simulator::browser::Browser;
use simulator::faults::Fault;
use simulator::lms::Endpoint;
use test_case::both_stores;

use crate::registered::{Posted, Registered, assert_refused, form, login, ltik_of};
use crate::support::{Gateway, Store};

/// Gives the platform rules of its own.
async fn own_rules(school: &Registered, rules: Value) {
    let page = replace(&school.gateway, &school.platform_id, rules).await;
    assert_eq!(page.0, 200, "{}", page.1);
}

/// Puts the platform as it is, with these rules; the status and the answer.
async fn replace(gateway: &Gateway, id: &str, rules: Value) -> (u16, Value) {
    let path = format!("/admin/platforms/{id}");
    let page = gateway.admin("GET", &path, None).await;
    let mut platform = page.json().unwrap();
    platform["launch"] = rules;
    let page = gateway.admin("PUT", &path, Some(platform)).await;
    (page.status, page.json().unwrap())
}

#[both_stores("TC-089", "TC-090")]
async fn a_trusted_additional_audience_needs_azp(store: Store) {
    let school = Registered::new(store).await;
    let client = school.client_id.clone();
    let both = school.student().with("aud", json!([client, "other"]));
    let with_azp = both.clone().with("azp", client.as_str());
    school.refuses("TC-089 by default", with_azp.clone(), 401, "AUD_NOT_TRUSTED").await;
    school.gateway.patch_tool(json!({"launch": {"trustedAudiences": ["other"]}})).await;
    school.accepts("TC-089 trusted", with_azp.clone()).await;
    school.refuses("TC-090", both.clone(), 401, "NO_AZP_CLAIM").await;
    school
        .refuses("azp of the other", both.with("azp", "other"), 401, "AZP_DOES_NOT_MATCH_CLIENTID")
        .await;
    let three = school
        .student()
        .with("aud", json!([client, "other", "third"]))
        .with("azp", client.as_str());
    school.refuses("a third", three, 401, "AUD_NOT_TRUSTED").await;
    let without_us = school.student().with("aud", json!(["other"])).with("azp", client.as_str());
    school.refuses("without us", without_us, 401, "AUD_DOES_NOT_MATCH_CLIENTID").await;
    own_rules(&school, json!({"trustedAudiences": []})).await;
    school.refuses("the platform's own rule", with_azp, 401, "AUD_NOT_TRUSTED").await;
}

#[both_stores("TC-103")]
async fn the_maximum_age_of_a_token_is_a_setting(store: Store) {
    let school =
        Registered::with(store, json!({"launch": {"maxAgeSeconds": 60, "leewaySeconds": 0}})).await;
    let now = school.lms.clock().seconds();
    let aged = |seconds: i64| school.student().with("iat", now - seconds).with("exp", now + 3600);
    school.accepts("young", aged(30)).await;
    school.refuses("TC-103", aged(90), 401, "TOKEN_TOO_OLD").await;
    own_rules(&school, json!({"maxAgeSeconds": 86_400})).await;
    school.accepts("the platform's own rule", aged(86_000)).await;
    own_rules(&school, json!({})).await;
    school.refuses("the tool's again", aged(90), 401, "TOKEN_TOO_OLD").await;
}

#[both_stores("TC-138", "TC-139")]
async fn a_changed_target_needs_permission_and_a_listed_origin(store: Store) {
    let school = Registered::new(store).await;
    let to = |target: &str| school.student().with("target_link_uri", target);
    let other = school.gateway.at("/lti/launch?resource=other");
    school.refuses("by default", to(&other), 401, "TARGET_LINK_URI_DOES_NOT_MATCH").await;
    own_rules(&school, json!({"targetMayDiffer": true})).await;
    let page = school.launch(&to(&other)).await;
    let ltik = ltik_of("TC-138", &page);
    assert!(page.location().unwrap().query().unwrap().contains("resource=other"));
    assert_eq!(school.read(&ltik).await["launch"]["target"], other);
    for target in ["https://evil.test/", "javascript:alert(1)", "http://127.0.0.2:1/lti/launch"] {
        school.refuses("TC-139", to(target), 403, "TARGET_LINK_URI_NOT_ALLOWED").await;
    }
}

#[both_stores("A-60", "A-62")]
async fn additional_target_origins_are_accepted_but_not_visited(store: Store) {
    let school = Registered::new(store).await;
    let target = "https://app.example.com/lesson/5?resource=7";
    let launch = school.student().target(target);
    let refused = login(&school.lms, &Browser::new().unwrap(), &launch).await;
    assert_refused("by default", &refused, 400, "TARGET_NOT_ALLOWED");
    school
        .gateway
        .patch_tool(json!({"launch": {"targetOrigins": ["https://app.example.com"]}}))
        .await;
    let page = school.launch(&launch).await;
    let ltik = ltik_of("allowed", &page);
    assert!(
        page.location()
            .unwrap()
            .as_str()
            .starts_with("http://127.0.0.3:9/app?own=1&resource=7&ltik=")
    );
    assert_eq!(school.read(&ltik).await["launch"]["target"], target);
    for near in [
        "https://app.example.com.evil.test/",
        "http://app.example.com/",
        "https://app.example.com:8443/",
    ] {
        let refused =
            login(&school.lms, &Browser::new().unwrap(), &launch.clone().target(near)).await;
        assert_refused(near, &refused, 400, "TARGET_NOT_ALLOWED");
    }
    own_rules(&school, json!({"targetOrigins": []})).await;
    let refused = login(&school.lms, &Browser::new().unwrap(), &launch).await;
    assert_refused("the platform's own rule", &refused, 400, "TARGET_NOT_ALLOWED");
}

#[both_stores("B-26", "B-27", "B-40", "I-11")]
async fn a_platform_may_have_its_own_rules(store: Store) {
    let school = Registered::with(store, json!({"launch": {"leewaySeconds": 5}})).await;
    let (nobody, now) = (school.student().without("sub"), school.lms.clock().seconds());
    let late = school.student().with("exp", now - 30);
    let kid = school.lms.key().kid().to_owned();
    // A key that names its algorithm is good for that one only.
    school.lms.faults().set(Endpoint::Jwks, Fault::remove("/keys/0/alg"));
    let by = |alg: &str| {
        let (key, header) = (school.lms.key(), json!({"typ": "JWT", "alg": alg, "kid": kid}));
        move |posted: &Posted| key.sign(&header, &posted.claims().into()).unwrap()
    };
    school.refuses("B-40", nobody.clone(), 401, "NO_SUB_CLAIM").await;
    school.refuses("B-27", late.clone(), 401, "TOKEN_EXPIRED").await;
    school.refuses_token("B-26", by("RS512"), 401, "ALG_NOT_ALLOWED").await;
    own_rules(
        &school,
        json!({"anonymous": "allow", "leewaySeconds": 60, "algorithms": ["RS256", "RS512"]}),
    )
    .await;
    school.accepts("B-40", nobody.clone()).await;
    school.accepts("B-27", late).await;
    school.accepts("RS256 as before", school.student()).await;
    let browser = Browser::new().unwrap();
    let mut posted = school.begin(&browser, &school.student()).await;
    posted.id_token = by("RS512")(&posted);
    let request = form(&school.gateway.at("/lti/launch"), &posted.fields());
    ltik_of("B-26", &browser.send(request).await.unwrap());
    school.refuses_token("not named", by("PS256"), 401, "ALG_NOT_ALLOWED").await;
    school.refuses_token("I-11", by("none"), 401, "ALG_NOT_ALLOWED").await;
    // A PUT without rules takes them away; a restart doesn't.
    let restarted = Registered { gateway: school.gateway.restart().await, ..school };
    restarted.accepts("B-40 after a restart", nobody.clone()).await;
    own_rules(&restarted, json!({})).await;
    restarted.refuses("B-40 again", nobody, 401, "NO_SUB_CLAIM").await;
}

#[both_stores]
async fn impossible_rules_are_refused_by_name(store: Store) {
    let school = Registered::new(store).await;
    for (rules, named) in [
        (json!({"leewaySeconds": 301}), "launch.leewaySeconds"),
        (json!({"maxAgeSeconds": 0}), "launch.maxAgeSeconds"),
        (json!({"algorithms": []}), "launch.algorithms"),
        (json!({"algorithms": ["HS256"]}), "HS256"),
        (json!({"algorithms": ["none"]}), "none is no algorithm"),
        (json!({"targetOrigins": ["app.example.com"]}), "app.example.com is no origin"),
        (json!({"targetOrigins": ["https://u@app.example.com"]}), "is no origin"),
        (json!({"anonymous": "maybe"}), "anonymous"),
        (json!({"nonsense": 1}), "nonsense"),
    ] {
        let (status, answer) = replace(&school.gateway, &school.platform_id, rules.clone()).await;
        assert_eq!(status, 400, "{rules}: {answer}");
        assert!(answer.to_string().contains(named), "{rules}: {answer}");
    }
    school.accepts("nothing was stored", school.student()).await;
}
