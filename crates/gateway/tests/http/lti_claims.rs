//! LTI's own claims, deployments and variations (lti.md B.4 to B.6).

use std::time::Duration;

use serde_json::{Value, json};
use simulator::browser::Browser;
use simulator::lms::{Launch, Lms, Options};
use test_case::both_stores;

use crate::registered::{Registered, accepted, assert_refused, begin, ltik_of, refused, register};
use crate::support::{Gateway, Store, lms, register_by_hand};

/// Launches with each of these values of a claim, refused by this rule.
async fn malformed(store: Store, claim: &str, code: &str, values: Vec<Value>) {
    let school = Registered::new(store).await;
    for value in values {
        let case = format!("{claim} {value}");
        school.refuses(&case, school.student().with(claim, value), 401, code).await;
    }
}

#[both_stores("TC-117")]
async fn a_version_that_is_not_ours_is_refused(store: Store) {
    let versions = vec![json!("1.3"), json!("1.3.1"), json!(1.3), json!("LTI-1p3")];
    malformed(store, "version", "WRONG_LTI_VERSION_CLAIM", versions).await;
}

#[both_stores("TC-122", "TC-123")]
async fn a_message_type_is_known_by_its_exact_name(store: Store) {
    let types = vec![json!("LtiFooRequest"), json!("ltiresourcelinkrequest")];
    malformed(store, "message_type", "WRONG_MESSAGE_TYPE_CLAIM", types).await;
}

#[both_stores("TC-125")]
async fn roles_that_are_no_list_of_texts_are_refused(store: Store) {
    let roles = vec![json!("Instructor"), Value::Null, json!(["Learner", 7])];
    malformed(store, "roles", "INVALID_ROLES_CLAIM", roles).await;
}

#[both_stores("TC-127")]
async fn a_deployment_that_is_no_short_text_is_refused(store: Store) {
    let deployments = vec![json!(""), json!("d".repeat(256)), json!(1)];
    malformed(store, "deployment_id", "INVALID_DEPLOYMENT_ID_CLAIM", deployments).await;
}

#[both_stores("TC-133")]
async fn a_links_id_that_is_empty_or_long_is_refused(store: Store) {
    let links = vec![json!({"id": ""}), json!({"id": "r".repeat(256)})];
    malformed(store, "resource_link", "INVALID_RESOURCE_LINK_ID_CLAIM", links).await;
}

#[both_stores]
async fn a_resource_link_that_is_no_object_is_refused(store: Store) {
    malformed(store, "resource_link", "INVALID_RESOURCE_LINK_CLAIM", vec![json!("1")]).await;
}

#[both_stores("TC-136")]
async fn a_subject_that_is_no_short_text_is_refused(store: Store) {
    let subjects = vec![json!(""), json!("s".repeat(256)), json!(5)];
    malformed(store, "sub", "INVALID_SUB_CLAIM", subjects).await;
}

#[both_stores("TC-137")]
async fn a_token_without_a_target_is_refused(store: Store) {
    refused(store, "NO_TARGET_LINK_URI_CLAIM", |ok| ok.without("target_link_uri")).await;
}

#[both_stores]
async fn ids_of_255_characters_are_accepted(store: Store) {
    let link = json!({"id": "r".repeat(255)});
    accepted(store, |ok| ok.with("sub", "s".repeat(255)).with("resource_link", link)).await;
}

#[both_stores("TC-122")]
async fn message_types_we_do_not_serve_are_explained(store: Store) {
    let school = Registered::new(store).await;
    for name in [
        "LtiStartProctoring",
        "LtiEndAssessment",
        "LtiDataPrivacyLaunchRequest",
        "LtiContextLaunchRequest",
        "LtiEulaRequest",
        "LtiAssetProcessorSettingsRequest",
        "LtiReportReviewRequest",
    ] {
        let unserved = school.student().with("message_type", name);
        school.refuses(name, unserved.clone(), 403, "MESSAGE_TYPE_NOT_SUPPORTED").await;
        let page = school.launch(&unserved.without("resource_link")).await;
        let text = page.text();
        let words = "a place in your learning platform that it does not support";
        assert!(text.contains(words), "{name}: {text}");
    }
}

