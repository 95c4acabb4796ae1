//! Access tokens, the roster, the gradebook, deep linking.
#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

mod support;

use serde_json::{Value, json};
use simulator::{
    browser::Browser,
    jose::SigningKey,
    lms::{Launch, Lms, Options, claim_name},
    profiles::{AGS_SCOPES, NRPS_SCOPE, Profile},
};
use support::{FakeTool, assertion_claims, call};

const ITEM: &str = "application/vnd.ims.lis.v2.lineitem+json";
const ITEMS: &str = "application/vnd.ims.lis.v2.lineitemcontainer+json";
const SCORE: &str = "application/vnd.ims.lis.v1.score+json";
const RESULTS: &str = "application/vnd.ims.lis.v2.resultcontainer+json";
const MEMBERS: &str = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json";

fn grade_claim(lms: &Lms, client_id: &str) -> Value {
    lms.claims(&Launch::new(client_id)).unwrap()[claim_name("endpoint")].clone()
}

#[tokio::test]
async fn access_tokens_are_given_for_what_was_granted() {
    let (lms, tool, registered) = FakeTool::at_an_lms().await;
    let claims = assertion_claims(&lms, &registered.client_id);
    let scopes = format!("{NRPS_SCOPE} https://example.com/unknown");
    let page = tool.token_request(&lms, &claims, &scopes).await;
    assert_eq!(
        page.header("content-type"),
        Some("text/html; charset=utf-8"),
        "as Moodle does"
    );
    let answer = page.json().unwrap();
    assert_eq!(answer["token_type"], "Bearer");
    assert_eq!(answer["expires_in"], 3600);
    assert_eq!(answer["scope"], NRPS_SCOPE);
}

#[tokio::test]
async fn bad_token_requests_are_refused() {
    let (lms, tool, registered) = FakeTool::at_an_lms().await;
    let good = assertion_claims(&lms, &registered.client_id);
    let with = |name: &str, value: Value| {
        let mut claims = good.clone();
        claims[name] = value;
        claims
    };
    let past = json!(lms.clock().seconds() - 1);
    let ahead = json!(lms.clock().seconds() + 5);
    for (claims, scopes, error) in [
        (good.clone(), "https://example.com/unknown", "invalid_scope"),
        (good.clone(), "", "invalid_request"),
        (with("sub", json!("nobody")), NRPS_SCOPE, "invalid_client"),
        (with("exp", past), NRPS_SCOPE, "Expired token"),
        (
            with("iat", ahead),
            NRPS_SCOPE,
            "Cannot handle token with iat prior to the time it names",
        ),
    ] {
        let page = tool.token_request(&lms, &claims, scopes).await;
        assert_eq!(
            (page.status, &page.json().unwrap()["error"]),
            (400, &json!(error)),
            "{claims} {scopes}"
        );
    }
    // Moodle does not look at the audience.
    assert_eq!(
        tool.token_request(&lms, &with("aud", json!("x")), NRPS_SCOPE)
            .await
            .status,
        200
    );

    let mut stranger = tool;
    stranger.key = SigningKey::generate().unwrap().with_kid(stranger.key.kid());
    let page = stranger.token_request(&lms, &good, NRPS_SCOPE).await;
    assert_eq!(
        page.json().unwrap()["error"],
        "signature verification failed"
    );
}

#[tokio::test]
async fn an_assertion_is_taken_once_where_the_vendor_looks() {
    for (profile, again) in [
        (Profile::sakai(), 400),
        (Profile::blackboard(), 400),
        (Profile::canvas(), 200),
        (Profile::moodle(), 200),
    ] {
        let name = profile.name;
        let (lms, tool, registered) = FakeTool::at(Options {
            profile,
            ..Options::default()
        })
        .await;
        let mut claims = assertion_claims(&lms, &registered.client_id);
        let first = tool.token_request(&lms, &claims, NRPS_SCOPE).await;
        assert_eq!(first.status, 200, "{name}: {}", first.text());
        let second = tool.token_request(&lms, &claims, NRPS_SCOPE).await;
        assert_eq!(second.status, again, "{name}: {}", second.text());
        claims["jti"] = json!("another");
        let third = tool.token_request(&lms, &claims, NRPS_SCOPE).await;
        assert_eq!(third.status, 200, "{name}: {}", third.text());
    }
}

