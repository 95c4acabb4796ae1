//! The provisioning hook: the application hears of a student first, and may give its own id and a
//! place to land.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_lc_rs::hmac::{HMAC_SHA256, Key, verify};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use test_case::both_stores;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::{Accepted, StudyReel, failure, ltik, open, time, valid, valid_with};
use crate::support::{Gateway, Store, fixed_and_hurried};
use crate::undisturbed::undisturbed;
use crate::waits::{CEILING, Lock};

/// How late a silent application answers.
const SILENT: Duration = Duration::from_secs(30);
/// Launches wait for it for two seconds: a machine that keeps anyone waiting for so long is no
/// judge of what it answers.
const LATE: Duration = Duration::from_millis(100);

/// A call that reached the application.
#[derive(Clone)]
struct Call {
    headers: HeaderMap,
    body: Bytes,
}

impl Call {
    fn id(&self) -> &str {
        self.headers["webhook-id"].to_str().unwrap()
    }

    fn student(&self) -> Value {
        let mut event: Value = serde_json::from_slice(&self.body).unwrap();
        assert_eq!(event["type"], "student.provisioned");
        event["data"]["student"].take()
    }

    /// How many of its signatures are good under a secret, checked as the application would.
    fn signatures_by(&self, secret: &str) -> usize {
        let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
        let key = Key::new(HMAC_SHA256, &key);
        let time = self.headers["webhook-timestamp"].to_str().unwrap();
        let mut signed = format!("{}.{time}.", self.id()).into_bytes();
        signed.extend_from_slice(&self.body);
        let signatures = self.headers["webhook-signature"].to_str().unwrap().split(' ');
        let good = |signature: &&str| {
            let tag = STANDARD.decode(signature.strip_prefix("v1,").unwrap()).unwrap();
            verify(&key, &signed, &tag).is_ok()
        };
        signatures.filter(good).count()
    }
}

/// How the application answers. `{n}` in the body is the number of the call.
#[derive(Clone)]
struct Reply {
    status: u16,
    body: String,
    after: Duration,
    /// Not before so many calls have come.
    calls: usize,
}

fn reply(status: u16, body: &Value) -> Reply {
    Reply { status, body: body.to_string(), after: Duration::ZERO, calls: 0 }
}

#[derive(Clone)]
struct Behaviour {
    calls: Arc<Mutex<Vec<Call>>>,
    reply: Arc<Mutex<Reply>>,
}

/// The application's end of the hook.
struct Application {
    url: String,
    behaviour: Behaviour,
    task: JoinHandle<()>,
}