#[both_stores("TC-138", "TC-139")]
async fn the_browser_goes_only_where_login_and_token_agree(store: Store) {
    let school = Registered::new(store).await;
    let other =
        school.student().with("target_link_uri", school.gateway.at("/lti/launch?resource=other"));
    school.refuses("TC-138", other, 401, "TARGET_LINK_URI_DOES_NOT_MATCH").await;
    for target in ["https://evil.test/", "javascript:alert(1)", "http://127.0.0.2:1/lti/launch"] {
        let away = school.student().with("target_link_uri", target);
        school.refuses("TC-139", away, 403, "TARGET_LINK_URI_NOT_ALLOWED").await;
    }
}

#[both_stores("TC-128", "TC-129")]
async fn policy_reject_refuses_unknown_deployments(store: Store) {
    let school = Registered::with(store, json!({"launch": {"unknownDeployments": "reject"}})).await;
    school.accepts("known", school.student()).await;
    school.lms.change_tool(&school.client_id, |tool| tool.deployment_id = "D1".into()).unwrap();
    school.refuses("TC-129", school.student(), 403, "DEPLOYMENT_UNKNOWN").await;
    assert_eq!(deployments(&school).await.len(), 1);
    // It isn't in that list, so there is nothing to activate.
    let trace = school.gateway.newest("outcome=failed").await;
    let add = format!("add it (POST /admin/platforms/{}/deployments)", school.platform_id);
    assert!(trace["reason"]["advice"].as_str().unwrap().contains(&add), "{trace}");
    add_deployment(&school, "d1").await;
    school.refuses("TC-128", school.student(), 403, "DEPLOYMENT_UNKNOWN").await;
    add_deployment(&school, "D1").await;
    school.accepts("now known", school.student()).await;
}

#[both_stores("TC-130")]
async fn policy_pending_leaves_the_decision_to_an_operator(store: Store) {
    let school =
        Registered::with(store, json!({"launch": {"unknownDeployments": "pending"}})).await;
    school.lms.change_tool(&school.client_id, |tool| tool.deployment_id = "77".into()).unwrap();
    for _ in 0..2 {
        school.refuses("TC-130", school.student(), 403, "DEPLOYMENT_PENDING").await;
    }
    let page = school.launch(&school.student()).await;
    assert!(page.text().contains("ask your administrator"), "{}", page.text());
    let all = deployments(&school).await;
    assert_eq!(all[1]["deploymentId"], "77");
    assert_eq!(all[1]["status"], "pending");
    switch(&school, "77", "active").await;
    school.accepts("activated", school.student()).await;
    switch(&school, "77", "disabled").await;
    school.refuses("disabled", school.student(), 403, "DEPLOYMENT_DISABLED").await;
}

#[both_stores("TC-130", "B-53")]
async fn what_waits_is_let_in_by_activation_and_by_auto(store: Store) {
    let school =
        Registered::with(store, json!({"launch": {"unknownDeployments": "pending"}})).await;
    let moves_to = |id: &str| {
        let id = id.to_owned();
        school.lms.change_tool(&school.client_id, |tool| tool.deployment_id = id).unwrap();
    };
    let path = format!("/admin/platforms/{}", school.platform_id);
    // LTIAAS's clients know no deployments: activating the platform is their word.
    moves_to("77");
    school.refuses("waits", school.student(), 403, "DEPLOYMENT_PENDING").await;
    let page = school.gateway.admin("POST", &format!("{path}/activate"), None).await;
    assert_eq!(page.status, 200, "{}", page.text());
    school.accepts("activated", school.student()).await;
    // So is the platform's own rule, and the tool's.
    moves_to("78");
    school.refuses("waits", school.student(), 403, "DEPLOYMENT_PENDING").await;
    let mut platform = school.gateway.admin("GET", &path, None).await.json().unwrap();
    platform["unknownDeployments"] = "auto".into();
    assert_eq!(school.gateway.admin("PUT", &path, Some(platform.clone())).await.status, 200);
    for _ in 0..2 {
        school.accepts("auto", school.student()).await;
    }
    platform["unknownDeployments"] = Value::Null;
    assert_eq!(school.gateway.admin("PUT", &path, Some(platform)).await.status, 200);
    moves_to("79");
    school.refuses("waits", school.student(), 403, "DEPLOYMENT_PENDING").await;
    school.gateway.patch_tool(json!({"launch": {"unknownDeployments": "auto"}})).await;
    school.accepts("the tool's", school.student()).await;
    // No one who was stopped comes back with them.
    switch(&school, "79", "disabled").await;
    school.gateway.admin("POST", &format!("{path}/activate"), None).await;
    school.refuses("disabled", school.student(), 403, "DEPLOYMENT_DISABLED").await;
    let all = deployments(&school).await;
    let statuses: Vec<_> = all.iter().map(|one| one["status"].as_str().unwrap()).collect();
    assert_eq!(statuses, ["active", "active", "active", "disabled"]);
}

