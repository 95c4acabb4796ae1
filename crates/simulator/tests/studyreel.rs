//! The pretend StudyReel against a tiny receiver.
#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Form, Json, Router,
    extract::{Query, State},
    http::{HeaderMap, StatusCode},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use serde_json::{Value, json};
use simulator::{
    browser::{Browser, Request},
    studyreel::{
        Attack, DOCUMENTED_DEPLOYMENT, DOCUMENTED_ISSUER, Overrides, StudyReel, StudyReelOptions,
        Switches, Verdict,
    },
};

/// A receiver that takes every launch, unless told what to answer.
#[derive(Clone, Default)]
struct Receiver {
    url: String,
    by_post: bool,
    inner: Arc<Mutex<Inner>>,
}

#[derive(Default)]
struct Inner {
    students: HashMap<String, String>,
    links: HashSet<String>,
    issued: usize,
    received: Vec<(HeaderMap, Value)>,
    answer: Option<(u16, Value)>,
}

impl Receiver {
    async fn start(by_post: bool) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.2:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let receiver = Self {
            url,
            by_post,
            inner: Arc::default(),
        };
        let router = Router::new()
            .route("/launch", post(receive))
            .route("/learn", get(learn).post(redeem_form))
            .route("/home", get(home))
            .with_state(receiver.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        receiver
    }

    fn answer(&self, status: u16, body: Value) {
        self.inner.lock().unwrap().answer = Some((status, body));
    }

    async fn studyreel(&self) -> StudyReel {
        let launch_url = Some(format!("{}/launch", self.url));
        StudyReel::start(StudyReelOptions {
            launch_url,
            timeout: Duration::from_secs(10),
            ..StudyReelOptions::default()
        })
        .await
        .unwrap()
    }

    fn redeem(&self, token: &str) -> Response {
        if self.inner.lock().unwrap().links.remove(token) {
            (
                [(
                    "set-cookie",
                    "session=1; Path=/; HttpOnly; Secure; SameSite=Lax",
                )],
                Redirect::to("/home"),
            )
                .into_response()
        } else {
            StatusCode::GONE.into_response()
        }
    }
}

async fn receive(State(receiver): State<Receiver>, headers: HeaderMap, body: String) -> Response {
    let mut inner = receiver.inner.lock().unwrap();
    let Ok(message) = serde_json::from_str::<Value>(&body) else {
        return (StatusCode::BAD_REQUEST, Json(json!({ "status": "error" }))).into_response();
    };
    inner.received.push((headers, message.clone()));
    if let Some((status, body)) = &inner.answer {
        return (StatusCode::from_u16(*status).unwrap(), Json(body.clone())).into_response();
    }
    inner.issued += 1;
    let sub = message["sub"].as_str().unwrap().to_owned();
    let kind = if inner.students.contains_key(&sub) {
        "existing"
    } else {
        "new"
    };
    let fresh = format!("user-{}", inner.issued);
    let user = inner.students.entry(sub).or_insert(fresh).clone();
    let token = format!("token{}", inner.issued);
    inner.links.insert(token.clone());
    Json(json!({
        "status": "success",
        "message": "Welcome",
        "userID": user,
        "userType": kind,
        "loginLink": format!("{}/learn?token={token}", receiver.url),
    }))
    .into_response()
}

async fn learn(
    State(receiver): State<Receiver>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    let token = &query["token"];
    if !receiver.by_post {
        return receiver.redeem(token);
    }
    if !receiver.inner.lock().unwrap().links.contains(token) {
        return StatusCode::GONE.into_response();
    }
    Html(format!(
        "<form method=post action=/learn><input name=token value={token}></form><script>document.forms[0].submit()</script>"
    ))
    .into_response()
}

async fn redeem_form(
    State(receiver): State<Receiver>,
    Form(form): Form<HashMap<String, String>>,
) -> Response {
    receiver.redeem(&form["token"])
}

