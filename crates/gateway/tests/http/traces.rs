//! Traces: what is kept of each attempt, who finds it, and what never stands in it
//! (docs/traces.md).

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::future::join_all;
use gateway::background;
use gateway::directory::tools::Tool;
use gateway::settings::tool::ToolSettings;
use serde_json::{Value, json};
use simulator::browser::{Browser, Page, Request};
use simulator::faults::Fault;
use simulator::lms::{Endpoint, Launch};
use store::{Tx, api_keys, tools};
use test_case::both_stores;

use crate::registered::{Registered, assert_refused, form, login, ltik_of};
use crate::studyreel::{StudyReel, valid, valid_with};
use crate::support::{API_KEY, Gateway, Store};

const CLAIM: &str = "https://purl.imsglobal.org/spec/lti/claim/";

/// The reference that a person reads on a page.
#[track_caller]
pub fn reference(page: &Page) -> String {
    let text = page.text();
    let after = text.split_once("Reference for support").unwrap_or_else(|| panic!("{text}")).1;
    let words = after.split(|c: char| !c.is_ascii_alphanumeric());
    words.into_iter().find(|word| word.len() == 10).unwrap().to_owned()
}

impl Gateway {
    pub async fn trace(&self, id: &str) -> Value {
        let page = self.admin("GET", &format!("/admin/traces/{id}"), None).await;
        assert_eq!(page.status, 200, "{}", page.text());
        assert_eq!(page.header("cache-control"), Some("no-store"));
        page.json().unwrap()
    }

    /// The traces of a query, and the cursor to the next.
    async fn traces(&self, query: &str) -> (Vec<Value>, Option<String>) {
        let page = self.admin("GET", &format!("/admin/traces?{query}"), None).await;
        assert_eq!(page.status, 200, "{query}: {}", page.text());
        let answer = page.json().unwrap();
        let next = answer["nextCursor"].as_str().map(str::to_owned);
        (answer["traces"].as_array().unwrap().clone(), next)
    }

    pub async fn newest(&self, query: &str) -> Value {
        let (traces, _) = self.traces(query).await;
        assert!(!traces.is_empty(), "{query}");
        traces[0].clone()
    }

    /// Every text of every trace, as it lies in the store.
    async fn all_traces(&self) -> String {
        self.traces("limit=1").await;
        let of_launches = self.texts("SELECT trace FROM launches WHERE trace IS NOT NULL").await;
        let others = self.texts("SELECT trace || COALESCE(deployment_id, '') FROM traces").await;
        [of_launches, others].concat().join("\n")
    }
}

/// A launch without cookies that waits for the platform's window: its token, and the value that was
/// put there.
async fn waits(school: &Registered) -> (String, String) {
    let login = school.lms.login_request(&school.student()).unwrap();
    let fields = login.fields.iter();
    let mut fields: Vec<(&str, &str)> = fields.map(|(name, value)| (&**name, &**value)).collect();
    fields.push(("lti_storage_target", "_parent"));
    let page = Browser::new().unwrap().send(form(&login.url, &fields)).await.unwrap();
    let text = page.text();
    let told = |name: &str| {
        let after = text.split(&format!("\"{name}\":\"")).nth(1).unwrap();
        after.split('"').next().unwrap().replace("\\u0026", "&")
    };
    let page = Browser::new().unwrap().get(&told("next")).await.unwrap();
    let auto = page.auto_form().unwrap();
    let posted = ["id_token", "state"].map(|name| (name, auto.field(name).unwrap()));
    let request = form(&school.gateway.at("/lti/launch"), &posted);
    let page = Browser::new().unwrap().send(request).await.unwrap();
    assert_eq!(page.status, 200, "{}", page.text());
    let verify = page.form_to("/lti/launch/verify").unwrap();
    let token = verify.field("verify_token").unwrap().to_owned();
    (token, told("value"))
}

