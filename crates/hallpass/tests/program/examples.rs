//! The applications in `examples/`, each as its own runtime runs it.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use serde_json::json;
use simulator::browser::Browser;
use simulator::faults::Fault;
use simulator::lms::{Endpoint, Launch, Lms, Options};
use simulator::people::{Person, Position};
use simulator::profiles::Profile;

use crate::school::{API_KEY, Gateway};
use crate::support::{PATIENCE, own_port};

const EXAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples");
/// Enough that the roster has several pages.
const MORE_STUDENTS: usize = 60;

/// A student whose scores never get to Hallpass.
const OF_PROXY: &str = "502-by-a-proxy";

/// An example that runs. It is killed when this is dropped.
struct Example(Child);

impl Drop for Example {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Example {
    /// Starts it and waits until it listens. What it says goes into a file.
    async fn start(
        mut command: Command,
        file: &str,
        gateway: &str,
        port: u16,
        errors: &Path,
    ) -> Self {
        command.current_dir(Path::new(EXAMPLES).join(file).parent().unwrap());
        command
            .env("HALLPASS", gateway)
            .env("API_KEY", API_KEY)
            .env("PORT", port.to_string());
        let started = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(File::create(errors).unwrap())
            .spawn();
        let program = command.get_program().display();
        let mut child = started
            .unwrap_or_else(|error| panic!("{program}, which scripts/test installs: {error}"));
        let listens = async {
            while TcpStream::connect(("127.0.0.1", port)).is_err() {
                assert_eq!(child.try_wait().unwrap(), None, "{file} ended");
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(PATIENCE, listens).await.unwrap();
        Self(child)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_python_example_works() {
    works("python/app.py", |_, file| {
        let mut python = Command::new("python3");
        python.arg(file);
        python
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_node_example_works() {
    works("node/app.mjs", |_, file| {
        let mut node = Command::new("node");
        node.arg(file);
        node
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_php_example_works() {
    works("php/app.php", |port, file| {
        let mut php = Command::new("php");
        php.arg("-S").arg(format!("127.0.0.1:{port}")).arg(file);
        php
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_go_example_works() {
    // `go run` would leave its program behind.
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("example");
    let mut build = Command::new("go");
    build
        .arg("build")
        .arg("-o")
        .arg(&program)
        .arg("main.go")
        .current_dir(Path::new(EXAMPLES).join("go"));
    let built = build.status().expect("go, which scripts/test installs");
    assert!(built.success());
    works("go/main.go", |_, _| Command::new(&program)).await;
}

#[test]
fn every_example_has_at_most_sixty_lines() {
    for file in ["python/app.py", "node/app.mjs", "go/main.go", "php/app.php"] {
        let text = std::fs::read_to_string(Path::new(EXAMPLES).join(file)).unwrap();
        assert!(text.lines().count() <= 60, "{file}");
        // Nor does it hide more of them beyond the right edge.
        let longest = text.lines().map(|line| line.chars().count()).max();
        assert!(longest <= Some(140), "{file}: {longest:?}");
    }
}

async fn works(file: &str, command: impl FnOnce(u16, &Path) -> Command) {
    let (folder, port) = (tempfile::tempdir().unwrap(), own_port());
    let application = format!("http://127.0.0.1:{port}/launch");
    let gateway = Gateway::start(
        folder.path(),
        &json!({"name": "Quiz", "launchUrl": application}),
    );
    let command = command(port, Path::new(file).file_name().unwrap().as_ref());
    let errors = folder.path().join("errors.txt");
    let _example = Example::start(command, file, &proxy(&gateway.url), port, &errors).await;
    // Browsers open connections that they don't use yet, or never.
    let _silent = TcpStream::connect(("127.0.0.1", port)).unwrap();
    let mut profile = Profile::sakai();
    profile.services.lists.members_at_most = 50;
    let options = Options {
        profile,
        ..Options::default()
    };
    let lms = Lms::start(options).await.unwrap();
    for number in 0..MORE_STUDENTS {
        lms.add_person(student(number));
    }
    let (client_id, _) = gateway.register(&lms).await;

    let teacher = Launch::new(&client_id).teacher();
    let target = teacher
        .clone()
        .target(&format!("{}/lti/launch?quiz=7", gateway.url));
    let page = gateway.launch(&lms, &target).await;
    let text = page.text();
    for shown in [
        "Hello Maria Okafor",
        "here as instructor",
        "65 students",
        "Sam Rivera",
        "Number 59",
    ] {
        assert!(text.contains(shown), "{shown}: {text}");
    }
    assert!(
        text.contains("Ada &#38; &#60;b&#62;") || text.contains("Ada &amp; &lt;b&gt;"),
        "{text}"
    );
    let mut grading = page.form_to("/launch").unwrap();
    grading.set("user", "5");
    grading.set("score", "83");
    // In a browser that keeps nothing.
    let graded = Browser::new()
        .unwrap()
        .submit(&page, &grading)
        .await
        .unwrap();
    assert_eq!(graded.status, 200, "{}", graded.text());
    assert!(
        graded.text().contains("The grade is in the gradebook"),
        "{}",
        graded.text()
    );
    let score = || lms.line_items(&client_id)[0].scores["5"].score;
    assert_eq!(score(), Some(83.0));
    // A grade that isn't taken is called that, to the teacher and to the developer.
    let said = || std::fs::read_to_string(&errors).unwrap();
    assert!(!said().contains("The platform"), "{}", said());
    grading.set("user", "nobody");
    let refused = gateway.browser.submit(&page, &grading).await.unwrap();
    let text = refused.text();
    assert!(
        text.contains("The grade was not taken: ") && text.contains("65 students"),
        "{text}"
    );
    assert!(!text.contains("in the gradebook"), "{text}");
    assert!(said().contains("The platform refused"), "{}", said());
    // An empty field is no zero.
    grading.set("user", "5");
    for empty in ["", " "] {
        grading.set("score", empty);
        let ungraded = gateway.browser.submit(&page, &grading).await.unwrap();
        let text = ungraded.text();
        assert!(text.contains("The grade was not taken: "), "{text}");
        assert_eq!(score(), Some(83.0));
    }
    // A roster that can't be read takes nothing else along, and who has none isn't asked.
    let memberships = Endpoint::Memberships;
    lms.faults().set(memberships, Fault::Status(500));
    grading.set("score", "85");
    let unlisted = gateway.browser.submit(&page, &grading).await.unwrap();
    let text = unlisted.text();
    assert_eq!(unlisted.status, 200, "{text}");
    for shown in [
        "Hello Maria Okafor",
        "The grade is in the gradebook",
        "There is no roster: ",
    ] {
        assert!(text.contains(shown), "{shown}: {text}");
    }
    assert!(unlisted.form_to("/launch").is_none(), "{text}");
    assert_eq!(score(), Some(85.0));
    lms.faults().clear(memberships);
    let asked = lms.hits(memberships);
    let alone = target.clone().without("namesroleservice");
    let alone = gateway.launch(&lms, &alone).await;
    let text = alone.text();
    assert!(text.contains("here as instructor"), "{text}");
    assert!(!text.contains("There is no roster"), "{text}");
    assert_eq!((alone.status, lms.hits(memberships)), (200, asked));
    grading.set("score", "84");
    // What the proxy answers is no grade in the gradebook, nor is one of a link without a column.
    grading.set("user", OF_PROXY);
    let unanswered = gateway.browser.submit(&page, &grading).await.unwrap();
    let page = gateway.launch(&lms, &target.without("endpoint")).await;
    let mut grading = page.form_to("/launch").unwrap();
    grading.set("user", "5");
    grading.set("score", "100");
    let ungraded = gateway.browser.submit(&page, &grading).await.unwrap();
    for page in [unanswered, ungraded] {
        let text = page.text();
        assert_eq!(page.status, 200, "{text}");
        assert!(
            text.contains("The grade was not taken: ") && !text.contains("in the gradebook"),
            "{text}"
        );
        assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
    }

    let page = gateway.launch(&lms, &Launch::new(&client_id)).await;
    assert!(
        page.text().contains("here as learner") && page.form_to("/launch").is_none(),
        "{}",
        page.text()
    );
    // A student who writes the form themselves grades no one, nor does a stranger.
    let ltik = page
        .url
        .query_pairs()
        .find(|(name, _)| name == "ltik")
        .unwrap()
        .1
        .into_owned();
    let forged = [("ltik", &*ltik), ("user", "5"), ("score", "100")];
    gateway
        .browser
        .post_form(&application, &forged)
        .await
        .unwrap();
    let stranger = [("ltik", "a.b.c\r\nX: y"), ("user", "5"), ("score", "100")];
    let refused = gateway
        .browser
        .post_form(&application, &stranger)
        .await
        .unwrap();
    assert_eq!(refused.status, 403, "{}", refused.text());
    assert_eq!(gateway.browser.get(&application).await.unwrap().status, 403);
    let made_up = format!("{application}?ltik=a.b.c");
    assert_eq!(gateway.browser.get(&made_up).await.unwrap().status, 403);
    // Hallpass's own words, which a wrong key would have, too.
    assert!(said().contains("Invalid or expired ltik"), "{}", said());
    assert_eq!(score(), Some(85.0));
    gateway.process.stop();
}

/// A proxy before Hallpass, which answers this student's scores itself, without JSON. Gives its
/// address.
fn proxy(gateway: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let gateway = gateway.strip_prefix("http://").unwrap().to_owned();
    thread::spawn(move || {
        for client in listener.incoming() {
            let (client, gateway) = (client.unwrap(), gateway.clone());
            // Clients may leave at any time.
            thread::spawn(move || pass_on(client, &gateway));
        }
    });
    url
}

/// One request and its answer.
fn pass_on(client: TcpStream, gateway: &str) -> io::Result<()> {
    let mut client = BufReader::new(client);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if client.read_line(&mut head)? == 0 {
            return Ok(());
        }
    }
    let mut lines = head.trim_end().lines();
    let first = lines.next().unwrap();
    let (mut length, mut kept) = (0, Vec::new());
    for line in lines {
        let (name, value) = line.split_once(':').unwrap();
        match name.to_ascii_lowercase().as_str() {
            "host" | "connection" => continue,
            "content-length" => length = value.trim().parse().unwrap(),
            _ => {}
        }
        kept.push(line);
    }
    let mut body = vec![0; length];
    client.read_exact(&mut body)?;
    let mut client = client.into_inner();
    if String::from_utf8_lossy(&body).contains(OF_PROXY) {
        return client.write_all(
            b"HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nContent-Length: 7\r\nConnection: close\r\n\r\n<p>Gone",
        );
    }
    let mut server = TcpStream::connect(gateway)?;
    let kept = kept.join("\r\n");
    write!(
        server,
        "{first}\r\nHost: {gateway}\r\nConnection: close\r\n{kept}\r\n\r\n"
    )?;
    server.write_all(&body)?;
    io::copy(&mut server, &mut client)?;
    Ok(())
}

fn student(number: usize) -> Person {
    Person {
        id: format!("s{number}"),
        username: format!("student{number}"),
        given_name: "Ada & <b>".to_owned(),
        family_name: format!("Number {number}"),
        email: format!("student{number}@example.com"),
        sourcedid: format!("sis-{number}"),
        position: Position::Student,
    }
}
