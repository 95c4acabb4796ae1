//! What each kind of attempt leaves: launches, logins, registrations, StudyReel.

use serde_json::json;
use simulator::browser::{Browser, Request};
use simulator::faults::Fault;
use simulator::lms::{Endpoint, Launch};
use test_case::both_stores;

use super::{CLAIM, reference, steps};
use crate::registered::{Registered, form, login, ltik_of};
use crate::studyreel::{StudyReel, valid, valid_with};
use crate::support::Store;

#[both_stores]
async fn a_good_launch_writes_its_trace_in_its_one_row(store: Store) {
    let school = Registered::new(store).await;
    school.accepts("the first, which also makes the deployment known", school.student()).await;
    let before = school.gateway.rows().await;
    let page = school.launch(&school.student()).await;
    let ltik = ltik_of("good", &page);
    let mut expected = before.clone();
    *expected.get_mut("launches").unwrap() += 1;
    assert_eq!(school.gateway.rows().await, expected, "one row, of the launch");
    let trace = school.gateway.newest("kind=launch&outcome=accepted").await;
    // A table of its own only has the registration.
    assert_eq!(school.gateway.texts("SELECT kind FROM traces").await, ["registration"]);
    let launch_id = trace["launchId"].as_str().unwrap();
    assert_eq!(
        (trace["id"].as_str(), trace["outcome"].as_str()),
        (Some(launch_id), Some("accepted"))
    );
    assert_eq!(school.gateway.trace(launch_id).await, trace);
    assert_eq!(
        steps(&trace),
        [
            "form read",
            "state opened",
            "platform found",
            "browser known",
            "key found",
            "signature verified",
            "claims checked",
            "deployment admitted",
            "handed to the store",
        ]
    );
    let micros =
        trace["steps"].as_array().unwrap().iter().map(|step| step["micros"].as_u64().unwrap());
    assert!(micros.is_sorted(), "{trace}");
    assert_eq!(trace["platform"]["id"], school.platform_id.as_str());
    assert_eq!(trace["platform"]["clientId"], school.client_id.as_str());
    assert_eq!(trace["messageType"], "LtiResourceLinkRequest");
    assert_eq!((&trace["keys"], &trace["binding"]), (&json!("kept"), &json!("cookie")));
    assert!(trace["skewSeconds"].as_i64().unwrap().abs() <= 2, "{trace}");
    assert_eq!(
        (&trace["login"]["method"], &trace["login"]["newWindow"]),
        (&json!("POST"), &json!(false))
    );
    assert!((0..60_000).contains(&trace["login"]["millisBefore"].as_i64().unwrap()), "{trace}");
    let claims: Vec<&str> =
        trace["claims"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    for name in
        ["iss", "sub", "name", "email", &format!("{CLAIM}context"), &format!("{CLAIM}roles")]
    {
        assert!(claims.contains(&name), "{name}: {claims:?}");
    }
    assert!(trace.get("reason").is_none() && trace.get("values").is_none(), "{trace}");
    let deployment = school.read(&ltik).await["platform"]["deploymentId"].clone();
    assert_eq!(trace["deploymentId"], deployment);
    // Short: a launch pays for every byte.
    let text = school.gateway.texts("SELECT trace FROM launches WHERE trace IS NOT NULL").await;
    assert!(text.iter().all(|text| text.len() < 400), "{text:?}");
}

#[both_stores]
async fn a_good_login_writes_nothing_and_keeps_its_state_small(store: Store) {
    let school = Registered::new(store).await;
    let (before, traces) = (school.gateway.rows().await, school.gateway.traces("").await.0.len());
    let posted = school.begin(&Browser::new().unwrap(), &school.student()).await;
    assert_eq!(school.gateway.rows().await, before);
    assert_eq!(school.gateway.traces("").await.0.len(), traces);
    assert!(posted.state.len() < 700, "{}", posted.state.len());
}

/// The steps of a launch before its browser is known.
const AT_LOGIN: [&str; 3] = ["form read", "state opened", "platform found"];

#[both_stores]
async fn a_failed_launch_is_found_by_the_reference_on_its_page(store: Store) {
    let school = Registered::new(store).await;
    let signed = [&AT_LOGIN[..], &["browser known", "key found", "signature verified"]].concat();
    for (case, launch, done) in [
        (
            "NO_KID_HEADER",
            school.student().header(json!({"typ": "JWT", "alg": "RS256"})),
            &signed[..4],
        ),
        (
            "KID_UNKNOWN",
            school.student().header(json!({"typ": "JWT", "alg": "RS256", "kid": "nobody"})),
            &signed[..4],
        ),
        ("AUD_DOES_NOT_MATCH_CLIENTID", school.student().with("aud", "c2"), &signed[..]),
        ("NO_ROLES_CLAIM", school.student().without("roles"), &signed[..]),
        (
            "TOKEN_EXPIRED",
            school
                .student()
                .with("iat", school.lms.clock().seconds() - 200)
                .with("exp", school.lms.clock().seconds() - 100),
            &signed[..],
        ),
    ] {
        let page = school.launch(&launch).await;
        // The first request after the page: no waiting, no second try.
        let trace = school.gateway.trace(&reference(&page)).await;
        assert_eq!(trace["reason"]["code"], case, "{trace}");
        assert!(trace["reason"]["advice"].as_str().unwrap().len() > 40, "{trace}");
        assert!(trace["reason"]["text"].as_str().unwrap().len() > 10, "{trace}");
        assert_eq!(
            (&trace["kind"], &trace["outcome"], &trace["status"]),
            (&json!("launch"), &json!("failed"), &json!(401))
        );
        assert_eq!(steps(&trace), done, "{case}: {trace}");
        assert_eq!(trace["platform"]["id"], school.platform_id.as_str(), "{trace}");
        // The login's part, although the launch failed.
        assert_eq!(trace["login"]["method"], "POST", "{trace}");
        assert_eq!(trace.get("claims").is_some(), done.len() == signed.len(), "{trace}");
        if case == "TOKEN_EXPIRED" {
            assert!((-260..=-199).contains(&trace["skewSeconds"].as_i64().unwrap()), "{trace}");
        }
        if case == "KID_UNKNOWN" {
            let advice = trace["reason"]["advice"].as_str().unwrap();
            assert!(advice.contains("fetched again at most once a minute"), "{advice}");
            assert_eq!(
                (&trace["kid"], &trace["keySetUrl"]),
                (&json!("nobody"), &json!(school.lms.endpoints().jwks))
            );
        } else {
            assert_eq!(trace.get("keySetUrl"), None);
        }
    }
}

/// Another browser, the platform's own refusal, an unknown state, and a login that took too long.
#[both_stores]
async fn a_launch_that_fails_before_its_token_leaves_a_trace_too(store: Store) {
    let school = Registered::new(store).await;
    let browser = Browser::new().unwrap();
    let posted = school.begin(&browser, &school.student()).await;
    let trace =
        school.gateway.trace(&reference(&school.post(&browser.fresh(), &posted).await)).await;
    assert_eq!(
        (&trace["reason"]["code"], &trace["binding"]),
        (&json!("STATE_COOKIE_MISSING"), &json!("none"))
    );
    assert_eq!(steps(&trace), AT_LOGIN);
    let error = form(
        &school.gateway.at("/lti/launch"),
        &[
            ("error", "login_required"),
            ("error_description", "Ada is out"),
            ("state", &posted.state),
        ],
    );
    let trace = school.gateway.trace(&reference(&browser.send(error).await.unwrap())).await;
    assert_eq!(
        (&trace["reason"]["code"], &trace["reason"]["text"]),
        (&json!("PLATFORM_WANTS_SIGN_IN"), &json!("the platform answered login_required"))
    );
    let posted = school.begin(&browser, &school.student()).await;
    school.post(&browser, &posted).await;
    let request = form(&school.gateway.at("/lti/launch"), &[("id_token", "x"), ("state", "y")]);
    let trace = school.gateway.trace(&reference(&browser.send(request).await.unwrap())).await;
    assert_eq!((&trace["reason"]["code"], trace.get("login")), (&json!("STATE_UNKNOWN"), None));
    assert_eq!(steps(&trace), ["form read"]);
    let posted = school.begin(&browser, &school.student()).await;
    school.advance(601);
    let trace = school.gateway.trace(&reference(&school.post(&browser, &posted).await)).await;
    assert_eq!(
        (&trace["reason"]["code"], &trace["platform"]["id"]),
        (&json!("STATE_EXPIRED"), &json!(school.platform_id))
    );
    assert!(trace["login"]["millisBefore"].as_i64().unwrap() > 600_000, "{trace}");
}

#[both_stores]
async fn a_refused_login_is_found_and_names_what_was_requested(store: Store) {
    let school = Registered::new(store).await;
    let stranger = Launch::new("nobody");
    let page = match school.lms.login_request(&stranger) {
        Ok(_) => login(&school.lms, &Browser::new().unwrap(), &stranger).await,
        Err(_) => {
            let target = school.gateway.at("/lti/launch");
            let fields = [
                ("iss", "https://lms.example.com"),
                ("client_id", "nobody"),
                ("login_hint", "u-17"),
                ("target_link_uri", &*target),
            ];
            Browser::new()
                .unwrap()
                .send(form(&school.gateway.at("/lti/login"), &fields))
                .await
                .unwrap()
        }
    };
    let trace = school.gateway.trace(&reference(&page)).await;
    assert_eq!(
        (&trace["kind"], &trace["reason"]["code"]),
        (&json!("login"), &json!("PLATFORM_UNREGISTERED"))
    );
    assert_eq!(trace["clientId"], "nobody");
    assert!(trace["issuer"].as_str().unwrap().starts_with("http"), "{trace}");
    assert!(!trace.to_string().contains("u-17"), "{trace}");
    assert_eq!(steps(&trace), ["form read"]);
    // One that never reached its handler.
    let huge = form(&school.gateway.at("/lti/launch"), &[("id_token", &"x".repeat(300_000))]);
    let trace =
        school.gateway.trace(&reference(&Browser::new().unwrap().send(huge).await.unwrap())).await;
    assert_eq!((&trace["kind"], &trace["status"]), (&json!("launch"), &json!(413)));
    // What is no attempt leaves none.
    let nothing = Browser::new().unwrap().get(&school.gateway.at("/nothing")).await.unwrap();
    let id = nothing.json().unwrap()["details"]["correlationId"].as_str().unwrap().to_owned();
    let page = school.gateway.admin("GET", &format!("/admin/traces/{id}"), None).await;
    assert_eq!(
        (page.status, page.json().unwrap()["details"]["message"].as_str()),
        (404, Some("TRACE_NOT_FOUND"))
    );
    assert!(page.text().contains("Errors of the API and of the portal leave no trace"));
}

#[both_stores]
async fn registrations_leave_traces_whether_or_not_they_succeed(store: Store) {
    let school = Registered::new(store).await;
    let trace = school.gateway.newest("kind=registration").await;
    assert_eq!(
        (&trace["outcome"], &trace["platform"]["id"]),
        (&json!("accepted"), &json!(school.platform_id))
    );
    assert_eq!(
        steps(&trace),
        ["admitted", "form read", "configuration read", "platform answered and stored"]
    );
    let done = &trace["registration"];
    assert_eq!((&done["result"], &done["active"]), (&json!("new"), &json!(false)), "{trace}");
    let granted = done["granted"].as_array().unwrap();
    let asked = done["asked"].as_array().unwrap();
    assert!(!granted.is_empty() && granted.iter().all(|scope| asked.contains(scope)), "{trace}");
    school.lms.faults().next(Endpoint::Registration, 1, Fault::Status(500));
    let start = school.lms.begin_registration(&school.gateway.at("/lti/register")).unwrap();
    let request =
        Request::new("GET".parse().unwrap(), &start.url).unwrap().header("accept", "text/html");
    let page = Browser::new().unwrap().send(request).await.unwrap();
    let trace = school.gateway.trace(&reference(&page)).await;
    assert_eq!(
        (&trace["reason"]["code"], &trace["status"]),
        (&json!("REGISTRATION_REFUSED"), &json!(502))
    );
    assert_eq!(trace["issuer"], school.lms.endpoints().issuer.as_str());
    assert_eq!(steps(&trace), ["admitted", "form read", "configuration read"]);
    school.gateway.patch_tool(json!({"registration": {"confirm": true}})).await;
    let start = school.lms.begin_registration(&school.gateway.at("/lti/register")).unwrap();
    let page = Browser::new().unwrap().get(&start.url).await.unwrap();
    let trace = school.gateway.newest("kind=registration&outcome=waiting").await;
    assert_eq!(trace["issuer"], school.lms.endpoints().issuer.as_str());
    let form = page.form_to("/lti/register/confirm").unwrap();
    let done = Browser::new().unwrap().submit(&page, &form).await.unwrap();
    assert_eq!(done.status, 200, "{}", done.text());
    let (traces, _) = school.gateway.traces("kind=registration&outcome=accepted").await;
    assert_eq!(traces.len(), 2);
    // The tokens of the two are good for one registration, and stand nowhere here.
    assert!(!school.gateway.all_traces().await.contains("eyJ"));
}

#[both_stores]
async fn studyreel_launches_are_traced_with_their_transaction(store: Store) {
    let studyreel = StudyReel::start(store).await;
    studyreel.ok(&valid("ada@school.example")).await;
    let gateway = &studyreel.gateway;
    let trace = gateway.newest("kind=studyreel").await;
    assert_eq!((&trace["outcome"], &trace["kind"]), (&json!("accepted"), &json!("studyreel")));
    assert_eq!(
        steps(&trace),
        [
            "body read",
            "proof checked",
            "form read",
            "claims checked",
            "student created",
            "handed to the store"
        ]
    );
    assert!(trace["claims"].as_array().unwrap().contains(&json!("given_name")), "{trace}");
    assert_eq!(trace["deploymentId"], "U3BhcnNoJ3MgdGVzdCBhcHAgNjoxLjM=");
    assert_eq!(gateway.number("SELECT COUNT(*) FROM traces").await, 0);
    let page = studyreel
        .launch(&valid_with("ada@school.example", json!({"iss": "https://stranger.example"})))
        .await;
    let id = page.json().unwrap()["requestId"].as_str().unwrap().to_owned();
    let trace = gateway.trace(&id).await;
    assert_eq!(
        (&trace["reason"]["code"], &trace["status"]),
        (&json!("unknown_issuer"), &json!(403))
    );
    assert!(
        trace["reason"]["text"].as_str().unwrap().contains("https://stranger.example"),
        "{trace}"
    );
    assert_eq!(steps(&trace), ["body read", "proof checked", "form read"]);
    let page = studyreel.post("text/plain", "ada").await;
    let id = page.json().unwrap()["requestId"].as_str().unwrap().to_owned();
    assert_eq!(gateway.trace(&id).await["reason"]["code"], "unsupported_media_type");
    for personal in ["ada", "Ada", "Moss", "school.example"] {
        assert!(!gateway.all_traces().await.contains(personal), "{personal}");
    }
    // A student who is erased takes the traces of their launches along.
    let students = gateway.admin("GET", "/api/students", None).await.json().unwrap();
    let student = students["students"][0]["id"].as_str().unwrap();
    assert_eq!(
        gateway.admin("DELETE", &format!("/api/students/{student}"), None).await.status,
        204
    );
    assert!(gateway.traces("kind=studyreel&outcome=accepted").await.0.is_empty());
}