#[tokio::test]
async fn the_roster_is_paged_and_filtered() {
    let (lms, tool, registered) = FakeTool::at_an_lms().await;
    let token = tool
        .access_token(&lms, &registered.client_id, NRPS_SCOPE)
        .await;
    let claims = lms.claims(&Launch::new(&registered.client_id)).unwrap();
    let url = claims[claim_name("namesroleservice")]["context_memberships_url"]
        .as_str()
        .unwrap()
        .to_owned();

    let all = call("GET", &url, &token, MEMBERS, None).await;
    assert_eq!(
        (all.status, all.header("content-type")),
        (200, Some(MEMBERS))
    );
    let all = all.json().unwrap();
    assert_eq!(all["members"].as_array().unwrap().len(), 7);
    assert_eq!(
        all["members"][2],
        json!({
            "status": "Active",
            "roles": ["Learner"],
            "user_id": "5",
            "lis_person_sourcedid": "sis-sam",
            "name": "Sam Rivera",
            "given_name": "Sam",
            "family_name": "Rivera",
            "email": "sam@example.com",
            "ext_user_username": "sam",
        })
    );

    let (mut next, mut seen, mut pages) =
        (Some(format!("{url}?limit=3&role=Learner")), Vec::new(), 0);
    while let Some(url) = next {
        let page = call("GET", &url, &token, MEMBERS, None).await;
        next = page
            .header("link")
            .map(|link| link.split(['<', '>']).nth(1).unwrap().to_owned());
        let members = page.json().unwrap()["members"].as_array().unwrap().clone();
        seen.extend(
            members
                .iter()
                .map(|member| member["user_id"].as_str().unwrap().to_owned()),
        );
        pages += 1;
    }
    // As on Moodle: the address of the next page has lost the role, and counts among everyone.
    let seen: Vec<&str> = seen.iter().map(String::as_str).collect();
    assert_eq!((pages, seen), (3, vec!["5", "6", "7", "6", "7", "8", "9"]));

    assert_eq!(call("GET", &url, "wrong", MEMBERS, None).await.status, 401);
    let grades = tool
        .access_token(&lms, &registered.client_id, AGS_SCOPES[0])
        .await;
    assert_eq!(
        call("GET", &url, &grades, MEMBERS, None).await.status,
        401,
        "another scope"
    );
    lms.clock().set_offset(3601);
    assert_eq!(
        call("GET", &url, &token, MEMBERS, None).await.status,
        401,
        "too old"
    );
}

#[tokio::test]
async fn line_items_are_made_changed_found_and_removed() {
    let (lms, tool, registered) = FakeTool::at_an_lms().await;
    let token = tool
        .access_token(&lms, &registered.client_id, &AGS_SCOPES.join(" "))
        .await;
    let claim = grade_claim(&lms, &registered.client_id);
    let list = claim["lineitems"].as_str().unwrap();

    let quiz = json!({ "label": "Quiz", "scoreMaximum": 10, "resourceId": "r1", "tag": "t1" });
    let made = call("POST", list, &token, ITEM, Some(&quiz)).await;
    assert_eq!(
        (made.status, made.header("content-type")),
        (201, Some(ITEM))
    );
    let made = made.json().unwrap();
    let url = made["id"].as_str().unwrap();
    assert_eq!(made["scoreMaximum"], 10);

    let all = call("GET", list, &token, ITEMS, None).await.json().unwrap();
    assert_eq!(all.as_array().unwrap().len(), 2);
    assert_eq!(all[0]["resourceLinkId"], "1");
    let found = call(
        "GET",
        &format!("{list}&tag=t1&resource_id=r1"),
        &token,
        ITEMS,
        None,
    )
    .await
    .json()
    .unwrap();
    assert_eq!(found, json!([made]));
    let paged = call("GET", &format!("{list}&limit=1"), &token, ITEMS, None).await;
    // Moodle's own quotes, which are no ASCII.
    let links = String::from_utf8_lossy(paged.headers["link"].as_bytes());
    assert!(links.contains("rel=“next”"), "{links}");

    let changed = json!({ "label": "Quiz 2", "scoreMaximum": 20 });
    let changed = call("PUT", url, &token, ITEM, Some(&changed))
        .await
        .json()
        .unwrap();
    assert_eq!(
        (&changed["label"], changed.get("tag")),
        (&json!("Quiz 2"), None)
    );
    assert_eq!(call("DELETE", url, &token, ITEM, None).await.status, 204);
    assert_eq!(call("GET", url, &token, ITEM, None).await.status, 404);

    assert_eq!(
        call("POST", list, &token, "application/json", Some(&quiz))
            .await
            .status,
        400,
        "type"
    );
    assert_eq!(
        call("POST", list, &token, ITEM, Some(&json!({ "label": "x" })))
            .await
            .status,
        400,
        "no maximum"
    );
    let elsewhere = json!({ "label": "x", "scoreMaximum": 1, "resourceLinkId": "99" });
    assert_eq!(
        call("POST", list, &token, ITEM, Some(&elsewhere))
            .await
            .status,
        404,
        "no such link"
    );
    let reader = tool
        .access_token(&lms, &registered.client_id, AGS_SCOPES[1])
        .await;
    assert_eq!(
        call("POST", list, &reader, ITEM, Some(&quiz)).await.status,
        401,
        "read only"
    );
}