fn steps(trace: &Value) -> Vec<&str> {
    let steps = trace["steps"].as_array().into_iter().flatten();
    steps.map(|step| step["step"].as_str().unwrap()).collect()
}

fn ids(traces: &[Value]) -> Vec<&str> {
    traces.iter().map(|trace| trace["id"].as_str().unwrap()).collect()
}

/// Runs a statement of a test's own.
async fn execute(gateway: &Gateway, sql: String) {
    let done = gateway.app.db.write::<_, store::StoreError, _>(move |mut tx| {
        Box::pin(async move {
            let sql = sqlx::AssertSqlSafe(sql);
            match &mut tx {
                Tx::Sqlite(connection) => {
                    sqlx::query(sql).execute(&mut **connection).await.map(drop)
                }
                Tx::Postgres(connection) => {
                    sqlx::query(sql).execute(&mut **connection).await.map(drop)
                }
            }
            .map_err(store::StoreError::from)
        })
    });
    done.await.unwrap();
}

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
        (&json!("PLATFORM_ERROR"), &json!("the platform answered login_required"))
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

/// The platform's window answers with these fields.
async fn answer_storage(school: &Registered, fields: &[(&str, &str)], site: Option<&str>) -> Page {
    let mut request = form(&school.gateway.at("/lti/launch/verify"), fields);
    if let Some(site) = site {
        request = request.header("sec-fetch-site", site);
    }
    Browser::new().unwrap().send(request).await.unwrap()
}

#[both_stores]
async fn a_launch_waiting_for_storage_is_named_by_each_failure(store: Store) {
    let school = Registered::new(store).await;
    let (verify, _) = waits(&school).await;
    let trace = school.gateway.newest("outcome=waiting").await;
    assert_eq!((&trace["binding"], trace.get("reason")), (&json!("platform storage"), None));
    let wrong = [("verify_token", verify.as_str()), ("value", "another")];
    for (site, code) in
        [("cross-site", "STORAGE_ANSWER_FOREIGN"), ("same-origin", "STORAGE_OTHER_VALUE")]
    {
        let refused = answer_storage(&school, &wrong, Some(site)).await;
        let failed = school.gateway.trace(&reference(&refused)).await;
        let found = (&failed["reason"]["code"], &failed["launchId"]);
        assert_eq!(found, (&json!(code), &trace["id"]));
        if site == "same-origin" {
            let again = refused.form_to(&format!("/lti/login/{}", school.platform_id));
            assert!(again.is_some(), "{}", refused.text());
            assert_eq!(failed["platform"]["id"], school.platform_id.as_str());
        }
    }
    // A word of somebody else's says nothing.
    let bored = [("verify_token", verify.as_str()), ("why", "<b>bored</b>")];
    let refused = answer_storage(&school, &bored, Some("same-origin")).await;
    let failed = school.gateway.trace(&reference(&refused)).await;
    assert_eq!(failed["reason"]["code"], "STORAGE_OTHER_VALUE");
    assert!(!school.gateway.all_traces().await.contains("bored"));
    let nobodys = [("verify_token", "AAAA"), ("value", "x")];
    let refused = answer_storage(&school, &nobodys, None).await;
    assert_eq!(school.gateway.trace(&reference(&refused)).await["reason"]["code"], "STATE_UNKNOWN");
}

