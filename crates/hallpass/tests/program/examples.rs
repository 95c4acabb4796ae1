//! The applications in `examples/`, each as its own runtime runs it.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use serde_json::json;
use simulator::browser::{Browser, Form, Page};
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
    let lms = a_big_school().await;
    let (client_id, _) = gateway.register(&lms).await;
    let target = format!("{}/lti/launch?quiz=7", gateway.url);
    let school = School {
        teacher: Launch::new(&client_id).teacher().target(&target),
        gateway,
        lms,
        client_id,
        application,
        errors,
    };

    let page = school.shows_the_course_to_the_teacher().await;
    let mut grading = page.form_to("/launch").unwrap();
    school.grades(&page, &mut grading).await;
    school.refuses_grades(&page, &mut grading).await;
    school.grades_without_a_roster(&page, &mut grading).await;
    school.takes_no_other_answer(&page, &mut grading).await;
    school.lets_only_teachers_grade().await;
    school.gateway.process.stop();
}

/// An LMS like Sakai with more students than a page of the roster has.
async fn a_big_school() -> Lms {
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
    lms
}

/// A school that uses an example.
struct School {
    gateway: Gateway,
    lms: Lms,
    client_id: String,
    /// Where the example's launches arrive.
    application: String,
    /// The file with what the example says.
    errors: PathBuf,
    /// A teacher's launch of quiz 7.
    teacher: Launch,
}

impl School {
    fn said(&self) -> String {
        std::fs::read_to_string(&self.errors).unwrap()
    }

    /// The score of student 5.
    fn score(&self) -> Option<f64> {
        self.lms.line_items(&self.client_id)[0].scores["5"].score
    }

    async fn submit(&self, page: &Page, form: &Form) -> Page {
        self.gateway.browser.submit(page, form).await.unwrap()
    }

    async fn shows_the_course_to_the_teacher(&self) -> Page {
        let page = self.gateway.launch(&self.lms, &self.teacher).await;
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
        page
    }

    async fn grades(&self, page: &Page, grading: &mut Form) {
        grading.set("user", "5");
        grading.set("score", "83");
        // In a browser that keeps nothing.
        let browser = Browser::new().unwrap();
        let graded = browser.submit(page, grading).await.unwrap();
        assert_eq!(graded.status, 200, "{}", graded.text());
        assert!(
            graded.text().contains("The grade is in the gradebook"),
            "{}",
            graded.text()
        );
        assert_eq!(self.score(), Some(83.0));
    }

    /// A grade that isn't taken is called that, to the teacher and to the developer.
    async fn refuses_grades(&self, page: &Page, grading: &mut Form) {
        assert!(!self.said().contains("The platform"), "{}", self.said());
        grading.set("user", "nobody");
        let text = self.submit(page, grading).await.text();
        assert!(
            text.contains("The grade was not taken: ") && text.contains("65 students"),
            "{text}"
        );
        assert!(!text.contains("in the gradebook"), "{text}");
        assert!(
            self.said().contains("The platform refused"),
            "{}",
            self.said()
        );
        // An empty field is no zero.
        grading.set("user", "5");
        for empty in ["", " "] {
            grading.set("score", empty);
            let text = self.submit(page, grading).await.text();
            assert!(text.contains("The grade was not taken: "), "{text}");
            assert_eq!(self.score(), Some(83.0));
        }
    }

    /// A roster that can't be read takes nothing else along, and who has none isn't asked.
    async fn grades_without_a_roster(&self, page: &Page, grading: &mut Form) {
        let memberships = Endpoint::Memberships;
        self.lms.faults().set(memberships, Fault::Status(500));
        grading.set("score", "85");
        let unlisted = self.submit(page, grading).await;
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
        assert_eq!(self.score(), Some(85.0));
        self.lms.faults().clear(memberships);
        let asked = self.lms.hits(memberships);
        let alone = self.teacher.clone().without("namesroleservice");
        let alone = self.gateway.launch(&self.lms, &alone).await;
        let text = alone.text();
        assert!(text.contains("here as instructor"), "{text}");
        assert!(!text.contains("There is no roster"), "{text}");
        assert_eq!((alone.status, self.lms.hits(memberships)), (200, asked));
    }

    /// What the proxy answers is no grade in the gradebook, nor is one of a link without a column.
    async fn takes_no_other_answer(&self, page: &Page, grading: &mut Form) {
        grading.set("score", "84");
        grading.set("user", OF_PROXY);
        let unanswered = self.submit(page, grading).await;
        let no_column = self.teacher.clone().without("endpoint");
        let page = self.gateway.launch(&self.lms, &no_column).await;
        let mut grading = page.form_to("/launch").unwrap();
        grading.set("user", "5");
        grading.set("score", "100");
        let ungraded = self.submit(&page, &grading).await;
        for page in [unanswered, ungraded] {
            let text = page.text();
            assert_eq!(page.status, 200, "{text}");
            assert!(
                text.contains("The grade was not taken: ") && !text.contains("in the gradebook"),
                "{text}"
            );
            assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
        }
    }

    /// A student who writes the form themselves grades no one, nor does a stranger.
    async fn lets_only_teachers_grade(&self) {
        let learner = Launch::new(&self.client_id);
        let page = self.gateway.launch(&self.lms, &learner).await;
        assert!(
            page.text().contains("here as learner") && page.form_to("/launch").is_none(),
            "{}",
            page.text()
        );
        let (browser, application) = (&self.gateway.browser, &self.application);
        let mut parameters = page.url.query_pairs();
        let ltik = parameters.find(|(name, _)| name == "ltik").unwrap().1;
        let forged = [("ltik", &*ltik), ("user", "5"), ("score", "100")];
        browser.post_form(application, &forged).await.unwrap();
        let stranger = [("ltik", "a.b.c\r\nX: y"), ("user", "5"), ("score", "100")];
        let refused = browser.post_form(application, &stranger).await.unwrap();
        assert_eq!(refused.status, 403, "{}", refused.text());
        assert_eq!(browser.get(application).await.unwrap().status, 403);
        let made_up = format!("{application}?ltik=a.b.c");
        assert_eq!(browser.get(&made_up).await.unwrap().status, 403);
        // Hallpass's own words, which a wrong key would have, too.
        assert!(
            self.said().contains("Invalid or expired ltik"),
            "{}",
            self.said()
        );
        assert_eq!(self.score(), Some(85.0));
    }
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