#[tokio::test]
async fn sakai_encodes_names_and_keeps_one_column_per_label() {
    let (lms, _, registered) = FakeTool::at(Options {
        profile: Profile::sakai(),
        ..Options::default()
    })
    .await;
    let token = lms.access_token(&registered.client_id).unwrap();
    let claim = grade_claim(&lms, &registered.client_id);
    let list = claim["lineitems"].as_str().unwrap();
    let make = async |label: &str, resource: &str, tag: &str| {
        let item =
            json!({ "label": label, "scoreMaximum": 10, "resourceId": resource, "tag": tag });
        let made = call("POST", list, &token, ITEM, Some(&item)).await;
        assert_eq!(made.status, 201, "{}", made.text());
        made.json().unwrap()
    };
    let names = |item: &Value| [item["resourceId"].clone(), item["tag"].clone()];
    let made = make("Quiz", "quiz:7|a", "t").await;
    assert_eq!(
        names(&made),
        ["quiz:7|a", "t"],
        "what was written is repeated"
    );
    let read = async |query: &str| {
        let url = format!("{list}&{query}");
        let found = call("GET", &url, &token, ITEMS, None).await.json().unwrap();
        found.as_array().unwrap().clone()
    };
    // It knows no such parameter as resource_link_id, and no limit.
    let all = read("resource_link_id=99&limit=1").await;
    assert_eq!(all.len(), 2);
    // A name of one character isn't given back.
    assert_eq!(names(&all[1]), [json!("quiz%3A7a"), Value::Null]);
    let url = made["id"].as_str().unwrap();
    let one = call("GET", url, &token, ITEM, None).await.json().unwrap();
    assert_eq!(names(&one), names(&all[1]));
    for (query, found) in [
        ("resource_id=quiz%3A7a", 0),
        ("resource_id=quiz%253A7a", 1),
        ("tag=t", 0),
    ] {
        assert_eq!(read(query).await.len(), found, "{query}");
    }
    // Another one with the label is the same column.
    let again = make("Quiz", "quiz-8", "").await;
    assert_eq!(again["id"], made["id"]);
    assert_eq!(read("resource_id=quiz-8").await.len(), 1);
    assert_eq!(lms.line_items(&registered.client_id).len(), 2);
}

#[tokio::test]
async fn scores_become_results_by_moodles_rules() {
    let (lms, tool, registered) = FakeTool::at_an_lms().await;
    let token = tool
        .access_token(&lms, &registered.client_id, &AGS_SCOPES.join(" "))
        .await;
    let item = grade_claim(&lms, &registered.client_id)["lineitem"]
        .as_str()
        .unwrap()
        .to_owned();
    let scores = item.replace("/lineitem?", "/lineitem/scores?");
    let results = item.replace("/lineitem?", "/lineitem/results?");
    let score = |user: &str, given: f64, progress: &str| {
        json!({
            "userId": user,
            "scoreGiven": given,
            "scoreMaximum": 10,
            "activityProgress": "Completed",
            "gradingProgress": progress,
            "timestamp": lms.clock().now().to_string(),
            "comment": "Good",
        })
    };
    let first = score("5", 7.5, "FullyGraded");
    assert_eq!(
        call("POST", &scores, &token, SCORE, Some(&first))
            .await
            .status,
        200
    );
    let found = call("GET", &results, &token, RESULTS, None)
        .await
        .json()
        .unwrap();
    assert_eq!(found[0]["resultScore"], 75);
    assert_eq!(found[0]["resultMaximum"], 100);
    assert_eq!(found[0]["scoreOf"], item.as_str());
    assert_eq!(found[0]["comment"], "Good");
    assert_eq!(
        call("POST", &scores, &token, SCORE, Some(&first))
            .await
            .status,
        409,
        "not later than the last saving"
    );

    lms.clock().set_offset(5);
    assert_eq!(
        call(
            "POST",
            &scores,
            &token,
            SCORE,
            Some(&score("5", 12.0, "FullyGraded"))
        )
        .await
        .status,
        200
    );
    let found = call(
        "GET",
        &format!("{results}&user_id=5"),
        &token,
        RESULTS,
        None,
    )
    .await
    .json()
    .unwrap();
    assert_eq!(found[0]["resultScore"], 100, "cut at the maximum");

    lms.clock().set_offset(10);
    assert_eq!(
        call(
            "POST",
            &scores,
            &token,
            SCORE,
            Some(&score("5", 5.0, "Pending"))
        )
        .await
        .status,
        200
    );
    let found = call("GET", &results, &token, RESULTS, None)
        .await
        .json()
        .unwrap();
    assert_eq!(
        found,
        json!([]),
        "anything but FullyGraded takes the grade away"
    );

    let mut undated = first.clone();
    undated.as_object_mut().unwrap().remove("timestamp");
    let mut unscaled = score("6", 1.0, "FullyGraded");
    unscaled.as_object_mut().unwrap().remove("scoreMaximum");
    for wrong in [
        score("3", 1.0, "FullyGraded"),
        score("99", 1.0, "FullyGraded"),
        undated,
        unscaled,
    ] {
        assert_eq!(
            call("POST", &scores, &token, SCORE, Some(&wrong))
                .await
                .status,
            400,
            "{wrong}"
        );
    }
    assert_eq!(lms.line_items(&registered.client_id)[0].received.len(), 3);
}