/// The page says why, and the person is offered another window and reads a reference.
#[both_stores]
async fn a_storage_window_that_gives_nothing_says_why(store: Store) {
    let school = Registered::new(store).await;
    let (verify, _) = waits(&school).await;
    let trace = school.gateway.newest("outcome=waiting").await;
    for (why, code) in [
        ("silent", "STORAGE_NOT_ANSWERED"),
        ("no-frame", "STORAGE_FRAME_MISSING"),
        ("error", "STORAGE_REFUSED"),
        ("empty", "STORAGE_EMPTY"),
    ] {
        let fields = [("verify_token", verify.as_str()), ("value", ""), ("why", why)];
        let refused = answer_storage(&school, &fields, None).await;
        assert_eq!(refused.status, 401, "{}", refused.text());
        let again = refused.form_to(&format!("/lti/login/{}", school.platform_id)).unwrap();
        let kept = (again.field("login_hint"), again.field("lti_storage_target"));
        assert_eq!(kept, (Some("5"), None));
        let failed = school.gateway.trace(&reference(&refused)).await;
        let found = (&failed["reason"]["code"], &failed["launchId"]);
        assert_eq!(found, (&json!(code), &trace["id"]), "{failed}");
        assert_eq!(
            (&failed["kind"], &failed["outcome"], &failed["binding"]),
            (&json!("launch"), &json!("failed"), &json!("platform storage"))
        );
        assert_eq!(
            (&failed["platform"]["id"], &failed["login"]["method"]),
            (&json!(school.platform_id), &json!("POST"))
        );
        assert!(failed["reason"]["advice"].as_str().unwrap().contains("new window"), "{failed}");
    }
}

#[both_stores]
async fn a_storage_answer_is_missed_and_too_late_in_two_minutes(store: Store) {
    let school = Registered::new(store).await;
    let (verify, value) = waits(&school).await;
    // If the page never comes back, the launch itself says so.
    school.advance(121);
    let trace = school.gateway.newest("outcome=waiting").await;
    assert_eq!(trace["reason"]["code"], "STORAGE_NOT_ANSWERED", "{trace}");
    let right = [("verify_token", verify.as_str()), ("value", value.as_str())];
    let refused = answer_storage(&school, &right, Some("same-origin")).await;
    let failed = school.gateway.trace(&reference(&refused)).await;
    assert_eq!(failed["reason"]["code"], "STORAGE_ANSWER_LATE");
}

#[both_stores]
async fn a_launch_forgotten_while_waiting_is_refused(store: Store) {
    let school = Registered::with(store, json!({"retention": {"launchMinutes": 1}})).await;
    let (verify, about) = waits(&school).await;
    school.advance(90);
    let answer = [("verify_token", verify.as_str()), ("value", about.as_str())];
    let refused = Browser::new()
        .unwrap()
        .send(
            form(&school.gateway.at("/lti/launch/verify"), &answer)
                .header("sec-fetch-site", "same-origin"),
        )
        .await
        .unwrap();
    assert_refused("too late", &refused, 401, "STATE_EXPIRED");
}

#[both_stores("TC-221", "TC-336")]
async fn no_trace_holds_personal_data_even_with_values_kept(store: Store) {
    for claim_values in [false, true] {
        let school =
            Registered::with(store, json!({"traces": {"claimValues": claim_values}})).await;
        let personal = json!({"user_email": "zoe@school.example", "note": "Zoe Zimmermann"});
        let launch = school
            .student()
            .with("custom", personal)
            .with("https://vendor.example/pupil", json!({"first": "Zoe"}));
        let browser = Browser::new().unwrap();
        let posted = school.begin(&browser, &launch).await;
        let claims = posted.claims();
        ltik_of("good", &school.post(&browser, &posted).await);
        let refused = school.launch(&launch.without("roles")).await;
        let failed = school.gateway.trace(&reference(&refused)).await;
        let accepted = school.gateway.newest("outcome=accepted&kind=launch").await;
        let all = school.gateway.all_traces().await;
        let mut secrets: Vec<&str> = ["name", "given_name", "family_name", "email", "nonce"]
            .iter()
            .filter_map(|name| claims.get(*name)?.as_str())
            .collect();
        assert_eq!(secrets.len(), 5);
        secrets.extend(["Zoe", "zoe@", "eyJ", posted.state.as_str()]);
        let title = claims[&format!("{CLAIM}context")]["title"].as_str().unwrap();
        secrets.push(title);
        for secret in secrets {
            assert!(!all.contains(secret), "{secret}: {all}");
        }
        for trace in [failed, accepted] {
            assert_eq!(trace.get("values").is_some(), claim_values, "{trace}");
            if claim_values {
                let values = &trace["values"];
                assert_eq!(
                    (&values["iss"], &values["sub"], &values["name"]),
                    (&claims["iss"], &json!("…"), &json!("…"))
                );
                assert_eq!(values[format!("{CLAIM}custom")]["user_email"], "…");
                assert_eq!(values["https://vendor.example/pupil"], json!({"first": "…"}));
                let id = &claims[&format!("{CLAIM}context")]["id"];
                assert_eq!(&values[format!("{CLAIM}context")]["id"], id);
            }
        }
    }
}