#[both_stores("TC-131", "A-27")]
async fn policy_auto_accepts_and_records_a_deployment(store: Store) {
    let school = Registered::with(store, json!({"launch": {"unknownDeployments": "auto"}})).await;
    // A colon, as Canvas has it (A-27).
    school
        .lms
        .change_tool(&school.client_id, |tool| tool.deployment_id = "123:8865aa05".into())
        .unwrap();
    for _ in 0..2 {
        let token = school.accepts("TC-131", school.student()).await;
        assert_eq!(token["platform"]["deploymentId"], "123:8865aa05");
    }
    let all = deployments(&school).await;
    assert_eq!((all.len(), &all[1]["status"]), (2, &json!("active")));
}

#[both_stores("I-63")]
async fn a_deployment_that_a_launch_adds_is_in_the_audit(store: Store) {
    let school = Registered::with(store, json!({"launch": {"unknownDeployments": "auto"}})).await;
    let comes_from = |id: &str| {
        let id = id.to_owned();
        school.lms.change_tool(&school.client_id, |tool| tool.deployment_id = id).unwrap();
    };
    let added = async || {
        let path = "/admin/audit?action=deployment.added";
        let log = school.gateway.admin("GET", path, None).await.json().unwrap();
        log["entries"].as_array().unwrap().clone()
    };
    comes_from("new");
    for _ in 0..2 {
        school.accepts("I-63", school.student()).await;
    }
    let entries = added().await;
    assert_eq!(entries.len(), 1, "{entries:?}");
    let entry = &entries[0];
    assert_eq!(
        (&entry["actor"]["kind"], &entry["subject"]),
        (&json!("server"), &json!(school.platform_id))
    );
    assert_eq!(entry["after"], json!({"deploymentId": "new", "status": "active"}));
    // One that waits is not linked yet, and whoever lets it in is in the audit.
    school.gateway.patch_tool(json!({"launch": {"unknownDeployments": "pending"}})).await;
    comes_from("newer");
    school.refuses("I-63", school.student(), 403, "DEPLOYMENT_PENDING").await;
    assert_eq!(added().await, entries);
}

/// A deployment can be forgotten, an entry never.
#[both_stores("I-63")]
async fn deployments_without_end_do_not_fill_the_audit(store: Store) {
    let school = Registered::with(store, json!({"launch": {"unknownDeployments": "auto"}})).await;
    let added = &school.gateway.app.lti13.added;
    while added.notes(&school.platform_id, school.gateway.clock.uptime()) {}
    for (id, entries) in [("new", 0), ("newer", 1)] {
        let change =
            school.lms.change_tool(&school.client_id, |tool| tool.deployment_id = id.into());
        change.unwrap();
        school.accepts("I-63", school.student()).await;
        let path = "/admin/audit?action=deployment.added";
        let log = school.gateway.admin("GET", path, None).await.json().unwrap();
        assert_eq!(log["entries"].as_array().map(Vec::len), Some(entries), "{id}: {log}");
        // Until there may be another.
        school.gateway.clock.advance(Duration::from_secs(20));
    }
    assert_eq!(deployments(&school).await.len(), 3, "each may launch");
}