async fn home(headers: HeaderMap) -> Response {
    if headers.contains_key("cookie") {
        "in".into_response()
    } else {
        StatusCode::UNAUTHORIZED.into_response()
    }
}

/// A receiver that was there before would refuse a `jti` that begins again as a replay.
#[tokio::test]
async fn what_was_sent_once_is_not_sent_again_after_a_new_start() {
    let receiver = Receiver::start(false).await;
    let mut last = 0;
    for _ in 0..3 {
        let studyreel = receiver.studyreel().await;
        let student = studyreel.students()[0].clone();
        let message = studyreel.payload(&student, &Overrides::none());
        let jti: u64 = message["jti"].as_str().unwrap().parse().unwrap();
        assert!(jti > last, "{jti} after {last}");
        last = jti;
    }
}

#[tokio::test]
async fn the_documented_student_is_launched_as_documented() {
    let receiver = Receiver::start(false).await;
    let studyreel = receiver.studyreel().await;
    let student = studyreel.students()[0].clone();
    let verdict = studyreel.launch(&student).await;
    assert!(verdict.accepted(), "{verdict}");

    let inner = receiver.inner.lock().unwrap();
    let (headers, message) = &inner.received[0];
    assert_eq!(headers["content-type"], "application/json");
    for absent in ["authorization", "cookie", "x-launch-signature"] {
        assert!(!headers.contains_key(absent), "{absent}");
    }
    assert_eq!(message["iss"], DOCUMENTED_ISSUER);
    assert_eq!(message["deployment_id"], DOCUMENTED_DEPLOYMENT);
    let jti = |message: &Value| message["jti"].as_str().unwrap().parse::<u64>().unwrap();
    let next = studyreel.payload(&student, &Overrides::none());
    assert_eq!(jti(&next), jti(message) + 1);
    let keys: Vec<&str> = message
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(keys[..4], ["messageType", "version", "resourceLink", "iss"]);
    assert_eq!(keys.len(), 24);
}

#[tokio::test]
async fn a_login_link_lets_the_student_in_once_both_ways() {
    for by_post in [false, true] {
        let receiver = Receiver::start(by_post).await;
        let studyreel = receiver.studyreel().await;
        let students = studyreel.students();
        let verdict = studyreel.launch(&students[0]).await;
        let visit = studyreel.visit(&verdict).await.unwrap();
        assert_eq!(visit.problems, Vec::<String>::new(), "by_post {by_post}");
        assert_eq!(visit.page.text(), "in");
        assert!(
            studyreel
                .browser(&students[1].sub)
                .cookies(&receiver.url)
                .is_empty(),
            "another student’s browser"
        );
        let again = studyreel.visit(&verdict).await.unwrap();
        assert_eq!(again.problems[0], "the page has the status 410");
    }
}

#[tokio::test]
async fn a_returning_student_must_be_existing_and_the_same() {
    let receiver = Receiver::start(false).await;
    let studyreel = receiver.studyreel().await;
    let students = studyreel.students();
    assert!(studyreel.launch(&students[0]).await.accepted());
    assert!(studyreel.launch(&students[0]).await.accepted());
    receiver.inner.lock().unwrap().students.clear();
    let verdict = studyreel.launch(&students[0]).await;
    assert_eq!(
        verdict.problems.len(),
        2,
        "new again, and another userID: {verdict}"
    );
}

