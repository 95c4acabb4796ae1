//! What a large roster costs the server. `scripts/bench --services` holds a release build to 50,000
//! members and some seconds; this is a debug build on a busy machine, which answers within the
//! minute that every request has.

use simulator::browser::Request;
use simulator::lms::{Launch, Lms, Options};
use simulator::people::{Person, Position};
use test_case::cases;

use crate::school::{API_KEY, Gateway, application};

const STUDENTS: usize = 10_000;
const PEAK_MB: u64 = 100;
/// What passing a page on may take: a part of it, not the whole and what is made of it.
const GROWTH_MB: u64 = 12;
/// Taking a roster holds the text of the answer, which is all members the first time, and hashes of
/// all.
const WHOLE_MB: u64 = 40;

#[cases("F-47")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_large_roster_takes_seconds_and_little_memory() {
    let folder = tempfile::tempdir().unwrap();
    let gateway = Gateway::start(folder.path(), &application().await);
    let lms = Lms::start(Options::default()).await.unwrap();
    for number in 0..STUDENTS {
        lms.add_person(student(number));
    }
    let (client_id, _) = gateway.register(&lms).await;
    let ltik = gateway.ltik(&lms, &Launch::new(&client_id).teacher()).await;
    let id = gateway.process.id();
    let before = peak_mb(id);
    for (method, path, growth) in [
        ("GET", "/api/memberships", GROWTH_MB),
        ("POST", "/api/memberships/sync", WHOLE_MB),
    ] {
        let url = format!("{}{path}", gateway.url);
        let request = Request::new(method.parse().unwrap(), &url).unwrap();
        let request = request.header("authorization", &format!("LTIK-AUTH-V2 {API_KEY}:{ltik}"));
        let asked = tokio::time::Instant::now();
        let page = gateway.browser.send(request).await.unwrap();
        let (took, peak) = (asked.elapsed(), peak_mb(id));
        let members = page.text().matches("\"userId\":").count();
        let figures = format!(
            "{path}: {}, {members} members, {took:?}, {before} to {peak} MB",
            page.status
        );
        assert!(page.status == 200 && members >= STUDENTS, "{figures}");
        assert!(peak - before <= growth, "{figures}");
        assert!(method == "POST" || peak <= PEAK_MB, "{figures}");
    }
    gateway.process.stop();
}

/// The most memory that a process had at any moment.
pub(crate) fn peak_mb(id: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .unwrap();
    let kib: u64 = line.split_whitespace().next().unwrap().parse().unwrap();
    kib * 1024 / 1_000_000
}

fn student(number: usize) -> Person {
    Person {
        id: format!("s{number}"),
        username: format!("student{number}"),
        given_name: "Ada".to_owned(),
        family_name: format!("Number {number}"),
        email: format!("student{number}@example.com"),
        sourcedid: format!("sis-{number}"),
        position: Position::Student,
    }
}
