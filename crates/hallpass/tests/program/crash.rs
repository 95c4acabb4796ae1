//! Crashes at the worst moments: between the platform's answer and our commit (lti.md D-23), and
//! while the secret key is written.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use simulator::browser::{Browser, Page, Request};
use simulator::faults::Fault;
use simulator::lms::{Endpoint, Lms, Options};

use crate::support::{PATIENCE, Running, hallpass, own_port};
#[cfg(target_os = "linux")]
use crate::support::{after, refused};

const API_KEY: &str = "test-api-key-0123456789";

fn serve(folder: &Path, listen: &str) -> Command {
    let url = format!("http://{listen}");
    let tool = r#"{"name": "Quiz", "launchUrl": "http://127.0.0.3:9/"}"#;
    let args = [
        "serve",
        "--listen",
        listen,
        "--public-url",
        &url,
        "--bootstrap-api-key",
        API_KEY,
        "--tool",
        tool,
    ];
    hallpass(folder, &args)
}

async fn register(lms: &Lms, url: &str) -> Page {
    let start = lms
        .begin_registration(&format!("{url}/lti/register"))
        .unwrap();
    Browser::new().unwrap().get(&start.url).await.unwrap()
}

async fn platforms(url: &str) -> usize {
    let request = Request::new("GET".parse().unwrap(), &format!("{url}/admin/platforms"))
        .unwrap()
        .header("authorization", &format!("Bearer {API_KEY}"));
    let page = Browser::new().unwrap().send(request).await.unwrap();
    page.json().unwrap()["platforms"].as_array().unwrap().len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_registration_cut_off_by_a_crash_is_reported() {
    const CUT_OFF: &str = "An earlier registration was cut off";
    let folder = tempfile::tempdir().unwrap();
    let listen = format!("127.0.0.2:{}", own_port());
    let url = format!("http://{listen}");
    let lms = Lms::start(Options::default()).await.unwrap();
    let mut server = Running::start(serve(folder.path(), &listen));
    server.line();

    // The platform has stored the tool and is telling us so, a byte a second.
    let slowly = Fault::Drip {
        bytes: 1,
        pause: Duration::from_secs(1),
    };
    lms.faults().next(Endpoint::Registration, 1, slowly);
    let start = lms
        .begin_registration(&format!("{url}/lti/register"))
        .unwrap();
    let trying = tokio::spawn(async move { Browser::new().unwrap().get(&start.url).await });
    let stored = async {
        while lms.tools().is_empty() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(PATIENCE, stored).await.unwrap();
    // This kills it outright.
    drop(server);
    assert!(
        trying.await.unwrap().is_err(),
        "it was faster than the crash"
    );

    let mut server = Running::start(serve(folder.path(), &listen));
    server.line();
    assert_eq!(platforms(&url).await, 0);
    let page = register(&lms, &url).await;
    assert_eq!(page.status, 200, "{}", page.text());
    assert!(page.text().contains(CUT_OFF), "{}", page.text());
    assert_eq!((platforms(&url).await, lms.tools().len()), (1, 2));
    // It is shown once.
    let page = register(&lms, &url).await;
    assert!(
        page.status == 200 && !page.text().contains(CUT_OFF),
        "{}",
        page.text()
    );
    server.stop();
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crash_while_the_secret_key_is_written_leaves_none() {
    use std::os::unix::process::ExitStatusExt;
    const SIGXFSZ: i32 = 25;
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("hallpass-data");
    let database = crate::kills::database().await;
    let listen = ["serve", "--listen", "127.0.0.1:0", "--database-url"];
    let serve = || hallpass(folder.path(), &[&listen[..], &[&database]].concat());
    let names = || {
        let entries = std::fs::read_dir(&data).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.collect::<Vec<_>>()
    };
    // The system kills a process that writes to a file, and the first that is written here is the
    // key.
    let killed = after("ulimit -f 0", &serve()).output().unwrap();
    assert_eq!(killed.status.signal(), Some(SIGXFSZ), "{killed:?}");
    let left = names();
    assert!(
        left.len() == 1 && left[0].starts_with("secret_key.new-"),
        "it died later, or elsewhere: {left:?}"
    );
    // If it learns of the full disk, it tidies up.
    let error = refused(after("trap '' XFSZ; ulimit -f 0", &serve()));
    assert!(
        error.contains("hallpass-data/secret_key") && error.contains("No room is left"),
        "{error}"
    );
    assert_eq!(names(), left);
    for _ in 0..2 {
        let mut server = Running::start(serve());
        server.line();
        server.stop();
        let key = std::fs::read_to_string(data.join("secret_key")).unwrap();
        assert_eq!(key.trim().len(), 64, "{key}");
    }
}