async fn answer(
    State(app): State<Behaviour>,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, HeaderMap, String) {
    let reply = app.reply.lock().unwrap().clone();
    let number = {
        let mut calls = app.calls.lock().unwrap();
        calls.push(Call { headers, body });
        calls.len()
    };
    while app.calls.lock().unwrap().len() < reply.calls {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    tokio::time::sleep(reply.after).await;
    let location =
        HeaderMap::from_iter([("location".parse().unwrap(), "/elsewhere".parse().unwrap())]);
    let body = reply.body.replace("{n}", &number.to_string());
    (StatusCode::from_u16(reply.status).unwrap(), location, body)
}

impl Application {
    async fn start(first: Reply) -> Self {
        let listener = TcpListener::bind("127.0.0.3:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let behaviour = Behaviour { calls: Arc::default(), reply: Arc::new(Mutex::new(first)) };
        let router = Router::new().route("/hook", post(answer)).with_state(behaviour.clone());
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, behaviour, task }
    }

    fn answers(&self, reply: Reply) {
        *self.behaviour.reply.lock().unwrap() = reply;
    }

    fn calls(&self) -> Vec<Call> {
        self.behaviour.calls.lock().unwrap().clone()
    }
}

impl Drop for Application {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A gateway whose application answers so, with these settings of the hook beside its address.
async fn start(store: Store, first: Reply, settings: Value) -> (StudyReel, Application) {
    let application = Application::start(first).await;
    let mut settings = settings;
    settings["url"] = json!(application.url);
    (StudyReel::start_with(store, json!({"provisioning": settings})).await, application)
}

impl StudyReel {
    async fn breaker(&self) -> Value {
        self.owner().await["provisioning"]["breaker"].take()
    }
}

#[both_stores]
async fn a_new_student_is_announced_once_and_gets_the_apps_id(store: Store) {
    undisturbed(LATE, async || {
        let welcome = json!({"userID": "pupil-{n}", "landingPath": "/welcome?tour=1"});
        let (studyreel, application) = start(store, reply(200, &welcome), json!({})).await;
        let launch = || valid_with("ada@example.com", json!({"studyreel_grade_math": "4"}));
        let first = studyreel.ok(&launch()).await;
        assert_eq!((first.is_new, first.user.as_str()), (true, "pupil-1"));
        let calls = application.calls();
        let [call] = &calls[..] else { panic!("{} calls", calls.len()) };
        let hook = studyreel.owner().await["provisioning"].take();
        assert_eq!(call.signatures_by(hook["secret"].as_str().unwrap()), 1);
        assert_eq!(call.headers["content-type"], "application/json");
        assert_eq!(hook["breaker"]["state"], "closed");
        let told: i64 = call.headers["webhook-timestamp"].to_str().unwrap().parse().unwrap();
        assert!((studyreel.gateway.clock.now_seconds() - told).abs() < 60);
        // Nothing of the person but where they start.
        let student = call.student();
        let members: Vec<&String> = student.as_object().unwrap().keys().collect();
        assert_eq!(members, ["id", "issuer", "placement"]);
        assert_eq!(
            (&student["placement"][0]["subject"], &student["placement"][0]["grade"]),
            (&json!("math"), &json!(4))
        );
        let whole = String::from_utf8_lossy(&call.body).to_lowercase();
        assert!(!whole.contains("ada") && !whole.contains("moss"), "{whole}");
        // It lands where the application wants, and the application knows the student by its own
        // id.
        let page = open(&studyreel.browser(), &first.link).await;
        let location = page.location().unwrap();
        assert_eq!(
            (location.path(), location.query_pairs().next().unwrap().1.as_ref()),
            ("/welcome", "1")
        );
        let seen = studyreel.gateway.idtoken(&ltik(&page), "").await.json().unwrap();
        assert_eq!(
            (&seen["student"]["externalId"], &seen["student"]["userID"]),
            (&json!("pupil-1"), &json!("pupil-1"))
        );
        assert_eq!(seen["student"]["id"], student["id"]);
        // Later launches need no one, and land as usual.
        let again = studyreel.ok(&launch()).await;
        assert_eq!(
            (again.is_new, again.user.as_str(), application.calls().len()),
            (false, "pupil-1", 1)
        );
        assert_eq!(
            open(&studyreel.browser(), &again.link).await.location().unwrap().path(),
            "/app"
        );
        let found = studyreel.get("/api/students?externalId=pupil-1").await;
        assert_eq!(
            (&found["students"][0]["id"], &found["students"][0]["userID"]),
            (&student["id"], &json!("pupil-1"))
        );
        // Each student is an event of their own.
        assert_eq!(studyreel.ok(&valid("ben@example.com")).await.user, "pupil-2");
        let calls = application.calls();
        assert_ne!(calls[0].id(), calls[1].id());
    })
    .await;
}

#[both_stores]
async fn only_permitted_fields_are_sent_and_secrets_can_rotate(store: Store) {
    undisturbed(LATE, async || {
        let everything =
            json!({"data": ["name", "subject", "measures", "placement", "learningBlocks"]});
        let (studyreel, application) = start(store, reply(204, &json!("")), everything).await;
        application.answers(Reply { body: String::new(), ..reply(204, &json!("")) });
        let blocks = json!([{"amount": 1, "curriculumIds": ["c"], "description": ""}]);
        let first = studyreel
            .ok(&valid_with(
                "ada@example.com",
                json!({"map_rit_math": "190", "learning_blocks": blocks}),
            ))
            .await;
        let student = application.calls()[0].student();
        assert_eq!(
            (&student["name"], &student["subject"], &student["rit"]["math"], &student["ageGrade"]),
            (&json!("Ada Moss"), &json!("ada@example.com"), &json!(190), &json!(5))
        );
        assert_eq!(
            (&student["learningBlocks"], &student["id"]),
            (&blocks, &json!(first.user)),
            "no id of its own: ours"
        );
        studyreel
            .gateway
            .patch_tool(json!({"studyreel": {"provisioning": {"data": [], "secrets": [1, 2]}}}))
            .await;
        studyreel.ok(&valid("ben@example.com")).await;
        let call = application.calls().pop().unwrap();
        assert_eq!(call.student().as_object().unwrap().len(), 2, "id and issuer");
        let hook = studyreel.owner().await["provisioning"].take();
        for secret in hook["secrets"].as_array().unwrap() {
            assert_eq!(call.signatures_by(secret["secret"].as_str().unwrap()), 1);
        }
        // An application without ids of its own has said so, and isn't asked again.
        assert!(!studyreel.ok(&valid("ada@example.com")).await.is_new);
        assert_eq!(application.calls().len(), 2);
    })
    .await;
}

#[both_stores]
async fn a_failing_application_stops_no_launch_and_is_asked_again(store: Store) {
    undisturbed(LATE, async || {
        let (studyreel, application) =
            start(store, reply(500, &json!({"userID": "no"})), json!({})).await;
        let first = studyreel.ok(&valid("ada@example.com")).await;
        let own = application.calls()[0].student()["id"].as_str().unwrap().to_owned();
        assert_eq!((first.is_new, &first.user), (true, &own));
        assert!(studyreel.redeem(&first.link).await.len() > 20);
        for (wrong, why) in [
            (reply(302, &json!({})), "status 302"),
            (reply(403, &json!({"userID": "no"})), "status 403"),
            (reply(200, &json!([])), "JSON object"),
            (reply(200, &json!({"userID": 7})), "userID"),
            (reply(200, &json!({"userID": "no", "landingPath": "//evil.example"})), "landingPath"),
            (reply(200, &json!({"userID": "x".repeat(20_000)})), "larger"),
        ] {
            application.answers(wrong);
            let again = studyreel.ok(&valid("ada@example.com")).await;
            assert_eq!((again.is_new, &again.user), (false, &own), "{why}");
            let breaker = studyreel.breaker().await;
            assert!(breaker["lastFailure"].as_str().unwrap().contains(why), "{why}: {breaker}");
            assert_eq!(
                open(&studyreel.browser(), &again.link).await.location().unwrap().path(),
                "/app"
            );
        }
        // It is well again. What the platform heard once stays; the application has its id all the
        // same.
        application.answers(reply(200, &json!({"userID": "pupil-7"})));
        let again = studyreel.ok(&valid("ada@example.com")).await;
        assert_eq!(again.user, own);
        let seen = studyreel.seen_behind(&again.link).await;
        assert_eq!(
            (&seen["student"]["externalId"], &seen["user"]["id"]),
            (&json!("pupil-7"), &json!(own))
        );
        assert_eq!(seen["student"]["userID"], json!(own));
        let calls = application.calls();
        assert!(
            calls.len() == 8 && calls.iter().all(|call| call.id() == calls[0].id()),
            "one event, sent again"
        );
        studyreel.ok(&valid("ada@example.com")).await;
        assert_eq!(application.calls().len(), 8);
        // An application that takes its id back is asked anew.
        studyreel
            .api("PATCH", &format!("/api/students/{own}"), Some(json!({"externalId": null})), 200)
            .await;
        studyreel.ok(&valid("ada@example.com")).await;
        assert_eq!(application.calls().len(), 9);
        // No one to ask, and an address that leads inside.
        drop(application);
        studyreel.ok(&valid("ben@example.com")).await;
        studyreel
            .gateway
            .patch_tool(json!({"studyreel": {"provisioning": {"url": "http://10.0.0.1/hook"}}}))
            .await;
        assert_eq!(
            studyreel.breaker().await,
            json!({"state": "closed", "failuresInARow": 0}),
            "another application"
        );
        studyreel.ok(&valid("ben@example.com")).await;
        assert_eq!(studyreel.breaker().await["failuresInARow"], 1);
        assert!(studyreel.breaker().await["lastFailure"].as_str().unwrap().contains("https"));
    })
    .await;
}

#[both_stores]
async fn a_slow_application_costs_two_seconds_once(store: Store) {
    undisturbed(LATE, async || {
        let slow = Reply { after: SILENT, ..reply(200, &json!({})) };
        let (studyreel, application) = start(store, slow, json!({})).await;
        let began = Instant::now();
        // Five students at once, each by two launches: five calls.
        let launches: Vec<Value> =
            (0..10).map(|n| valid(&format!("s{}@example.com", n % 5))).collect();
        let pages =
            futures_util::future::join_all(launches.iter().map(|launch| studyreel.launch(launch)))
                .await;
        let answers: Vec<Accepted> = pages.iter().map(Accepted::read).collect();
        assert!(began.elapsed() >= Duration::from_secs(2) && began.elapsed() < SILENT);
        assert_eq!(
            (answers.iter().filter(|answer| answer.is_new).count(), application.calls().len()),
            (5, 5)
        );
        let breaker = studyreel.breaker().await;
        assert_eq!(
            (&breaker["state"], &breaker["failuresInARow"]),
            (&json!("open"), &json!(5)),
            "{breaker}"
        );
        // Open: no one waits, no one is asked.
        studyreel.ok(&valid("s6@example.com")).await;
        assert_eq!(application.calls().len(), 5);
        // After a while one launch tries, and closes it.
        application.answers(reply(200, &json!({"userID": "pupil-{n}"})));
        studyreel.gateway.clock.advance(Duration::from_secs(15));
        assert_eq!(
            studyreel.ok(&valid_with("s7@example.com", json!({"iat": time(15)}))).await.user,
            "pupil-6"
        );
        assert_eq!(studyreel.breaker().await["state"], "closed");
        assert_eq!(
            studyreel.ok(&valid_with("s8@example.com", json!({"iat": time(15)}))).await.user,
            "pupil-7"
        );
    })
    .await;
}

#[both_stores]
async fn parallel_first_launches_agree_on_one_answer(store: Store) {
    undisturbed(LATE, async || {
        // Every call is answered differently, so that two of them would be seen.
        let welcome = json!({"userID": "pupil-{n}", "landingPath": "/welcome"});
        let slow = Reply { after: Duration::from_millis(300), ..reply(200, &welcome) };
        let (studyreel, application) = start(store, slow, json!({})).await;
        let launches: Vec<Value> = (0..20).map(|_| valid("ada@example.com")).collect();
        let pages =
            futures_util::future::join_all(launches.iter().map(|launch| studyreel.launch(launch)))
                .await;
        let answers: Vec<Accepted> = pages.iter().map(Accepted::read).collect();
        assert_eq!(answers.iter().filter(|answer| answer.is_new).count(), 1);
        assert!(
            answers
                .iter()
                .all(|answer| answer.user == answers[0].user && answer.user.starts_with("pupil-"))
        );
        let calls = application.calls();
        assert!(calls.iter().all(|call| call.id() == calls[0].id()));
        let seen = studyreel.seen_behind(&answers[7].link).await;
        assert_eq!(seen["student"]["externalId"], json!(answers[0].user));
        assert_eq!(studyreel.rows("students").await, 1);
    })
    .await;
}

#[both_stores]
async fn two_replicas_agree_on_one_answer(store: Store) {
    undisturbed(LATE, async || {
        // One file has one writer; replicas share a server.
        if store == Store::Sqlite {
            return;
        }
        // Every call is answered differently, and none before both have come.
        let welcome = json!({"userID": "pupil-{n}", "landingPath": "/welcome"});
        let both = Reply { calls: 2, ..reply(200, &welcome) };
        let (studyreel, application) = start(store, both, json!({})).await;
        let replica = studyreel.gateway.replica().await;
        let path = "/studyreel/launch";
        let launches: Vec<(String, Value)> = (0..20)
            .map(|n| {
                (
                    if n % 2 == 0 { studyreel.gateway.at(path) } else { replica.at(path) },
                    valid("ada@example.com"),
                )
            })
            .collect();
        let browser = studyreel.browser();
        let pages = launches.iter().map(|(url, launch)| browser.post_json(url, launch));
        let pages = futures_util::future::join_all(pages).await;
        let answers: Vec<Accepted> =
            pages.into_iter().map(|page| Accepted::read(&page.unwrap())).collect();
        assert_eq!(answers.iter().filter(|answer| answer.is_new).count(), 1);
        assert!(
            answers
                .iter()
                .all(|answer| answer.user == answers[0].user && answer.user.starts_with("pupil-"))
        );
        // Both have asked, some again before the first answer was written down, and all under one
        // event's id.
        let calls = application.calls();
        assert!(
            calls.len() >= 2 && calls.iter().all(|call| call.id() == calls[0].id()),
            "{} calls",
            calls.len()
        );
        // The launch that told the platform first lands where the application wants a new student.
        let new = answers.iter().find(|answer| answer.is_new).unwrap();
        let page = open(&studyreel.browser(), &new.link).await;
        assert_eq!(page.location().unwrap().path(), "/welcome");
        for gateway in [&studyreel.gateway, &replica] {
            let seen = gateway.idtoken(&ltik(&page), "").await.json().unwrap();
            assert_eq!(
                (&seen["student"]["externalId"], &seen["student"]["userID"]),
                (&json!(new.user), &json!(new.user))
            );
        }
        // Neither asks again.
        for url in [studyreel.gateway.at(path), replica.at(path)] {
            let again =
                Accepted::read(&browser.post_json(&url, &valid("ada@example.com")).await.unwrap());
            assert_eq!((again.is_new, &again.user), (false, &answers[0].user));
        }
        assert_eq!((application.calls().len(), studyreel.rows("students").await), (calls.len(), 1));
    })
    .await;
}

#[both_stores]
async fn a_replica_without_an_answer_uses_anothers(store: Store) {
    undisturbed(LATE, async || {
        if store == Store::Sqlite {
            return;
        }
        // Even where launches are refused without an answer.
        let silent = Reply { after: SILENT, ..reply(200, &json!({})) };
        let (studyreel, application) = start(store, silent, json!({"required": true})).await;
        let replica = studyreel.gateway.replica().await;
        let first = valid("ada@example.com");
        let meanwhile = async {
            while application.calls().is_empty() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            application.answers(reply(200, &json!({"userID": "pupil-{n}"})));
            let url = replica.at("/studyreel/launch");
            Accepted::read(
                &studyreel.browser().post_json(&url, &valid("ada@example.com")).await.unwrap(),
            )
        };
        let (page, second) = tokio::join!(studyreel.launch(&first), meanwhile);
        assert_eq!((second.is_new, second.user.as_str()), (true, "pupil-2"));
        let first = Accepted::read(&page);
        assert_eq!((first.is_new, first.user.as_str()), (false, "pupil-2"));
        let seen = studyreel.seen_behind(&first.link).await;
        assert_eq!(seen["student"]["userID"], json!("pupil-2"));
        // What failed here is this replica's to know.
        assert_eq!(studyreel.breaker().await["failuresInARow"], 1);
        let page = replica.admin("GET", "/admin/studyreel", None).await;
        assert_eq!(page.json().unwrap()["provisioning"]["breaker"]["failuresInARow"], 0);
    })
    .await;
}

#[both_stores]
async fn a_failing_required_hook_refuses_the_launch_cleanly(store: Store) {
    undisturbed(LATE, async || {
        let (studyreel, application) =
            start(store, reply(503, &json!({})), json!({"required": true})).await;
        let launch = valid("ada@example.com");
        let page = studyreel.launch(&launch).await;
        assert_eq!((page.status, failure(&page).as_str()), (503, "unavailable"));
        assert!(page.header("retry-after").is_some() && !page.text().contains("hook"));
        for table in ["launches", "login_links", "studyreel_seen"] {
            assert_eq!(studyreel.rows(table).await, 0, "{table}");
        }
        // The platform has heard of no one yet, so the same launch is the new one when it comes
        // again.
        application.answers(reply(200, &json!({"userID": "pupil-7"})));
        let first = studyreel.ok(&launch).await;
        assert_eq!((first.is_new, first.user.as_str()), (true, "pupil-7"));
        assert_eq!(studyreel.refused(&launch).await, "replayed");
        assert!(!studyreel.ok(&valid("ada@example.com")).await.is_new);
        let calls = application.calls();
        assert!(calls.len() == 2 && calls[0].id() == calls[1].id());
    })
    .await;
}

#[both_stores]
async fn a_launch_sent_twice_at_once_waits_for_one_answer(store: Store) {
    undisturbed(LATE, async || {
        let slow = Reply {
            after: Duration::from_millis(300),
            ..reply(200, &json!({"userID": "pupil-{n}"}))
        };
        for replay in ["pair", "either"] {
            let application = Application::start(slow.clone()).await;
            let settings = json!({"replay": replay, "provisioning": {"url": application.url}});
            let studyreel = StudyReel::start_with(store, settings).await;
            let launch = valid("ada@example.com");
            let sent = (0..4).map(|_| studyreel.launch(&launch));
            let pages = futures_util::future::join_all(sent).await;
            let mut statuses: Vec<u16> = pages.iter().map(|page| page.status).collect();
            statuses.sort_unstable();
            assert_eq!(statuses, [200, 409, 409, 409], "{replay}");
            assert_eq!(studyreel.rows("launches").await, 1);
            assert_eq!(studyreel.rows("login_links").await, 1);
        }
    })
    .await;
}

/// The ceiling holds for the whole launch, and whatever fails behind the hook leaves it as good as
/// it was.
#[both_stores]
async fn a_store_that_goes_away_during_the_hook_spends_no_launch(store: Store) {
    undisturbed(LATE, async || {
        let silent = Reply { after: SILENT, ..reply(200, &json!({})) };
        let application = Application::start(silent).await;
        let settings = json!({"studyreel": {"provisioning": {"url": application.url}}});
        let gateway = Gateway::start_fixed(store, settings, &[], fixed_and_hurried()).await;
        let studyreel = StudyReel::at(gateway);
        let launch = valid("ada@example.com");
        let asked = Instant::now();
        studyreel.owner().await;
        let usual = asked.elapsed();
        let posting = async {
            let asked = Instant::now();
            (studyreel.launch(&launch).await, asked.elapsed())
        };
        let locking = async {
            while application.calls().is_empty() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            Lock::take(&studyreel.gateway).await
        };
        let ((page, took), lock) = tokio::join!(posting, locking);
        assert_eq!((page.status, failure(&page).as_str()), (503, "unavailable"));
        // The ceiling, and what some requests take of this machine.
        assert!(took < CEILING + 4 * usual, "{took:?}");
        lock.release().await;
        application.answers(reply(200, &json!({"userID": "pupil-{n}", "landingPath": "/welcome"})));
        let first = studyreel.ok(&launch).await;
        assert_eq!((first.is_new, first.user.as_str()), (true, "pupil-2"));
        let page = open(&studyreel.browser(), &first.link).await;
        assert_eq!(page.location().unwrap().path(), "/welcome");
        assert_eq!(studyreel.refused(&launch).await, "replayed");
    })
    .await;
}

#[both_stores]
async fn after_a_crash_before_the_answer_the_next_launch_asks_again(store: Store) {
    undisturbed(LATE, async || {
        let (studyreel, application) =
            start(store, reply(200, &json!({"userID": "pupil-{n}"})), json!({})).await;
        studyreel.ok(&valid("ada@example.com")).await;
        // What a process leaves that died between the account's commit and the application's
        // answer.
        studyreel
            .gateway
            .meddle("UPDATE students SET user_id = NULL, external_id = NULL, provisioned_at = NULL")
            .await;
        let first = studyreel.ok(&valid("ada@example.com")).await;
        assert_eq!((first.is_new, first.user.as_str()), (true, "pupil-2"));
        let calls = application.calls();
        assert_eq!(calls[0].id(), calls[1].id());
        // The same where the hook was taken away meanwhile.
        studyreel
            .gateway
            .meddle("UPDATE students SET user_id = NULL, external_id = NULL, provisioned_at = NULL")
            .await;
        studyreel.gateway.patch_tool(json!({"studyreel": {"provisioning": null}})).await;
        let first = studyreel.ok(&valid("ada@example.com")).await;
        assert_eq!(
            (first.is_new, &first.user),
            (true, &calls[0].student()["id"].as_str().unwrap().to_owned())
        );
        assert!(!studyreel.ok(&valid("ada@example.com")).await.is_new);
        assert_eq!(application.calls().len(), 2);
    })
    .await;
}

#[both_stores]
async fn an_id_belongs_to_one_student_who_keeps_it(store: Store) {
    undisturbed(LATE, async || {
        let studyreel = StudyReel::start(store).await;
        let older = studyreel.ok(&valid("old@example.com")).await;
        let known = studyreel.ok(&valid("known@example.com")).await;
        studyreel
            .api(
                "PATCH",
                &format!("/api/students/{}", known.user),
                Some(json!({"externalId": "pupil-0"})),
                200,
            )
            .await;
        let application = Application::start(reply(200, &json!({"userID": "pupil-0"}))).await;
        studyreel
            .gateway
            .patch_tool(json!({"studyreel": {"provisioning": {"url": application.url}}}))
            .await;
        // Its id is known: no one is asked.
        assert_eq!(studyreel.ok(&valid("known@example.com")).await.user, known.user);
        assert_eq!(application.calls().len(), 0);
        for taken in ["pupil-0".to_owned(), older.user.clone()] {
            application.answers(reply(200, &json!({"userID": taken})));
            let other = studyreel.ok(&valid(&format!("{taken}@example.com"))).await;
            assert!(other.is_new && other.user != taken, "{taken}");
            assert!(
                studyreel.breaker().await["lastFailure"]
                    .as_str()
                    .unwrap()
                    .contains("another student")
            );
            let found = studyreel.get(&format!("/api/students/{}", other.user)).await;
            assert!(found.get("externalId").is_none(), "{found}");
        }
        // An id that the platform knows a student by stays theirs there, wherever the application
        // has put it since.
        application.answers(reply(200, &json!({"userID": "pupil-5"})));
        let first = studyreel.ok(&valid("first@example.com")).await;
        assert_eq!(first.user, "pupil-5");
        let found = studyreel.get("/api/students?externalId=pupil-5").await;
        let path = format!("/api/students/{}", found["students"][0]["id"].as_str().unwrap());
        studyreel.api("PATCH", &path, Some(json!({"externalId": "pupil-6"})), 200).await;
        let other = studyreel.ok(&valid("second@example.com")).await;
        assert!(other.is_new && other.user != "pupil-5", "{}", other.user);
        assert_eq!(studyreel.ok(&valid("first@example.com")).await.user, "pupil-5");
        // Someone from before the hook: the application hears of them, the platform nothing new.
        application.answers(reply(200, &json!({"userID": "pupil-9"})));
        assert_eq!(studyreel.ok(&valid("old@example.com")).await.user, older.user);
        assert_eq!(
            studyreel.get(&format!("/api/students/{}", older.user)).await["externalId"],
            "pupil-9"
        );
        // Erased while the application thinks: no way back in.
        application.answers(Reply {
            after: Duration::from_millis(600),
            ..reply(200, &json!({"userID": "pupil-10"}))
        });
        let erased = async {
            while application
                .calls()
                .iter()
                .all(|call| call.student()["placement"][0]["grade"] != 9)
            {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            let id =
                application.calls().pop().unwrap().student()["id"].as_str().unwrap().to_owned();
            studyreel.api("DELETE", &format!("/api/students/{id}"), None, 204).await;
        };
        let launch = valid_with("gone@example.com", json!({"studyreel_grade_math": "9"}));
        let (page, ()) = tokio::join!(studyreel.launch(&launch), erased);
        assert_eq!((page.status, failure(&page).as_str()), (403, "account_disabled"));
        let trace = studyreel.gateway.newest("kind=studyreel&outcome=failed").await;
        assert_eq!(trace["reason"]["code"], "account_erased", "{trace}");
    })
    .await;
}