fn response(lms: &Lms, client_id: &str) -> Value {
    let now = lms.clock().seconds();
    json!({
        "iss": client_id,
        "aud": lms.url(),
        "iat": now,
        "exp": now + 60,
        "nonce": "n-1",
        claim_name("deployment_id"): "1",
        claim_name("message_type"): "LtiDeepLinkingResponse",
        claim_name("version"): "1.3.0",
        "https://purl.imsglobal.org/spec/lti-dl/claim/content_items": [{
            "type": "ltiResourceLink",
            "title": "Quiz 7",
            "url": "http://127.0.0.2:3000/launch?quiz=7",
            "custom": { "quiz": "7" },
            "lineItem": { "scoreMaximum": 20, "tag": "quiz" },
        }],
    })
}

#[tokio::test]
async fn chosen_content_becomes_a_link_with_its_own_target_and_grade() {
    let (lms, tool, registered) = FakeTool::at_an_lms().await;
    let browser = Browser::new().unwrap();
    lms.launch(&browser, &Launch::new(&registered.client_id).deep_linking())
        .await
        .unwrap();
    let claims = tool.claims();
    assert_eq!(claims[claim_name("message_type")], "LtiDeepLinkingRequest");
    assert_eq!(claims.get(claim_name("resource_link")), None);
    let settings = &claims[claim_name("deep_linking_settings")];
    assert_eq!(settings["accept_types"], json!(["ltiResourceLink"]));

    let token = tool
        .key
        .sign(&tool.key.header(), &response(&lms, &registered.client_id))
        .unwrap();
    let back = settings["deep_link_return_url"].as_str().unwrap();
    let page = browser.post_form(back, &[("JWT", &token)]).await.unwrap();
    assert_eq!(page.status, 200, "{}", page.text());

    let link = lms.courses()[0].links.last().unwrap().clone();
    assert_eq!((link.title.as_str(), link.id.as_str()), ("Quiz 7", "4"));
    let claims = lms
        .claims(&Launch::new(&registered.client_id).link("2", "4"))
        .unwrap();
    assert_eq!(
        claims[claim_name("target_link_uri")],
        "http://127.0.0.2:3000/launch?quiz=7"
    );
    assert_eq!(claims[claim_name("custom")]["quiz"], "7");
    let item = &lms.line_items(&registered.client_id)[0];
    assert_eq!(
        (item.score_maximum, item.link.as_deref()),
        (20.0, Some("4"))
    );
    assert!(
        claims[claim_name("endpoint")]["lineitem"]
            .as_str()
            .unwrap()
            .contains("/lineitems/1/")
    );
}

#[tokio::test]
async fn a_wrong_deep_linking_response_is_named_and_changes_nothing() {
    let (lms, tool, registered) = FakeTool::at_an_lms().await;
    let claims = lms
        .claims(&Launch::new(&registered.client_id).deep_linking())
        .unwrap();
    let back = claims[claim_name("deep_linking_settings")]["deep_link_return_url"]
        .as_str()
        .unwrap()
        .to_owned();
    for (name, value, problem) in [
        ("iss", json!("x"), "iss is not the client id"),
        ("aud", json!(["x"]), "aud is not the issuer"),
        ("exp", json!(1), "exp is missing or past"),
        ("nonce", Value::Null, "nonce is missing"),
        (
            "deployment_id",
            json!("2"),
            "deployment_id is not that of the request",
        ),
        ("version", json!("1.3"), "version is not 1.3.0"),
    ] {
        let mut wrong = response(&lms, &registered.client_id);
        wrong[claim_name(name)] = value;
        let token = tool.key.sign(&tool.key.header(), &wrong).unwrap();
        let page = Browser::new()
            .unwrap()
            .post_form(&back, &[("JWT", &token)])
            .await
            .unwrap();
        assert_eq!(page.status, 400, "{name}");
        assert_eq!(
            lms.deep_linking_responses().last().unwrap().problems,
            [problem]
        );
    }
    assert_eq!(lms.courses()[0].links.len(), 2);
}
