//! `hallpass deliveries`, beside a running server.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use simulator::browser::Request;
use simulator::faults::ScoreRefusal;
use simulator::lms::{Endpoint, Launch, Lms, Options};
use test_case::cases;

use crate::school::{API_KEY, Gateway, application};
use crate::support::{PATIENCE, hallpass, refused};

/// What a command says of the store of this server.
fn said(folder: &Path, url: &str, args: &[&str]) -> String {
    let output = command(folder, url, args).output().unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(
        output.status.success() && errors.is_empty(),
        "{args:?}: {errors}"
    );
    String::from_utf8(output.stdout).unwrap()
}

fn command(folder: &Path, url: &str, args: &[&str]) -> std::process::Command {
    let args = [&["deliveries"], args, &["--public-url", url]].concat();
    hallpass(folder, &args)
}

/// Hands a score in that the LMS refuses for this reason; the delivery's id once it is in that
/// state.
async fn refused_score(
    gateway: &Gateway,
    lms: &Lms,
    ltik: &str,
    user: &str,
    refusal: ScoreRefusal,
) -> String {
    lms.faults().next(Endpoint::Scores, 1, refusal.fault());
    let header = format!("LTIK-AUTH-V2 {API_KEY}:{ltik}");
    let ask = async |method: &str, path: &str, body: Option<Value>| {
        let url = format!("{}{path}", gateway.url);
        let request = Request::new(method.parse().unwrap(), &url).unwrap();
        let mut request = request.header("authorization", &header);
        if let Some(body) = body {
            request = request.body("application/json", body.to_string());
        }
        gateway.browser.send(request).await.unwrap()
    };
    let token: Value = ask("GET", "/api/idtoken", None).await.json().unwrap();
    let item = token["launch"]["lineItemId"].as_str().unwrap();
    let item: String = url::form_urlencoded::byte_serialize(item.as_bytes()).collect();
    let score = json!({
        "userId": user, "scoreGiven": 8, "scoreMaximum": 10, "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
    });
    let page = ask(
        "POST",
        &format!("/api/lineitems/{item}/scores"),
        Some(score),
    )
    .await;
    assert_eq!(page.status, 202, "{}", page.text());
    let id = page.json().unwrap()["id"].as_str().unwrap().to_owned();
    comes_to(gateway, &id, &["refused", "held"]).await;
    id
}

async fn comes_to(gateway: &Gateway, id: &str, states: &[&str]) {
    let comes = async {
        loop {
            let path = format!("/api/deliveries/{id}");
            let delivery = gateway.admin("GET", &path, None).await;
            if states.iter().any(|state| delivery["state"] == *state) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(PATIENCE, comes).await.unwrap();
}

/// `list`: `first` was refused by this platform, and `second`, which is newer, is held.
fn lists_both(folder: &Path, url: &str, platform: &str, [first, second]: [&str; 2]) {
    let list = said(folder, url, &["list"]);
    let lines: Vec<Vec<&str>> = list
        .lines()
        .map(|line| line.split('\t').collect())
        .collect();
    assert_eq!(lines.len(), 2, "{list}");
    assert_eq!(
        lines[0][..3],
        [second, "held", "NOT_ENROLLED"],
        "the newest first"
    );
    assert_eq!(
        lines[1][..5],
        [first, "refused", "COURSE_CONCLUDED", platform, "2"]
    );
    for args in [
        &["list", "--state", "refused"][..],
        &[
            "list",
            "--reason",
            "COURSE_CONCLUDED",
            "--platform",
            platform,
        ],
    ] {
        assert_eq!(said(folder, url, args).lines().count(), 1, "{args:?}");
    }
    let as_json = said(folder, url, &["list", "--json", "-n", "1"]);
    let object: Value = serde_json::from_str(&as_json).unwrap();
    assert_eq!(
        (&object["id"], &object["state"]),
        (&json!(second), &json!("held"))
    );
    assert!(
        object.get("user").is_none() && object.get("score").is_none(),
        "{object}"
    );
}

fn shows_one(folder: &Path, url: &str, first: &str) {
    let shown = said(folder, url, &["show", first]);
    for part in [
        "COURSE_CONCLUDED",
        "what to do",
        "8 of 10",
        "422",
        "This course has concluded",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let as_json = said(folder, url, &["show", first, "--json"]);
    let object: Value = serde_json::from_str(&as_json).unwrap();
    assert_eq!(object["user"], "5");
}

#[cases("GR-26")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn deliveries_are_listed_shown_retried_and_cancelled() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let mut tool = application().await;
    tool["grades"] = json!({"delivery": "async"});
    let gateway = Gateway::start(folder, &tool);
    let url = gateway.url.clone();
    assert_eq!(said(folder, &url, &["list"]), "");
    let lms = Lms::start(Options::default()).await.unwrap();
    let (client_id, platform) = gateway.register(&lms).await;
    let ltik = gateway.ltik(&lms, &Launch::new(&client_id).teacher()).await;
    let concluded = ScoreRefusal::CanvasConcluded;
    let first = refused_score(&gateway, &lms, &ltik, "5", concluded).await;
    let second = refused_score(&gateway, &lms, &ltik, "6", ScoreRefusal::CanvasNoStudent).await;

    lists_both(folder, &url, &platform, [&first, &second]);
    shows_one(folder, &url, &first);

    // The server that runs does it.
    let told = said(folder, &url, &["retry", "--reason", "COURSE_CONCLUDED"]);
    assert_eq!(told, "1 delivery is tried now.\n");
    comes_to(&gateway, &first, &["delivered"]).await;
    let told = said(folder, &url, &["cancel", &second]);
    assert!(told.contains(&second), "{told}");
    assert_eq!(
        said(folder, &url, &["list", "--state", "cancelled"])
            .lines()
            .count(),
        1
    );
    said(folder, &url, &["retry", &second]);
    comes_to(&gateway, &second, &["delivered"]).await;
    let third = refused_score(&gateway, &lms, &ltik, "7", concluded).await;
    for (platform, number) in [
        ("elsewhere", "0 deliveries are"),
        (&*platform, "1 delivery is"),
    ] {
        let told = said(folder, &url, &["retry", "--platform", platform]);
        assert_eq!(told, format!("{number} tried now.\n"), "{platform}");
    }
    comes_to(&gateway, &third, &["delivered"]).await;

    for (args, says) in [
        (&["show", "nobody"][..], "nobody"),
        (&["cancel", first.as_str()], "has ended"),
        (&["retry"], "required arguments"),
        (&["list", "--state", "lost"], "superseded"),
    ] {
        let error = refused(command(folder, &url, args));
        assert!(error.contains(says), "{args:?}: {error}");
    }
    gateway.process.stop();
}