#[both_stores]
async fn lists_can_be_filtered_and_paged_over_all_traces(store: Store) {
    let school = Registered::new(store).await;
    for number in 0..7 {
        let launch = school.student();
        school.launch(&if number % 2 == 0 { launch } else { launch.without("roles") }).await;
    }
    let (all, next) = school.gateway.traces("").await;
    assert_eq!((all.len(), next), (8, None), "seven launches and the registration");
    let times: Vec<&str> = all.iter().rev().map(|trace| trace["at"].as_str().unwrap()).collect();
    assert!(times.is_sorted(), "{times:?}");
    let (mut paged, mut cursor) = (Vec::new(), String::new());
    for _ in 0..4 {
        let (page, next) = school.gateway.traces(&format!("limit=3{cursor}")).await;
        paged.extend(page);
        match next {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(ids(&paged), ids(&all));
    let middle = all[3]["at"].as_str().unwrap();
    for (query, number) in [
        ("outcome=failed".to_owned(), 3),
        ("outcome=accepted".into(), 5),
        ("outcome=accepted&kind=launch".into(), 4),
        ("kind=registration".into(), 1),
        ("kind=login".into(), 0),
        ("reason=NO_ROLES_CLAIM".into(), 3),
        ("reason=TOKEN_EXPIRED".into(), 0),
        (format!("platform={}", school.platform_id), 8),
        ("platform=nobody".into(), 0),
        (format!("since={middle}"), 4),
        (format!("until={middle}"), 4),
        ("tool=another".into(), 0),
        (format!("tool={}", all[0]["tool"].as_str().unwrap()), 8),
    ] {
        assert_eq!(school.gateway.traces(&query).await.0.len(), number, "{query}");
    }
    let failed = school.gateway.newest("outcome=failed").await;
    let by_reference =
        school.gateway.traces(&format!("correlationId={}", failed["id"].as_str().unwrap())).await.0;
    assert_eq!(by_reference, [failed]);
    for bad in ["limit=0", "limit=201", "since=yesterday", "kind=x", "outcome=x", "colour=red"] {
        let page = school.gateway.admin("GET", &format!("/admin/traces?{bad}"), None).await;
        assert_eq!(
            (page.status, page.json().unwrap()["details"]["message"].as_str()),
            (400, Some("INVALID_PARAMETER")),
            "{bad}"
        );
    }
}

#[both_stores]
async fn an_api_key_shows_its_own_tools_traces_only(store: Store) {
    let school = Registered::new(store).await;
    ltik_of("good", &school.launch(&school.student()).await);
    let failed = reference(&school.launch(&school.student().without("roles")).await);
    let launch_id = school.gateway.newest("outcome=accepted&kind=launch").await["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let other =
        Tool { id: "OtherTool00000000000".into(), host: None, settings: ToolSettings::default() };
    let other = other.to_row().unwrap();
    let add = school.gateway.app.db.write::<_, store::StoreError, _>(move |mut tx| {
        Box::pin(async move {
            let tool_id = other.id.clone();
            tools::insert(&mut tx, other, 1).await?;
            let hash = gateway::directory::auth::api_key_hash("other-api-key-0123456789");
            api_keys::insert(&mut tx, "OtherKey000000000000".into(), tool_id, hash, 1).await
        })
    });
    add.await.unwrap();
    school.gateway.app.tools.reload().await.unwrap();
    for path in [
        "/admin/traces".to_owned(),
        format!("/admin/traces/{failed}"),
        format!("/admin/traces/{launch_id}"),
    ] {
        for bad in ["", "Bearer wrong-api-key-0123456789", "Basic x"] {
            let page = school.gateway.with_authorization("GET", &path, None, bad).await;
            assert_eq!(page.status, 401, "{path} {bad}");
        }
        let theirs = school
            .gateway
            .with_authorization("GET", &path, None, "Bearer other-api-key-0123456789")
            .await;
        let ours = school.gateway.admin("GET", &path, None).await;
        assert_eq!(ours.status, 200);
        if path.ends_with("traces") {
            assert_eq!((theirs.status, theirs.json().unwrap()), (200, json!({"traces": []})));
        } else {
            assert_eq!(theirs.status, 404, "{path}");
        }
    }
    let own = school.gateway.newest("").await["tool"].as_str().unwrap().to_owned();
    let path = format!("/admin/traces?tool={own}");
    let theirs = school
        .gateway
        .with_authorization("GET", &path, None, "Bearer other-api-key-0123456789")
        .await;
    assert_eq!(theirs.json().unwrap(), json!({"traces": []}));
}

#[both_stores]
async fn traces_expire_after_their_documents(store: Store) {
    let school =
        Registered::with(store, json!({"retention": {"launchMinutes": 1, "traceMinutes": 60}}))
            .await;
    let ltik = ltik_of("good", &school.launch(&school.student()).await);
    school.launch(&school.student().without("roles")).await;
    school.advance(20 * 60);
    background::forget(&school.gateway.app).await.unwrap();
    assert_eq!(
        (school.gateway.launches().await, school.gateway.idtoken(&ltik, "").await.status),
        (0, 401)
    );
    assert_eq!(school.gateway.traces("kind=launch").await.0.len(), 2);
    school.advance(41 * 60);
    background::forget(&school.gateway.app).await.unwrap();
    assert!(school.gateway.traces("").await.0.is_empty());
    for table in ["launches", "traces"] {
        assert_eq!(
            school.gateway.number(&format!("SELECT COUNT(*) FROM {table}")).await,
            0,
            "{table}"
        );
    }
    // None at all, where the tool wants none.
    school.gateway.patch_tool(json!({"retention": {"traceMinutes": 0}})).await;
    ltik_of("untraced", &school.launch(&school.student()).await);
    school.launch(&school.student().without("roles")).await;
    assert!(school.gateway.traces("").await.0.is_empty());
    assert_eq!(
        school.gateway.number("SELECT COUNT(*) FROM launches WHERE trace IS NOT NULL").await,
        0
    );
}

#[both_stores]
async fn a_flood_is_sampled_and_counted_but_hides_nothing(store: Store) {
    let school = Registered::new(store).await;
    let browser = Browser::new().unwrap();
    let bad = |number: usize| {
        let (browser, state) = (&browser, format!("flood{number}"));
        let request =
            form(&school.gateway.at("/lti/launch"), &[("id_token", "x"), ("state", &state)]);
        async move { browser.send(request).await.unwrap().status }
    };
    for begin in (0..300).step_by(50) {
        let flood = join_all((begin..begin + 50).map(bad));
        // Between them a launch is taken and one fails for a reason of its own, which is found.
        let student = school.student();
        let (statuses, good) = tokio::join!(flood, school.launch(&student));
        assert!(statuses.iter().all(|status| *status == 401));
        ltik_of("beside a flood", &good);
    }
    let other = school.launch(&school.student().without("roles")).await;
    assert_eq!(school.gateway.trace(&reference(&other)).await["reason"]["code"], "NO_ROLES_CLAIM");
    let (kept, _) = school.gateway.traces("reason=STATE_UNKNOWN&limit=200").await;
    // The flood may lie in two windows.
    assert!((20..=40).contains(&kept.len()), "{}", kept.len());
    school.gateway.clock.advance(Duration::from_secs(61));
    let told = async {
        loop {
            let (traces, _) = school.gateway.traces("reason=STATE_UNKNOWN&limit=200").await;
            let more: i64 = traces.iter().filter_map(|trace| trace["more"].as_i64()).sum();
            let whole = traces.iter().filter(|trace| trace.get("more").is_none()).count();
            if more + i64::try_from(whole).unwrap() == 300 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), told).await.unwrap();
}

#[both_stores]
async fn the_number_of_traces_is_limited_and_the_oldest_go_first(store: Store) {
    let school = Registered::new(store).await;
    let gateway = &school.gateway;
    let tool = gateway.newest("").await["tool"].as_str().unwrap().to_owned();
    let numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 25010)";
    let padded = match store {
        Store::Sqlite => "printf('%013d', i)",
        Store::Postgres => "lpad(i::text, 13, '0')",
    };
    for (signed, prefix) in [("FALSE", "AAAAAAA"), ("TRUE", "BBBBBBB")] {
        execute(
            gateway,
            format!(
                "{numbers} INSERT INTO traces (id, correlation_id, tool_id, kind, outcome, \
              reason, signed, trace, created_at, delete_at) \
             SELECT '{prefix}' || {padded}, '{prefix}' || i, '{tool}', 'launch', 'failed', 'X', \
              {signed}, '{{}}', 1, 9000000000000 FROM n"
            ),
        )
        .await;
    }
    background::forget(&gateway.app).await.unwrap();
    let of = |signed: &str| format!("SELECT COUNT(*) FROM traces WHERE signed = {signed}");
    assert_eq!(gateway.number(&of("TRUE")).await, 25_000);
    assert_eq!(gateway.number(&of("FALSE")).await, 25_000);
    let oldest = gateway.texts("SELECT MIN(id) FROM traces WHERE signed = TRUE").await;
    assert_eq!(oldest, ["BBBBBBB0000000000011"]);
    // The registration of this test is among those that stay: it is the newest of its sort.
    assert_eq!(gateway.traces("kind=registration").await.0.len(), 1);
    // Launches that are there for their trace alone, beside one that has its document still.
    ltik_of("good", &school.launch(&school.student()).await);
    let numbers = numbers.replace("25010", "200015");
    let hash = match store {
        Store::Sqlite => "CAST(i AS BLOB)",
        Store::Postgres => "convert_to(i::text, 'UTF8')",
    };
    execute(gateway, format!(
        "{numbers} INSERT INTO launches (id, tool_id, dialect, nonce_hash, created_at, expires_at, \
          delete_at, trace) \
         SELECT 'AAAAAAA' || {padded}, '{tool}', 'lti13', {hash}, i, i, \
          9000000000000, '{{}}' FROM n"
    )).await;
    background::forget(&gateway.app).await.unwrap();
    assert_eq!(gateway.number("SELECT COUNT(*) FROM launches").await, 200_001);
    assert_eq!(gateway.number("SELECT MIN(created_at) FROM launches").await, 16);
    assert_eq!(gateway.launches().await, 1);
    // A filter that fits few still answers, a part at a time.
    let (mut found, mut cursor, mut pages) = (Vec::new(), String::new(), 0);
    while pages < 20 {
        let (page, next) = gateway.traces(&format!("kind=studyreel{cursor}")).await;
        found.extend(page);
        pages += 1;
        match next {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert!(found.is_empty() && (9..=12).contains(&pages), "{pages} pages");
}

#[both_stores]
async fn a_failure_just_before_shutdown_is_written(store: Store) {
    let school = Registered::new(store).await;
    let page = school.launch(&school.student().without("roles")).await;
    let Registered { gateway, .. } = school;
    let gateway = gateway.restart().await;
    assert_eq!(gateway.trace(&reference(&page)).await["reason"]["code"], "NO_ROLES_CLAIM");
}

#[tokio::test]
async fn a_token_with_very_many_claims_leaves_a_short_trace() {
    let school = Registered::with(Store::Sqlite, json!({"traces": {"claimValues": true}})).await;
    let mut launch = school.student();
    for number in 0..150 {
        launch = launch.with(&format!("https://vendor.example/{}/{number}", "x".repeat(150)), "y");
    }
    ltik_of("accepted", &school.launch(&launch).await);
    school.launch(&launch.without("roles")).await;
    let accepted = school.gateway.texts("SELECT trace FROM launches WHERE trace IS NOT NULL").await;
    school.gateway.traces("").await;
    let failed = school.gateway.texts("SELECT trace FROM traces WHERE kind = 'launch'").await;
    assert_eq!((accepted.len(), failed.len()), (1, 1));
    for text in accepted.iter().chain(&failed) {
        assert!(text.len() <= 8192, "{}", text.len());
    }
}

#[tokio::test]
async fn traces_tell_browsers_and_their_cookies_apart() {
    let school = Registered::new(Store::Sqlite).await;
    let mut seen = BTreeMap::new();
    for (agent, family) in [
        ("Mozilla/5.0 (X11; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox"),
        ("curl/8.0", "other"),
    ] {
        let browser = Browser::new().unwrap();
        let posted = school.begin(&browser, &school.student()).await;
        let request =
            form(&school.gateway.at("/lti/launch"), &posted.fields()).header("user-agent", agent);
        assert_eq!(browser.send(request).await.unwrap().status, 303);
        let trace = school.gateway.newest("kind=launch").await;
        // Not by its number alone, which a time may have as well.
        for of_agent in ["140.0", "20100101", "Gecko", "curl"] {
            assert!(!trace.to_string().contains(of_agent), "{trace}");
        }
        seen.insert(trace["browser"].as_str().unwrap().to_owned(), family);
    }
    assert!(seen.iter().all(|(seen, family)| seen == family), "{seen:?}");
    // Our own page, which offers a new window, begins the login on our own site.
    let login = school.lms.login_request(&school.student()).unwrap();
    let query =
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&login.fields).finish();
    let url = format!("{}/lti/login/{}?{query}", school.gateway.url, school.platform_id);
    let request = Request::new("GET".parse().unwrap(), &url)
        .unwrap()
        .no_redirects()
        .header("sec-fetch-site", "same-origin");
    let browser = Browser::new().unwrap();
    let page = browser.send(request).await.unwrap();
    let auto = browser.get(page.location().unwrap().as_str()).await.unwrap().auto_form().unwrap();
    let posted =
        [("id_token", auto.field("id_token").unwrap()), ("state", auto.field("state").unwrap())];
    let page = browser.send(form(&school.gateway.at("/lti/launch"), &posted)).await.unwrap();
    assert_eq!(page.status, 303, "{}", page.text());
    let login = school.gateway.newest("kind=launch").await["login"].clone();
    assert_eq!(
        (&login["newWindow"], &login["method"], &login["platformUrl"]),
        (&json!(true), &json!("GET"), &json!(true))
    );
}

#[tokio::test]
async fn the_api_key_never_appears_in_a_trace() {
    let school = Registered::new(Store::Sqlite).await;
    let url = format!("/lti/login?iss={API_KEY}&login_hint=x");
    let request = Request::new("GET".parse().unwrap(), &school.gateway.at(&url))
        .unwrap()
        .header("authorization", API_KEY);
    let page = Browser::new().unwrap().send(request).await.unwrap();
    assert_eq!(page.status, 400);
    // Whose parameters can't be read is not quoted.
    assert!(!school.gateway.all_traces().await.contains(API_KEY));
}
