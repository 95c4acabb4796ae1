//! The second try that `scripts/test` gives to a few tests that failed (decision 0317), with a
//! pretend cargo.

use std::fs;
use std::path::Path;
use std::process::Command;

use house::root;

/// The first time it prints the first log and fails. Asked for exact names, it prints what it was
/// asked and the second log, and ends with the code that it is told.
const CARGO: &str = r#"
case " $* " in
  *" --exact "*) echo "asked: $*"; cat second; exit "$1" ;;
  *) cat first; exit 101 ;;
esac
"#;

/// What cargo prints about one binary.
fn section(target: &str, failed: &[&str]) -> String {
    let mut log = "\nrunning 9 tests\ntest waits::begins ... ok\n\nfailures:\n\n".to_owned();
    for name in failed {
        log += &format!(
            "---- {name} stdout ----\na log\n\nthread '{name}' (7) panicked at waits.rs:3:5:\nit took too long\n\n"
        );
    }
    log += "\nfailures:\n";
    for name in failed {
        log += &format!("    {name}\n");
    }
    let count = failed.len();
    log + &format!(
        "\ntest result: FAILED. 1 passed; {count} failed; 0 ignored\n\nerror: test failed, to rerun pass `{target}`\n"
    )
}

/// How it ends.
fn targets(failed: &[&str]) -> String {
    let mut log = format!("error: {} targets failed:\n", failed.len());
    for target in failed {
        log += &format!("    `{target}`\n");
    }
    log
}

fn one() -> String {
    section("-p gateway --test http", &["waits::ends"]) + &targets(&["-p gateway --test http"])
}

/// What a run of tests came to that had a second try at hand.
struct Outcome {
    code: Option<i32>,
    printed: String,
    flaky: Option<String>,
}

/// The folder is named after the test.
fn run(test: &str, first: &str, second: &str, code: i32) -> Outcome {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join("first"), first).expect("the first log");
    fs::write(folder.join("second"), second).expect("the second log");
    let script = root()
        .join("scripts/second-try")
        .canonicalize()
        .expect("the script");
    let output = Command::new(script)
        .args(["logs", "sh", "-c", CARGO, "cargo", &code.to_string()])
        .current_dir(&folder)
        .output()
        .expect("bash");
    Outcome {
        code: output.status.code(),
        printed: String::from_utf8_lossy(&output.stdout).into_owned(),
        flaky: fs::read_to_string(folder.join("logs/flaky")).ok(),
    }
}

#[test]
fn who_holds_the_second_time_is_flaky() {
    let outcome = run("flaky", &one(), "test result: ok. 1 passed; 0 failed\n", 0);
    assert_eq!(outcome.code, Some(0), "{}", outcome.printed);
    let asked = "asked: 0 --test http -- --exact waits::ends\n";
    assert!(outcome.printed.contains(asked), "{}", outcome.printed);
    let flaky = "FLAKY: waits::ends (-p gateway --test http)\n    \
                 thread 'waits::ends' (7) panicked at waits.rs:3:5:\n    it took too long\n";
    assert_eq!(outcome.flaky.as_deref(), Some(flaky));
    assert!(outcome.printed.ends_with(flaky), "{}", outcome.printed);
}

#[test]
fn each_binary_is_asked_for_its_own() {
    let (http, lib) = ("-p gateway --test http", "-p store --lib");
    let log = section(http, &["waits::ends", "silence"]) + &section(lib, &["busy"]);
    let log = log + &targets(&[http, lib]);
    let outcome = run("own", &log, "test result: ok. 2 passed; 0 failed\n", 0);
    assert_eq!(outcome.code, Some(0), "{}", outcome.printed);
    for asked in [
        "asked: 0 --test http -- --exact waits::ends silence\n",
        "asked: 0 --lib -- --exact busy\n",
    ] {
        assert!(outcome.printed.contains(asked), "{}", outcome.printed);
    }
}

#[test]
fn who_fails_twice_has_failed() {
    let outcome = run("twice", &one(), "test result: FAILED. 0 passed\n", 101);
    assert_eq!(outcome.code, Some(101), "{}", outcome.printed);
    assert_eq!(outcome.flaky, None);
    let (_, last) = outcome
        .printed
        .split_once("==> failed again")
        .expect("a report");
    let said = "FAILED: waits::ends\n---- waits::ends\n    \
                thread 'waits::ends' (7) panicked at waits.rs:3:5:\n    it took too long\n";
    assert!(last.ends_with(said), "{last}");
}

#[test]
fn a_name_that_nothing_has_has_not_held() {
    let outcome = run(
        "unheard",
        &one(),
        "test result: ok. 0 passed; 0 failed\n",
        0,
    );
    assert_eq!(outcome.code, Some(101), "{}", outcome.printed);
}

#[test]
fn there_is_no_second_try_for_many_nor_for_a_crash() {
    let (http, program) = ("-p gateway --test http", "-p hallpass --test program");
    let many = section(http, &["a", "b", "c", "d"]) + &targets(&[http]);
    let crash = section(http, &["a"]) + &targets(&[http, program]);
    let comment = section("-p lti --doc", &["a"]) + &targets(&["-p lti --doc"]);
    for (test, log) in [("many", many), ("crash", crash), ("comment", comment)] {
        let outcome = run(test, &log, "test result: ok. 4 passed; 0 failed\n", 0);
        assert_eq!(outcome.code, Some(101), "{test}: {}", outcome.printed);
        assert!(!outcome.printed.contains("asked"), "{test}: asked again");
        assert!(outcome.printed.contains("FAILED: a\n"), "{test}: no report");
    }
    let outcome = run("compiler", "error[E0308]: mismatched types\n", "", 0);
    assert_eq!(outcome.code, Some(101));
    let report = "==> failed:\nerror[E0308]: mismatched types\n";
    assert!(outcome.printed.ends_with(report), "{}", outcome.printed);
}