#[tokio::test]
async fn bad_answers_are_not_accepted() {
    let receiver = Receiver::start(false).await;
    let studyreel = receiver.studyreel().await;
    let student = studyreel.students()[0].clone();
    let link = format!("{}/learn?token=1", receiver.url);
    let good = json!({
        "status": "success", "message": "m", "userID": "1", "userType": "new", "loginLink": link,
    });
    for (status, change) in [
        (201, json!({})),
        (200, json!({ "status": "ok" })),
        (200, json!({ "userID": 1 })),
        (200, json!({ "userType": "NEW" })),
        (
            200,
            json!({ "loginLink": "https://elsewhere.example.com/learn?token=1" }),
        ),
        (200, json!({ "loginLink": "/learn?token=1" })),
        (200, json!({ "message": "" })),
    ] {
        let mut body = good.clone();
        body.as_object_mut()
            .unwrap()
            .extend(change.as_object().unwrap().clone());
        receiver.answer(status, body);
        let verdict = studyreel.launch(&student).await;
        assert!(
            !verdict.accepted() && !verdict.refused(),
            "{status} {change}"
        );
    }
    receiver.answer(
        403,
        json!({ "status": "error", "message": "no", "code": "unknown_issuer" }),
    );
    assert!(studyreel.launch(&student).await.refused());
    receiver.answer(403, good);
    assert!(
        !studyreel.launch(&student).await.refused(),
        "a refusal must not hold a link"
    );
}

#[tokio::test]
async fn silence_and_no_receiver_are_verdicts_too() {
    let launch_url = Some("http://127.0.0.2:1/launch".to_owned());
    let studyreel = StudyReel::start(StudyReelOptions {
        launch_url,
        ..StudyReelOptions::default()
    })
    .await
    .unwrap();
    let verdict = studyreel.launch(&studyreel.students()[0]).await;
    assert_eq!((verdict.status, verdict.problems.len()), (None, 1));
    assert_eq!(studyreel.transcript().len(), 1);
}

#[tokio::test]
async fn attacks_send_what_their_names_say() {
    let receiver = Receiver::start(false).await;
    let studyreel = receiver.studyreel().await;
    let student = studyreel.students()[1].clone();
    let last = || {
        receiver
            .inner
            .lock()
            .unwrap()
            .received
            .last()
            .unwrap()
            .1
            .clone()
    };
    let before = || {
        let inner = receiver.inner.lock().unwrap();
        inner.received[inner.received.len() - 2].1.clone()
    };
    studyreel.attack(&student, Attack::WrongIssuer).await;
    assert_eq!(last()["iss"], "https://studyreel.example.com");
    studyreel.attack(&student, Attack::Replay).await;
    assert_eq!(last(), before());
    studyreel.attack(&student, Attack::ReplayNonce).await;
    assert_eq!(last()["nonce"], before()["nonce"]);
    assert_ne!(last()["jti"], before()["jti"]);
    studyreel.attack(&student, Attack::ReplayJti).await;
    assert_eq!(last()["jti"], before()["jti"]);
    assert_ne!(last()["nonce"], before()["nonce"]);
    studyreel.attack(&student, Attack::Expired).await;
    let now = studyreel
        .clock()
        .now()
        .strftime("%Y-%m-%d %H:%M:%S")
        .to_string();
    assert!(last()["exp"].as_str().unwrap() < now.as_str());
    assert!(studyreel.attack(&student, Attack::Garbage).await.refused());
    let verdicts: Vec<Verdict> = studyreel.burst(&student, 5).await;
    assert!(verdicts.iter().all(Verdict::accepted));
    for attack in Attack::ALL {
        assert_eq!(Attack::named(attack.name()), Some(attack));
        let verdict = studyreel.attack(&student, attack).await;
        // This receiver takes whatever is JSON.
        let takes = attack != Attack::Garbage;
        assert_eq!(verdict.accepted(), takes, "{}", attack.name());
        assert_eq!(attack.held(&verdict), takes != attack.is_refused());
    }
}

#[tokio::test]
async fn a_receiver_that_does_not_answer_is_a_verdict_too() {
    let listener = tokio::net::TcpListener::bind("127.0.0.2:0").await.unwrap();
    let launch_url = format!("http://{}/launch", listener.local_addr().unwrap());
    let studyreel = StudyReel::start(StudyReelOptions {
        launch_url: Some(launch_url),
        timeout: Duration::from_millis(300),
        ..StudyReelOptions::default()
    })
    .await
    .unwrap();
    let verdict = studyreel.launch(&studyreel.students()[0]).await;
    assert!(verdict.status.is_none() && verdict.problems[0].starts_with("no answer within"));
    drop(listener);
}

