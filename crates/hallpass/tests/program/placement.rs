//! `hallpass placement explain`, and learning paths of `hallpass.toml`.

use std::path::Path;
use std::process::Stdio;

use serde_json::{Value, json};
use simulator::browser::{Browser, Page, Request};
use simulator::studyreel::PRINTED_EXAMPLE;

use crate::support::{Running, hallpass, own_port, refused};

const KEY: &str = "program-test-key-0123456789";

const PATHS: &str = "\n[[learning_paths]]\nid = \"numbers\"\nsubject = \"math\"\ngrades = {from = 1, to = 4}\n\
    diagnosticEntry = \"math-check\"\nweeklyGoal = {minutes = 60}\n[learning_paths.entryPoints]\n3 = \"unit-3\"\n";

/// What it says on standard output, and on standard error.
fn explain(folder: &Path, args: &[&str], input: &str) -> (String, String) {
    std::fs::write(folder.join("input"), input).unwrap();
    let mut command = hallpass(folder, &["placement", "explain"]);
    let input = std::fs::File::open(folder.join("input")).unwrap();
    let output = command
        .args(args)
        .stdin(Stdio::from(input))
        .output()
        .unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{errors}");
    (String::from_utf8(output.stdout).unwrap(), errors)
}

async fn ask(url: &str, method: &str, path: &str, body: &Value) -> Page {
    let request = Request::new(method.parse().unwrap(), &format!("{url}{path}")).unwrap();
    let request = request
        .header("authorization", &format!("Bearer {KEY}"))
        .body("application/json", body.to_string());
    Browser::new().unwrap().send(request).await.unwrap()
}

