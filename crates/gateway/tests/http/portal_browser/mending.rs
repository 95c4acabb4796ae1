//! What went wrong is found, explained and mended: launches, grades, students.

use serde_json::json;
use simulator::browser::Browser;
use simulator::faults::ScoreRefusal;
use simulator::lms::Endpoint;
use test_case::cases;

use super::{BOTH, PortalWindow, Scripts};
use crate::platform_services::Course;
use crate::platform_services::background::graded;
use crate::registered::{Registered, login};
use crate::studyreel::{StudyReel, valid_with};
use crate::support::Store;
use crate::traces::reference;

#[cases("PO-2", "PO-7")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failing_launch_is_found_and_mended_by_its_button() {
    for scripts in BOTH {
        let school = Registered::new(Store::Sqlite).await;
        let window = PortalWindow::owner(&school.gateway, scripts).await;
        let path = format!("/admin/platforms/{}/deactivate", school.platform_id);
        school.gateway.admin("POST", &path, None).await;
        // It is refused at the login already.
        let refused = login(&school.lms, &Browser::new().unwrap(), &school.student()).await;
        let found = reference(&refused);

        // Home has the cause in words, and leads to it.
        window.open("/portal").await;
        window.follow("[aria-labelledby=worst] .rows .button").await;
        window.has(&[&found]).await;
        window.fill("#find", &found).await;
        window.follow("form.find button").await;
        assert_eq!(window.path().await, format!("/portal/failures/{found}"));
        window.has(&["Activate this platform", "Text for the teacher"]).await;
        if scripts == Scripts::On {
            window.press("[data-copy=answer]").await;
            let said = "document.querySelector('main > .vh[role=status]').textContent || null";
            window.chromium.wait(said, "nothing is said of what was copied").await;
        }
        window.follow(".note.bad form .primary").await;
        window.has(&["is active"]).await;
        school.accepts("mended", school.student()).await;
    }
}

#[cases("PO-2", "GR-26")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_grade_is_tried_again() {
    for scripts in BOTH {
        let course = Course::in_background(Store::Sqlite, json!({})).await;
        let window = PortalWindow::owner(&course.school.gateway, scripts).await;
        let refusal = ScoreRefusal::CanvasConcluded.fault();
        course.school.lms.faults().next(Endpoint::Scores, 1, refusal);
        let delivery = course.hand_in(graded("5", 7.0)).await;
        course.comes_to(&delivery["id"], "refused").await;

        window.open("/portal/deliveries").await;
        window.has(&["7 of 10", "Refused by the LMS"]).await;
        window.follow("main tbody th a").await;
        window.has(&["The course is over"]).await;
        let path = window.path().await;
        window.follow("main form .primary").await;
        window.has(&["It is tried again now."]).await;
        course.comes_to(&delivery["id"], "delivered").await;
        window.open(&path).await;
        window.has(&["Arrived"]).await;
    }
}

#[cases("PO-2")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_student_is_explained_previewed_and_erased() {
    for scripts in BOTH {
        let studyreel = StudyReel::start(Store::Sqlite).await;
        let launch = valid_with("ada@school.example", json!({"studyreel_grade_math": "4"}));
        studyreel.ok(&launch).await;
        let window = PortalWindow::owner(&studyreel.gateway, scripts).await;

        window.open("/portal/paths").await;
        window.fill("#knownGrade", "4").await;
        window.follow("form[action^='/portal/paths/preview'] button").await;
        let shown = "[aria-labelledby=preview] .facts";
        let shown = format!("document.querySelector({}).innerText", json!(shown));
        let shown = window.value(&shown).await;
        assert!(shown.as_str().unwrap().contains("4"), "{shown}");

        window.open("/portal/people").await;
        window.fill("#text", "ada@school.example").await;
        window.follow("main form[method=post] button").await;
        window.follow("main tbody th a").await;
        window.has(&["Ada Moss", "Where they stand, and why", "grade 4"]).await;
        window.follow("main .head a.danger").await;
        window.has(&["Erase this student?", "Ada Moss"]).await;
        window.follow("main form .danger.primary").await;
        window.has(&["The student is erased."]).await;
        window.lacks(&["Ada Moss", "ada@school.example"]).await;
    }
}