#[both_stores("TC-131")]
async fn simultaneous_first_launches_record_the_deployment_once(store: Store) {
    let school = Registered::with(store, json!({"launch": {"unknownDeployments": "auto"}})).await;
    school.lms.change_tool(&school.client_id, |tool| tool.deployment_id = "new".into()).unwrap();
    let launches = (0..8).map(|_| async { school.launch(&school.student()).await });
    for page in futures_util::future::join_all(launches).await {
        ltik_of("at once", &page);
    }
    assert_eq!((school.gateway.launches().await, deployments(&school).await.len()), (8, 2));
    // The same where they only wait for someone.
    school.gateway.patch_tool(json!({"launch": {"unknownDeployments": "pending"}})).await;
    school.lms.change_tool(&school.client_id, |tool| tool.deployment_id = "newer".into()).unwrap();
    let launches = (0..8).map(|_| async { school.launch(&school.student()).await });
    for page in futures_util::future::join_all(launches).await {
        assert_refused("at once", &page, 403, "DEPLOYMENT_PENDING");
    }
    assert_eq!((school.gateway.launches().await, deployments(&school).await.len()), (8, 3));
}

#[both_stores("A-26", "B-53")]
async fn deployments_of_a_shared_client_id_need_approval(store: Store) {
    for (issuer, shares) in [
        ("https://blackboard.com", true),
        ("https://schoology.schoology.com", true),
        ("https://canvas.instructure.com", false),
    ] {
        let gateway = Gateway::start_with(store, json!({"launch": {"showReasons": true}})).await;
        let options = Options { issuer: Some(issuer.into()), ..Options::default() };
        let lms = Lms::start(options).await.unwrap();
        let client_id = register_by_hand(&gateway, &lms, &gateway.url).await;
        let mut platform = gateway.platforms().await.remove(0);
        let platform_id = platform["id"].as_str().unwrap().to_owned();
        let school = Registered { gateway, lms, client_id, platform_id };
        if !shares {
            school.accepts(issuer, school.student()).await;
            continue;
        }
        school.refuses(issuer, school.student(), 403, "DEPLOYMENT_PENDING").await;
        let all = deployments(&school).await;
        assert_eq!((all.len(), &all[0]["status"]), (1, &json!("pending")));
        let first = all[0]["deploymentId"].as_str().unwrap();
        switch(&school, first, "active").await;
        school.accepts(issuer, school.student()).await;
        // Unless the operator wants any of them.
        platform["unknownDeployments"] = "auto".into();
        let path = format!("/admin/platforms/{}", school.platform_id);
        assert_eq!(school.gateway.admin("PUT", &path, Some(platform)).await.status, 200);
        school
            .lms
            .change_tool(&school.client_id, |tool| tool.deployment_id = "any".into())
            .unwrap();
        school.accepts(issuer, school.student()).await;
    }
}

/// What a first launch finds out only when it is stored: an operator was faster, and wants no
/// launches from there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deployment_disabled_during_its_first_launch_stays_so() {
    use sqlx::Connection;
    let school = Registered::new(Store::Postgres).await;
    let (url, platform) = (&school.gateway.app.config.database_url, &school.platform_id);
    school.lms.change_tool(&school.client_id, |tool| tool.deployment_id = "new".into()).unwrap();
    let mut operator = sqlx::PgConnection::connect(url).await.unwrap();
    let mut tx = operator.begin().await.unwrap();
    let insert = format!(
        "INSERT INTO deployments (platform_id, deployment_id, status, first_seen) \
         VALUES ('{platform}', 'new', 'disabled', 1)"
    );
    sqlx::query(sqlx::AssertSqlSafe(insert)).execute(&mut *tx).await.unwrap();
    let student = school.student();
    let launch = school.launch(&student);
    let meanwhile = async {
        // The launch has seen no such deployment, and waits for the operator's row.
        let waits =
            "SELECT COUNT(*) FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'";
        while school.gateway.number(waits).await == 0 {
            tokio::task::yield_now().await;
        }
        tx.commit().await.unwrap();
    };
    let (page, ()) = tokio::join!(launch, meanwhile);
    assert_refused("stopped", &page, 403, "DEPLOYMENT_DISABLED");
    assert_eq!(school.gateway.launches().await, 0);
}