#[tokio::test]
async fn every_switch_and_fault_is_on_the_page_and_in_the_api() {
    let receiver = Receiver::start(true).await;
    let studyreel = receiver.studyreel().await;
    let browser = Browser::new().unwrap();
    let at = |path: &str| format!("{}{path}", studyreel.url());
    let last = || {
        let inner = receiver.inner.lock().unwrap();
        inner.received.last().unwrap().clone()
    };
    // The page: how launches are written.
    let page = browser.get(&at("/")).await.unwrap();
    let mut form = page.form_to("/switches").unwrap();
    for (name, value) in [
        ("issuer", "https://alphalearn.school"),
        ("times", "zone"),
        ("zone", "-5"),
        ("constant_nonce", "always-the-same"),
        ("learning_blocks_key", "learningBlocks"),
        ("hmac_secret", "s3cret"),
        ("json_null", "on"),
        ("numbers", "on"),
    ] {
        form.set(name, value);
    }
    let page = browser.submit(&page, &form).await.unwrap();
    assert_eq!(page.form_to("/switches").unwrap().field("zone"), Some("-5"));
    let student = studyreel.students()[1].clone();
    assert!(studyreel.launch(&student).await.accepted());
    let (headers, message) = last();
    assert!(headers.contains_key("x-launch-signature"));
    assert_eq!(
        (&message["iss"], &message["nonce"], &message["age_grade"]),
        (
            &json!("https://alphalearn.school"),
            &json!("always-the-same"),
            &json!(3)
        )
    );
    assert_eq!(message["learningBlocks"][0]["amount"], 100);

    // The API: the same, and back.
    let written = browser
        .get(&at("/sim/switches"))
        .await
        .unwrap()
        .json()
        .unwrap();
    assert_eq!(
        written["switches"],
        json!({"jsonNull": true, "numbers": true, "times": {"zone": -5}, "constantNonce": "always-the-same",
            "learningBlocksKey": "learningBlocks", "hmacSecret": "s3cret"})
    );
    let back = Request::new("PUT".parse().unwrap(), &at("/sim/switches")).unwrap();
    let back = back.body(
        "application/json",
        json!({"issuer": DOCUMENTED_ISSUER}).to_string(),
    );
    assert_eq!(browser.send(back).await.unwrap().status, 204);
    assert!(studyreel.launch(&student).await.accepted());
    assert_eq!(last().1["age_grade"], "3");

    // A fault, with changes beside it.
    let page = browser.get(&at("/")).await.unwrap();
    let mut form = page
        .forms()
        .into_iter()
        .find(|form| form.field("fault").is_some())
        .unwrap();
    form.set("student", "amara@example.com");
    form.set("fault", "wrong-role");
    form.set("changes", "age_grade = 7\n-jti\n+sub = twice");
    let shown = browser.submit(&page, &form).await.unwrap();
    assert!(
        shown.text().contains("not refused as it should be"),
        "{}",
        shown.text()
    );
    let message = last().1;
    assert_eq!(
        (
            &message["role"],
            &message["age_grade"],
            message.get("jti"),
            &message["sub"]
        ),
        (&json!("Teacher"), &json!(7), None, &json!("twice"))
    );
    for (request, status) in [
        (
            json!({"studentId": "amara@example.com", "profile": "typed"}),
            200,
        ),
        (
            json!({"studentId": "amara@example.com", "fault": "slow"}),
            200,
        ),
        (
            json!({"studentId": "amara@example.com", "fault": "burst"}),
            200,
        ),
        (
            json!({"studentId": "amara@example.com", "fault": "luck"}),
            400,
        ),
        (
            json!({"studentId": "amara@example.com", "profile": "paper"}),
            400,
        ),
        (json!({"studentId": "nobody@example.com"}), 404),
    ] {
        let page = browser
            .post_json(&at("/sim/launch"), &request)
            .await
            .unwrap();
        assert_eq!(page.status, status, "{request}");
        let answer = page.json().unwrap();
        assert_eq!(
            answer["accepted"] == true,
            status == 200,
            "{request}: {answer}"
        );
        if request["profile"] == "typed" {
            assert!(answer["request"]["iat"].is_i64());
        }
        if request.get("fault").is_some() && status == 200 {
            assert_eq!(answer["held"], true, "{request}");
        }
    }

    // Students: added, changed, listed, removed.
    let teacher = json!({"sub": "t@example.com", "givenName": "Tess", "role": "Teacher", "grades": {"math": "4"}});
    for _ in 0..2 {
        assert_eq!(
            browser
                .post_json(&at("/sim/students"), &teacher)
                .await
                .unwrap()
                .status,
            201
        );
    }
    let all = browser
        .get(&at("/sim/students"))
        .await
        .unwrap()
        .json()
        .unwrap();
    let found = all
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["sub"] == "t@example.com");
    assert_eq!(
        found.map(|one| one["role"].clone()).collect::<Vec<_>>(),
        ["Teacher"]
    );
    let gone = Request::new(
        "DELETE".parse().unwrap(),
        &at("/sim/students/t@example.com"),
    )
    .unwrap();
    assert_eq!(browser.send(gone.clone()).await.unwrap().status, 204);
    assert_eq!(browser.send(gone).await.unwrap().status, 404);
    let transcript = browser
        .get(&at("/sim/transcript"))
        .await
        .unwrap()
        .json()
        .unwrap();
    let transcript = transcript.as_array().unwrap();
    assert!(transcript.len() > 20);
    // This receiver takes anything: what was wrong on purpose is known as such.
    let faulty: Vec<&Value> = transcript
        .iter()
        .filter(|line| line["fault"] == "wrong-role")
        .collect();
    assert!(
        !faulty.is_empty()
            && faulty
                .iter()
                .all(|line| line["held"] == false && line["request"]["role"] == "Teacher")
    );
    let page = browser.get(&at("/transcript")).await.unwrap().text();
    assert!(
        page.contains("not refused as it should be") && page.contains("a teacher:"),
        "{page}"
    );

    // The student's own browser opens the link, once.
    let launched = studyreel.launch(&student).await;
    let link = launched.login_link().unwrap();
    for good in [true, false] {
        let shown = browser
            .post_form(&at("/visit"), &[("link", &link)])
            .await
            .unwrap();
        assert_eq!(shown.status, 200);
        let is_in = shown
            .text()
            .contains("The student is in, and the link opens for nobody else.");
        assert_eq!(is_in, good, "{}", shown.text());
    }
}

