//! `hallpass demo`.

use simulator::browser::Browser;

use crate::support::{Running, get, hallpass};
use crate::traces::stranger;

/// Every step of the walk, in order.
const STEPS: [&str; 18] = [
    "start Hallpass, both simulators and the application",
    "register with the pretend LMS: the page says who activates it",
    "switch the tool on in the LMS",
    "not active in Hallpass yet: the launch is refused",
    "activate the LMS on the application's page Platforms",
    "launch as a teacher: name, course and role",
    "launch as a student: name, course and role",
    "the same token once more: refused",
    "list the course's roster: two teachers, five students",
    "select content as a teacher: the picker, and back into the course",
    "launch what was selected as a student",
    "grade the student: 4 of 5 in the LMS's gradebook, and the student sees it arrive",
    "StudyReel launches a new student: the five members",
    "open the login link: where the student starts",
    "open the same link again: refused",
    "StudyReel launches the student again: existing",
    "open the demo's home page: its four steps are ticked",
    "stop, and leave nothing behind",
];

#[test]
fn the_walk_holds_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let output = hallpass(folder.path(), &["demo", "--check"])
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{said}{errors}");
    let lines: Vec<&str> = said.lines().collect();
    for (line, step) in lines.iter().zip(STEPS) {
        assert!(line.starts_with(&format!("ok   {step} ")), "{line}");
        assert!(line.ends_with(" ms"), "{line}");
    }
    assert_eq!(lines.len(), STEPS.len() + 1, "{said}");
    assert!(
        lines[STEPS.len()].starts_with("all 18 steps held, in "),
        "{said}"
    );
    assert_eq!(errors, "", "nothing to complain about");
    assert_eq!(
        folder.path().read_dir().unwrap().count(),
        0,
        "something was left behind"
    );
}

#[test]
fn a_walk_that_fails_says_where_and_why() {
    let folder = tempfile::tempdir().unwrap();
    // Someone else has the first of its ports.
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let args = ["demo", "--check", "--port", &port];
    let output = hallpass(folder.path(), &args).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    let lines: Vec<&str> = said.lines().collect();
    assert!(
        lines[0].starts_with(&format!("FAIL {} ", STEPS[0])),
        "{said}"
    );
    assert!(lines[1].contains(&format!("127.0.0.1:{port}")), "{said}");
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(errors.contains(STEPS[0]), "{errors}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_says_what_to_click_and_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let mut running = Running::start(hallpass(folder.path(), &["demo", "--port", "0"]));
    let mut addresses = Vec::new();
    loop {
        let line = running.line();
        if line == "Ctrl-C stops it." {
            break;
        }
        for name in [
            "Home page ",
            "Pretend LMS ",
            "Sample application ",
            "Pretend StudyReel ",
            "Hallpass ",
        ] {
            if let Some(url) = line.trim_start().strip_prefix(name) {
                addresses.push(url.trim().trim_end_matches('/').to_owned());
            }
        }
    }
    assert_eq!(addresses.len(), 5, "{addresses:?}");
    for url in &addresses[..4] {
        assert_eq!(get(url, "/"), "HTTP/1.1 200 OK", "{url}");
    }
    assert_eq!(get(&addresses[4], "/readyz"), "HTTP/1.1 204 No Content");
    // What strangers can't do at the application.
    assert_eq!(get(&addresses[2], "/launch"), "HTTP/1.1 401 Unauthorized");
    assert_eq!(
        get(&addresses[2], "/launch?ltik=a%0D%0Ab"),
        "HTTP/1.1 401 Unauthorized"
    );
    // Where the Wire of the pretend LMS links to.
    let reference = stranger(&addresses[4]).await;
    let trace = format!("{}/traces/{reference}", addresses[2]);
    let trace = Browser::new().unwrap().get(&trace).await.unwrap();
    for shown in [
        "Trace: login failed",
        "Register the platform",
        "PLATFORM_UNREGISTERED",
    ] {
        assert!(trace.text().contains(shown), "{shown}: {}", trace.text());
    }
    assert_eq!(get(&addresses[2], "/traces/none"), "HTTP/1.1 404 Not Found");
    assert_eq!(folder.path().read_dir().unwrap().count(), 1);
    running.stop();
    assert_eq!(
        folder.path().read_dir().unwrap().count(),
        0,
        "something was left behind"
    );
}