async fn deployments(school: &Registered) -> Vec<Value> {
    let path = format!("/admin/platforms/{}/deployments", school.platform_id);
    let page = school.gateway.admin("GET", &path, None).await;
    assert_eq!(page.status, 200, "{}", page.text());
    page.json().unwrap()["deployments"].as_array().unwrap().clone()
}

async fn add_deployment(school: &Registered, id: &str) {
    let path = format!("/admin/platforms/{}/deployments", school.platform_id);
    let body = json!({"deploymentId": id});
    let page = school.gateway.admin("POST", &path, Some(body)).await;
    assert_eq!(page.status, 201, "{}", page.text());
}

async fn switch(school: &Registered, id: &str, status: &str) {
    let path = format!("/admin/platforms/{}/deployments/{id}", school.platform_id);
    let body = json!({"status": status});
    let page = school.gateway.admin("PATCH", &path, Some(body)).await;
    assert_eq!(page.status, 200, "{}", page.text());
}

#[both_stores("TC-135")]
async fn anonymous_launches_pass_if_the_tool_allows_them(store: Store) {
    let school = Registered::with(store, json!({"launch": {"anonymous": "allow"}})).await;
    let token = school.accepts("TC-135", school.student().without("sub")).await;
    assert_eq!(
        (&token["user"]["anonymous"], &token["user"]["role"]),
        (&json!(true), &json!("learner"))
    );
    // LTIAAS's clients need an id; it stands for this launch and no one.
    let ltik = ltik_of("again", &school.launch(&school.student().without("sub")).await);
    let (again, once_more) = (school.read(&ltik).await, school.read(&ltik).await);
    let id = |token: &Value| token["user"]["id"].as_str().unwrap().to_owned();
    assert!(id(&token).starts_with("anonymous-"), "{token}");
    assert_ne!(id(&token), id(&again));
    assert_eq!(id(&again), id(&once_more));
    let known = school.accepts("known", school.student()).await;
    assert_eq!(known["user"].get("anonymous"), None, "{known}");
    // No one is there who could get a score.
    assert_eq!(token["services"]["assignmentAndGrades"], json!({"available": false}));
    assert_eq!(token["launch"].get("lineItemId"), None);
    school
        .refuses("empty is not absent", school.student().with("sub", ""), 401, "INVALID_SUB_CLAIM")
        .await;
}

#[both_stores("TC-114")]
async fn unknown_claims_are_ignored(store: Store) {
    let school = Registered::new(store).await;
    let strange = school
        .student()
        .with("https://school.example.com/claim/x", json!({"a": [{"b": [{"c": [1]}]}]}))
        .with("acr", json!(null));
    school.accepts("TC-114", strange).await;
}

#[both_stores("TC-140")]
async fn a_context_without_an_id_is_ignored(store: Store) {
    let school = Registered::new(store).await;
    let launch = school.student().with("context", json!({"title": "A course without an id"}));
    let token = school.accepts("TC-140", launch).await;
    assert_eq!(token["launch"].get("context"), None);
}

const LIS: &str = "http://purl.imsglobal.org/vocab/lis/v2";

/// Launches with these roles; the application reads this one word, and the roles as they came.
async fn roles_decide(store: Store, cases: Vec<(Value, &str)>) {
    let school = Registered::new(store).await;
    for (roles, standing) in cases {
        let case = roles.to_string();
        let launch = school.student().with("roles", roles.clone());
        let token = school.accepts(&case, launch).await;
        assert_eq!(token["user"]["role"], standing, "{case}");
        assert_eq!(token["user"]["roles"], roles, "{case}");
        assert_eq!(token["user"].get("testUser"), None, "{case}");
    }
}

#[both_stores("TC-151", "TC-154")]
async fn a_sub_role_counts_as_the_role_it_is_of(store: Store) {
    let sub_role = |name: &str| json!([format!("{LIS}/membership/{name}")]);
    let cases = vec![
        (sub_role("Learner#Instructor"), "learner"),
        (sub_role("Instructor#TeachingAssistant"), "teaching assistant"),
    ];
    roles_decide(store, cases).await;
}

