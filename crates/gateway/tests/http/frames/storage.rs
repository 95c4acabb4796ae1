//! Launches that only the platform's storage binds: the browser blocks third-party cookies and
//! knows no partitioned ones (lti-testcases.md §8).

use test_case::cases;

use super::*;

/// What the LMS's page was asked and answered.
async fn said(chromium: &Chromium) -> Vec<String> {
    let script = "return [...document.querySelectorAll('#said li')].map(line => line.textContent)";
    let lines = chromium.run(Place::Page, script).await;
    let lines = lines.as_array().unwrap().iter();
    lines.map(|line| line.as_str().unwrap().to_owned()).collect()
}

#[cases("TC-165", "TC-167", "TC-181")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn canvas_keeps_the_value_in_a_frame_on_the_endpoints_origin() {
    let chromium = Chromium::start().await;
    let school = School::canvas(Browser::UnhurriedWithoutPartitioned).await;
    school.succeeds(&chromium, None).await;
    let lines = said(&chromium).await;
    let kinds = ["lti.put_data", "lti.get_data", "lti.get_data", "lti.put_data"];
    assert_eq!(lines.len(), kinds.len(), "{lines:?}");
    for (line, kind) in lines.iter().zip(kinds) {
        assert!(line.contains(&format!("\"{kind}\"")), "{line}");
    }
    // The last one cleans up.
    assert!(lines[3].ends_with("\"value\":null}"), "{}", lines[3]);
    // Four frames of one page at once.
    school.open(&chromium, 4, None).await;
    school.all_arrive(&chromium, 4).await;
    school.assert_bound(5, "platform storage").await;
    chromium.picture("four-frames").await;
}

#[cases("TC-164", "TC-174")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn blackboards_own_page_answers_and_is_named_at_login_only() {
    let chromium = Chromium::start().await;
    let school = School::start("blackboard", Browser::UnhurriedWithoutPartitioned).await;
    school.succeeds(&chromium, None).await;
    school.open(&chromium, 4, None).await;
    school.all_arrive(&chromium, 4).await;
    school.assert_bound(5, "platform storage").await;
}

#[cases("TC-172", "TC-173")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_meant_for_others_are_ignored() {
    let chromium = Chromium::start().await;
    for school in [
        School::canvas(Browser::UnhurriedWithoutPartitioned).await,
        School::start("blackboard", Browser::UnhurriedWithoutPartitioned).await,
    ] {
        for fault in [StorageFault::ForeignFirst, StorageFault::WrongIdFirst] {
            school.succeeds(&chromium, Some(fault)).await;
            let forged = said(&chromium).await;
            let forged = forged.iter().filter(|line| line.contains("\"forged\""));
            assert!(forged.count() >= 2, "{fault:?}: at login and at launch");
        }
        school.assert_bound(2, "platform storage").await;
    }
}

#[cases("TC-168", "TC-169", "TC-170", "TC-171")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_without_the_right_value_binds_nothing() {
    let chromium = Chromium::start().await;
    let school = School::canvas(Browser::UnhurriedWithoutPartitioned).await;
    for (fault, code) in [
        (StorageFault::OtherValueAtLaunch, "STORAGE_OTHER_VALUE"),
        (StorageFault::NullAtLaunch, "STORAGE_EMPTY"),
        (StorageFault::ErrorAtLaunch, "STORAGE_REFUSED"),
        (StorageFault::SilentAtLaunch, "STORAGE_NOT_ANSWERED"),
    ] {
        let said = school.fails(&chromium, Some(fault)).await;
        chromium.picture(&format!("storage-{}", fault.name())).await;
        assert!(said.contains("did not keep the cookie"), "{fault:?}: {said}");
        assert!(said.contains("open it again from your course"), "{fault:?}: {said}");
        // The login is used up: a window would end on the platform's error page.
        let count = "return document.querySelectorAll('form').length";
        assert_eq!(chromium.run(FRAMES[0], count).await, 0, "{fault:?}: {said}");
        // Anyone who looks after it finds out why by the reference that the person reads.
        let trace = school.gateway.newest("outcome=failed").await;
        assert_eq!(trace["reason"]["code"], code, "{fault:?}: {trace}");
        assert!(said.contains(trace["id"].as_str().unwrap()), "{said}");
    }
    assert_eq!(school.released().await, 0);
}

#[cases("TC-166", "TC-171", "TC-180")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_silent_page_costs_two_seconds_and_a_window_helps() {
    let chromium = Chromium::start().await;
    let school = School::canvas(Browser::WithoutPartitioned).await;
    for (fault, waits) in [
        (StorageFault::MissingFrame, false),
        (StorageFault::Error, false),
        (StorageFault::Null, false),
        (StorageFault::OtherValue, false),
        (StorageFault::Silent, true),
    ] {
        let said = school.fails(&chromium, Some(fault)).await;
        assert!(said.contains("in a new window"), "{fault:?}: {said}");
        let trace = school.gateway.newest("outcome=failed").await;
        assert_eq!(trace["reason"]["code"], "FRAME_WITHOUT_COOKIES", "{fault:?}: {trace}");
        let why = trace["reason"]["text"].as_str().unwrap();
        assert!(why.contains("keeps no value for us either, though it offered to"), "{why}");
        if waits {
            let age = chromium.run(Place::Page, "return performance.now()").await;
            assert!(age.as_f64().unwrap() >= 2000.0, "{fault:?}: {age} ms");
        }
        // The platform was not asked yet: its login can still be finished.
        chromium.click(FRAMES[0], OFFER).await;
        chromium.look_at_other_window().await;
        assert_eq!(chromium.text(Place::Page, WHO).await, "Sam Rivera, learner");
        chromium.close_window().await;
        // Once is all the platform allows.
        let said = chromium.text(FRAMES[0], ".opened").await;
        assert!(said.contains("go back to your course"), "{said}");
        assert_gone(&chromium).await;
    }
    school.assert_bound(5, "cookie").await;
}

/// Going back from the application never meets a page that was posted, which a browser can't show
/// again.
#[cases("TC-165")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_launch_by_storage_leaves_no_page_of_ours_behind() {
    let chromium = Chromium::start().await;
    let school = School::canvas(Browser::UnhurriedWithoutPartitioned).await;
    school.succeeds(&chromium, None).await;
    let how = chromium.run(FRAMES[0], "return navigation.activation.navigationType").await;
    assert_eq!(how, "replace");
}

/// Nothing asks for a click any more.
pub(super) async fn assert_gone(chromium: &Chromium) {
    let shown = "return [...document.querySelectorAll('.asks, form')].filter(one => one.checkVisibility()).length";
    assert_eq!(chromium.run(FRAMES[0], shown).await, 0);
}

/// No one has to click: the page that offers a window goes on by itself when it hears of the
/// platform's.
#[cases("C-28")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_that_is_busy_at_first_is_asked_again() {
    let chromium = Chromium::start().await;
    for school in [
        School::canvas(Browser::UnhurriedWithoutPartitioned).await,
        School::start("blackboard", Browser::UnhurriedWithoutPartitioned).await,
    ] {
        let fault = Some(StorageFault::SilentAtFirst);
        school.succeeds(&chromium, fault).await;
        school.assert_bound(1, "platform storage").await;
        let lines = said(&chromium).await;
        let asked = |subject: &str| {
            let subject = format!("\"{subject}\"");
            lines.iter().filter(|line| line.contains(&subject)).count()
        };
        // The last put cleans up.
        assert_eq!((asked("lti.put_data"), asked("lti.get_data")), (3, 2), "{lines:?}");
    }
}
