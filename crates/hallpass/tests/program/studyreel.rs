//! StudyReel in the demo: the whole launch contract, and a student in a real browser.

use std::path::Path;

use serde_json::{Value, json};
use simulator::browser::{Browser, Page, Request};
use test_case::cases;

use crate::chromium::{Chromium, Place};
use crate::support::{Running, hallpass};

/// The running demo, as its guide tells of it.
struct Demo {
    running: Running,
    studyreel: String,
    app: String,
    gateway: String,
    api_key: String,
    /// What to type to check the launch contract, behind `hallpass simulate studyreel`: for
    /// StudyReel's launches, and for those of lti-magic-link.
    checks: Vec<Vec<String>>,
}

impl Demo {
    fn start(folder: &Path) -> Self {
        let mut running = Running::start(hallpass(folder, &["demo", "--port", "0"]));
        let mut guide = Vec::new();
        while guide.last().is_none_or(|line| line != "Ctrl-C stops it.") {
            guide.push(running.line());
        }
        let after = |start: &str| {
            let mut lines = guide
                .iter()
                .filter_map(|line| line.trim().strip_prefix(start));
            lines.next().unwrap().trim().to_owned()
        };
        let (_, api_key) = guide
            .iter()
            .find_map(|line| line.split_once("Authorization: Bearer "))
            .unwrap();
        Self {
            studyreel: after("Pretend StudyReel "),
            app: after("Sample application "),
            gateway: after("Hallpass "),
            api_key: api_key.trim_end_matches('\'').to_owned(),
            checks: guide
                .iter()
                .filter_map(|line| line.trim().strip_prefix("hallpass simulate studyreel "))
                .map(|typed| typed.split(' ').map(str::to_owned).collect())
                .collect(),
            running,
        }
    }

    /// Has the documentation's student launched; gives the login link.
    async fn launch(&self) -> String {
        let url = format!("{}sim/launch", self.studyreel);
        let student = json!({"studentId": "student@studyreel.com"});
        let answer = Browser::new().unwrap().post_json(&url, &student).await;
        let answer = answer.unwrap().json().unwrap();
        assert_eq!(answer["accepted"], true, "{answer}");
        answer["answer"]["loginLink"].as_str().unwrap().to_owned()
    }

    async fn patch_tool(&self, patch: &Value) {
        let url = format!("{}/admin/tool", self.gateway);
        let request = Request::new("PATCH".parse().unwrap(), &url).unwrap();
        let request = request
            .header("authorization", &format!("Bearer {}", self.api_key))
            .body("application/json", patch.to_string());
        let page = Browser::new().unwrap().send(request).await.unwrap();
        assert_eq!(page.status, 200, "{}", page.text());
    }
}

#[test]
fn cases_01_to_76_pass_against_the_demo() {
    let folder = tempfile::tempdir().unwrap();
    let demo = Demo::start(folder.path());
    assert_eq!(demo.checks.len(), 2);
    assert!(demo.checks[1][1].contains("/lti-magic-link/launch/"));
    for check in &demo.checks {
        let mut args = vec!["simulate", "studyreel"];
        args.extend(check.iter().map(String::as_str));
        all_76_pass(folder.path(), args);
    }
    demo.running.stop();
}

fn all_76_pass(folder: &Path, mut args: Vec<&str>) {
    let output = hallpass(folder, &args).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{said}{errors}");
    let (table, summary) = said.trim_end().rsplit_once('\n').unwrap();
    assert_eq!(
        summary, "76 cases: 76 passed, 0 failed, 0 not run",
        "{said}"
    );
    let mut numbers = Vec::new();
    for line in table.lines() {
        let (number, rest) = line.trim_start().split_once(' ').unwrap();
        numbers.push(number.parse::<u8>().unwrap());
        assert_eq!(rest.split_whitespace().nth(1), Some("pass"), "{line}");
    }
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=76).collect::<Vec<u8>>());
    assert_eq!(errors, "");

    // From outside alone no case fails; those that need a look inside say so.
    args.truncate(4);
    args.extend([
        "--case", "1", "--case", "30", "--case", "57", "--case", "69",
    ]);
    if args[3].contains("/lti-magic-link/") {
        args.extend(["--issuer", "alphalearn"]);
    }
    let output = hallpass(folder, &args).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{said}");
    assert!(said.contains("needs a look inside"), "{said}");
    assert!(
        said.ends_with("4 cases: 2 passed, 0 failed, 2 not run\n"),
        "{said}"
    );
}

async fn look(method: &str, link: &str, agent: &str) -> Page {
    let request = Request::new(method.parse().unwrap(), link).unwrap();
    let request = request.header("user-agent", agent).no_redirects();
    Browser::new().unwrap().send(request).await.unwrap()
}

/// Case 5 and case 69, both ways of studyreel.md §8: previews first, then the student in Chromium,
/// who ends on the application's page with the placement on it.
#[cases("STUDYREEL-05", "STUDYREEL-69")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_student_arrives_in_real_chromium_after_the_previews() {
    let folder = tempfile::tempdir().unwrap();
    let demo = Demo::start(folder.path());
    for way in ["get", "post"] {
        demo.patch_tool(&json!({"studyreel": {"redeem": way}}))
            .await;
        let link = demo.launch().await;
        for (method, agent) in [
            (
                "HEAD",
                "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
            ),
            (
                "GET",
                "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
            ),
            ("HEAD", "Mozilla/5.0"),
        ] {
            let seen = look(method, &link, agent).await;
            assert_eq!(
                seen.status,
                if method == "HEAD" { 405 } else { 200 },
                "{way} {agent}"
            );
        }
        let chromium = Chromium::start().await;
        chromium.open(&link).await;
        assert_eq!(
            chromium.text(Place::Page, "#name").await,
            "John Doe",
            "{way}"
        );
        assert_eq!(
            chromium.text(Place::Page, "#role").await,
            "Student",
            "{way}"
        );
        let table = chromium.text(Place::Page, "table").await;
        for words in [
            "Starts at grade 5, because StudyReel reports grade 5 for math; the MAP score of 190 RIT points to grade 3, so \
             a diagnostic comes first.",
            "Starts at grade 6, because StudyReel reports grade 6 for science",
            "age_grade",
        ] {
            assert!(table.contains(words), "{way}: {words}: {table}");
        }
        let url = chromium.url().await;
        assert!(
            url.starts_with(&format!("{}launch?", demo.app)) && url.contains("ltik="),
            "{way}: {url}"
        );
        let token = link.split_once("token=").unwrap().1;
        assert!(!url.contains(token), "{way}: {url}");
        // The same browser may ask again at once; no one else may.
        chromium.open(&link).await;
        assert_eq!(
            chromium.text(Place::Page, "#name").await,
            "John Doe",
            "{way}, again"
        );
        let stranger = Chromium::start().await;
        stranger.open(&link).await;
        // Not that of the page on the way.
        let heading = stranger
            .text(Place::Page, "main:not(:has(#continue)) h1")
            .await;
        assert_eq!(heading, "Please open the app again", "{way}");
    }
    demo.running.stop();
}