#[both_stores("TC-152", "TC-153", "B-44")]
async fn a_role_outside_the_course_decides_nothing(store: Store) {
    let staff =
        [format!("{LIS}/institution/person#Instructor"), format!("{LIS}/membership#Learner")];
    let cases = vec![
        (json!(staff), "learner"),
        (json!([format!("{LIS}/system/person#Administrator")]), "guest"),
        (json!(["https://evil.test/x#Instructor"]), "guest"),
        // The short form of a role in the institution.
        (json!(["Faculty"]), "guest"),
    ];
    roles_decide(store, cases).await;
}

#[both_stores("TC-155")]
async fn a_preview_is_marked_as_a_test_user(store: Store) {
    let school = Registered::new(store).await;
    let roles = json!([
        format!("{LIS}/membership#Learner"),
        "http://purl.imsglobal.org/vocab/lti/system/person#TestUser"
    ]);
    let token = school.accepts("TC-155", school.student().with("roles", roles)).await;
    assert_eq!(token["user"]["testUser"], true);
}

#[both_stores("TC-158")]
async fn a_script_as_return_url_never_becomes_a_link(store: Store) {
    let school = Registered::new(store).await;
    for url in ["javascript:alert(1)", "data:text/html,x", "//lms.example", "vbscript:x"] {
        let presentation = json!({"return_url": url, "locale": "de"});
        let launch = school.student().with("launch_presentation", presentation);
        let token = school.accepts("TC-158", launch.clone()).await;
        let presentation = &token["launch"]["presentation"];
        assert_eq!(presentation["locale"], "de", "{token}");
        for name in ["returnUrl", "return_url"] {
            assert_eq!(presentation.get(name), None, "{url}");
        }
        // A refused launch's page shows no link at all.
        let page = school.launch(&launch.without("roles")).await;
        let text = page.text();
        assert_eq!(page.status, 401, "{text}");
        assert!(!text.contains(url) && !text.contains("href"), "{text}");
    }
}

#[both_stores("TC-156", "TC-157")]
async fn unresolved_variables_are_dropped_and_empty_values_kept(store: Store) {
    let school = Registered::new(store).await;
    let custom = json!({
        "canvas_id": "$Canvas.user.id", "empty": "", "price": "$5", "unit": "3", "none": null,
    });
    let token = school.accepts("TC-156", school.student().with("custom", custom)).await;
    let custom = &token["launch"]["custom"];
    assert_eq!(custom.get("canvas_id"), None);
    assert_eq!(custom.get("none"), None);
    assert_eq!((&custom["empty"], &custom["unit"]), (&json!(""), &json!("3")));
    assert_eq!(token["custom"], *custom);
}

#[both_stores("TC-159", "TC-160")]
async fn ids_are_scoped_to_their_platform_and_deployment(store: Store) {
    let school = Registered::new(store).await;
    let second = lms().await;
    let (client_id, _) = register(&school.gateway, &second).await;
    let here = school.accepts("TC-159", school.student()).await;
    let browser = Browser::new().unwrap();
    let posted = begin(&second, &browser, &Launch::new(&client_id)).await;
    let ltik = ltik_of("TC-159", &school.post(&browser, &posted).await);
    let there = school.read(&ltik).await;
    assert_eq!(here["user"]["id"], there["user"]["id"]);
    assert_ne!(here["platform"]["id"], there["platform"]["id"]);
    let elsewhere = school.student().with("deployment_id", "d3");
    school
        .refuses("the login names the deployment", elsewhere, 401, "DEPLOYMENT_ID_DOES_NOT_MATCH")
        .await;
    school.lms.change_tool(&school.client_id, |tool| tool.deployment_id = "d3".into()).unwrap();
    let third = school.accepts("TC-160", school.student()).await;
    assert_eq!(third["launch"]["resourceLink"]["id"], here["launch"]["resourceLink"]["id"]);
    assert_ne!(third["platform"]["deploymentId"], here["platform"]["deploymentId"]);
}