#[tokio::test]
async fn launches_can_be_changed_and_signed() {
    let receiver = Receiver::start(false).await;
    let studyreel = receiver.studyreel().await;
    let student = studyreel.students()[0].clone();
    let overrides = Overrides::none()
        .with("age_grade", 5)
        .without("map_rit_math")
        .with("extra", json!({}));
    let message = studyreel.payload(&student, &overrides);
    assert_eq!(
        (&message["age_grade"], message.get("map_rit_math")),
        (&json!(5), None)
    );

    let switches = Switches {
        hmac_secret: Some("secret".to_owned()),
        ..Switches::default()
    };
    studyreel.set_switches(switches);
    studyreel.send(&message).await;
    let inner = receiver.inner.lock().unwrap();
    let signature = inner.received[0].0["x-launch-signature"].to_str().unwrap();
    assert!(signature.starts_with("v1=") && signature.len() == 67);
    assert!(inner.received[0].0.contains_key("x-launch-timestamp"));
}

#[tokio::test]
async fn tools_register_with_the_key() {
    let studyreel = StudyReel::start(StudyReelOptions {
        api_key: Some("k".to_owned()),
        ..StudyReelOptions::default()
    })
    .await
    .unwrap();
    let good = json!({
        "name": "My Awesome Reading App",
        "description": "My reading app teaches you how to read.",
        "launchUrl": "https://app.example.com/launch",
        "logoUrl": "https://app.example.com/logo.png",
        "status": "active",
        "platform": "1EdTech",
        "version": "1.3",
        "redirectUris": ["https://app.example.com/auth/callback"],
        "contacts": [{ "name": "Jane Doe", "email": "jane@example.com" }],
    });
    let register = async |key: Option<&str>, body: &Value| {
        let mut request = Request::new(
            "POST".parse().unwrap(),
            &format!("{}/tools/register", studyreel.url()),
        )
        .unwrap();
        if let Some(key) = key {
            request = request.header("x-api-key", key);
        }
        Browser::new()
            .unwrap()
            .send(request.body("application/json", body.to_string()))
            .await
            .unwrap()
    };
    assert_eq!(register(None, &good).await.status, 401);
    assert_eq!(register(Some("x"), &good).await.status, 401);
    for name in [
        "name",
        "description",
        "launchUrl",
        "logoUrl",
        "status",
        "platform",
        "version",
    ] {
        let mut wrong = good.clone();
        wrong.as_object_mut().unwrap().remove(name);
        assert_eq!(register(Some("k"), &wrong).await.status, 400, "{name}");
    }
    let answer = register(Some("k"), &good).await;
    assert_eq!(answer.status, 201);
    let answer = answer.json().unwrap();
    assert_eq!(answer["status"], "success");
    let tool = &studyreel.tools()[0];
    assert_eq!(
        (answer["toolId"].as_str(), answer["deployment_id"].as_str()),
        (Some(&*tool.id), Some(&*tool.deployment_id))
    );
    assert_eq!(register(Some("k"), &good).await.status, 409);
    let message = studyreel.payload(&studyreel.students()[0], &Overrides::none());
    assert_eq!(message["deployment_id"], tool.deployment_id.as_str());
}