#[test]
fn before_the_first_start_the_settings_alone_explain() {
    let folder = tempfile::tempdir().unwrap();
    let (said, errors) = explain(folder.path(), &["-"], PRINTED_EXAMPLE);
    assert!(errors.contains("by the settings alone"), "{errors}");
    for line in [
        "math: grade 5, with a diagnostic first",
        "  StudyReel's grade  5: decided",
        "  MAP score          190: points to grade 3; in conflict with what decided: 2 grades or more apart",
        "  Age grade          5: not needed",
        "reading: grade 5, and a diagnostic is recommended",
        "  StudyReel's grade  \"null\": unknown",
        "Paths:  the standard ones; none were defined.",
        "Version hallpass-1 nwea-2025.1 sr-first conflict=2 cap=8. Nothing was stored.",
    ] {
        assert!(said.lines().any(|said| said == line), "{line}: {said}");
    }
    assert!(said.contains(
        "Norms:  NWEA MAP Growth norms, 2025 (nwea-2025.1), published by NWEA. NWEA MAP Growth 2025 student norms"
    ));
    // Flags say the same in fewer words, and more than a file.
    std::fs::write(folder.path().join("launch.json"), r#"{"age_grade": "7"}"#).unwrap();
    let args = [
        "launch.json",
        "--age-grade",
        "abc",
        "--rit",
        "math=190",
        "--grade",
        "reading=-1",
    ];
    let (said, _) = explain(folder.path(), &args, "");
    for line in [
        "math: grade 3",
        "  StudyReel's grade  not sent",
        "  MAP score          190: points to grade 3; decided",
        "  Age grade          \"abc\": The value could not be read and counts as unknown.",
        "language: kindergarten, with a diagnostic first",
        "  Nothing is known   the path's lowest grade decided",
        "reading: kindergarten",
    ] {
        assert!(said.lines().any(|said| said == line), "{line}: {said}");
    }
    assert!(
        said.contains("pre-kindergarten is not among them"),
        "{said}"
    );
    for (args, words) in [
        (vec![], "--age-grade"),
        (vec!["--grade", "art=5"], "the subjects are math"),
        (vec!["nothing.json"], "nothing.json can't be read"),
    ] {
        let mut command = hallpass(folder.path(), &["placement", "explain"]);
        command.args(args);
        let error = refused(command);
        assert!(error.contains(words), "{words}: {error}");
    }
}

#[test]
fn a_flag_reads_a_file_as_tolerantly_as_no_flag() {
    let folder = tempfile::tempdir().unwrap();
    for launch in [
        "\u{feff}{\"age_grade\": \"7\"}",
        r#"{"age_grade": "7", "given_name": "Ada \ud83d"}"#,
        r#"{"age_grade": "7", "map_rit_reading": 1e999}"#,
    ] {
        let (said, _) = explain(folder.path(), &["-", "--grade", "math=5"], launch);
        for line in [
            "  StudyReel's grade  5: decided",
            "  Age grade          7: not needed",
        ] {
            assert!(said.lines().any(|said| said == line), "{launch}: {said}");
        }
    }
    for launch in ["hello", "[]", "7", ""] {
        let told = |args: &[&str]| {
            std::fs::write(folder.path().join("launch.json"), launch).unwrap();
            let mut command = hallpass(folder.path(), &["placement", "explain", "launch.json"]);
            command.args(args);
            refused(command)
        };
        let error = told(&["--grade", "math=5"]);
        let last = |text: &str| text.lines().last().map(str::to_owned);
        assert_eq!(last(&error), last(&told(&[])), "{launch}");
        assert!(
            error.contains("the launch can't be read: "),
            "{launch}: {error}"
        );
        assert!(!error.contains("line 1 column"), "{launch}: {error}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn beside_a_server_it_says_what_the_preview_says() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let listen = format!("127.0.0.2:{}", own_port());
    let url = format!("http://{listen}");
    let settings = format!(
        "listen = \"{listen}\"\npublic_url = \"{url}\"\ndata_dir = \"data\"\nbootstrap_api_key = \"{KEY}\"\n\
         [tool]\nlaunchUrl = \"http://127.0.0.3:9/\"\n{PATHS}"
    );
    std::fs::write(folder.join("hallpass.toml"), &settings).unwrap();
    let mut server = Running::start(hallpass(folder, &["serve"]));
    server.line();
    let reading = json!({"id": "books", "subject": "reading", "grades": ["K", 1]});
    assert_eq!(
        ask(&url, "POST", "/admin/learning-paths", &reading)
            .await
            .status,
        201
    );
    let rule = json!({"studyreel": {"placement": {"precedence": "rit-first"}}});
    assert_eq!(ask(&url, "PATCH", "/admin/tool", &rule).await.status, 200);

    let (said, errors) = explain(folder, &["-"], PRINTED_EXAMPLE);
    assert_eq!(errors, "");
    for line in [
        "math: grade 3, with a diagnostic first",
        "  StudyReel's grade  5: in conflict with what decided: 2 grades or more apart",
        "  Path               \"numbers\" (math), which offers the grades 1 2 3 4",
        "  Begins at          math-check",
        "  Weekly goal        {\"minutes\":60}",
        "reading: grade 1, and a diagnostic is recommended",
        "Paths:  1 of the setting learning_paths, 1 of /admin/learning-paths.",
    ] {
        assert!(said.lines().any(|said| said == line), "{line}: {said}");
    }
    let (json, _) = explain(folder, &["-", "--json"], PRINTED_EXAMPLE);
    let example: Value = serde_json::from_str(PRINTED_EXAMPLE).unwrap();
    let preview = ask(&url, "POST", "/admin/placement/preview", &example).await;
    let preview = preview.json().unwrap();
    assert_eq!(serde_json::from_str::<Value>(&json).unwrap(), preview);
    assert_eq!(preview["placement"].as_array().unwrap().len(), 2);
    server.stop();
}

#[test]
fn a_wrong_learning_path_stops_the_start_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let settings = PATHS.replace("to = 4", "to = 40");
    std::fs::write(folder.path().join("hallpass.toml"), settings).unwrap();
    let error = refused(hallpass(folder.path(), &["serve"]));
    assert_eq!(
        error.trim(),
        "hallpass: the setting learning_paths (hallpass.toml, line 5) is wrong: learning path 1 (\"numbers\"): 'grades' \
         must take grades: -1 (PreK), 0 (K), 1 to 13"
    );
}