#[tokio::test]
async fn the_pages_launch_and_show() {
    let receiver = Receiver::start(false).await;
    let studyreel = receiver.studyreel().await;
    let browser = Browser::new().unwrap();
    let page = browser.get(studyreel.url()).await.unwrap();
    let form = page
        .forms()
        .into_iter()
        .find(|form| form.field("student") == Some("student@studyreel.com"))
        .unwrap();
    let shown = browser.submit(&page, &form).await.unwrap();
    assert!(
        shown.text().contains("The answer is good.")
            && shown.text().contains("/learn?token=token1")
    );
    let transcript = browser
        .get(&format!("{}/transcript", studyreel.url()))
        .await
        .unwrap();
    assert!(transcript.text().contains("student@studyreel.com"));

    let mut form = page.form_to("/students").unwrap();
    form.set("sub", "new@example.com");
    form.set("given_name", "<b>New</b>");
    form.set("rit", "200, -, 210");
    let page = browser.submit(&page, &form).await.unwrap();
    assert!(!page.text().contains("<b>New"));
    let added = studyreel.students().pop().unwrap();
    assert_eq!(
        (
            added.rit.math.as_deref(),
            added.rit.language,
            added.rit.science.as_deref()
        ),
        (Some("200"), None, Some("210"))
    );

    let api = format!("{}/sim/launch", studyreel.url());
    let request = json!({ "studentId": "new@example.com", "overrides": { "role": "Teacher" }, "removed": ["jti"] });
    let answer = browser
        .post_json(&api, &request)
        .await
        .unwrap()
        .json()
        .unwrap();
    assert_eq!(
        (&answer["request"]["role"], answer["request"].get("jti")),
        (&json!("Teacher"), None)
    );
}
