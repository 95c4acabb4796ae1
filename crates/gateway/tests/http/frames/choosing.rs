//! Deep linking in real Chromium: from the LMS's dialog to the picker, back, and into what was
//! chosen (lti.md E), in the frame and in the window that is offered if frames keep no cookies.

use test_case::cases;

use super::*;
use crate::chromium::Cookies;

/// What the dialog says when it has the items.
const SELECTED: &str = "#selected:not(:empty)";
const QUIZ: &str = "#quiz";

impl School {
    /// The LMS's dialog that asks for content.
    async fn ask_for_content(&self, chromium: &Chromium) {
        let asking = self.student().deep_linking();
        chromium.open(&self.lms.page_url(&[asking], None).unwrap()).await;
    }

    /// The dialog has the quiz, and launches it afterwards in a frame.
    async fn has_the_quiz(&self, chromium: &Chromium) {
        let said = chromium.text(Place::Page, SELECTED).await;
        assert!(said.contains("1 item was put into the course"), "{said}");
        let link = self.lms.courses()[0].links.last().unwrap().clone();
        assert_eq!(link.title, "Quiz 7");
        let quiz = self.student().link("2", &link.id);
        chromium.open(&self.lms.page_url(&[quiz], None).unwrap()).await;
    }
}

#[cases("TC-264", "TC-267", "E-10")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn content_is_chosen_in_the_dialogs_frame_and_launched_there() {
    // Third-party cookies are blocked, as Debian's Chromium does.
    let chromium = Chromium::start().await;
    for school in [
        School::start("moodle", Browser::Modern).await,
        School::start("canvas", Browser::Modern).await,
    ] {
        school.ask_for_content(&chromium).await;
        chromium.click(FRAMES[0], QUIZ).await;
        school.has_the_quiz(&chromium).await;
        assert_eq!(chromium.text(FRAMES[0], WHO).await, "Quiz 7");
    }
}

#[cases("TC-267")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn content_is_chosen_in_a_frame_by_the_platforms_storage() {
    let chromium = Chromium::start_with(Cookies::None, &[]).await;
    let school = School::start("canvas", Browser::Modern).await;
    school.ask_for_content(&chromium).await;
    chromium.click(FRAMES[0], QUIZ).await;
    school.has_the_quiz(&chromium).await;
    assert_eq!(chromium.text(FRAMES[0], WHO).await, "Quiz 7");
}

#[cases("C-50", "TC-267")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_chosen_in_an_offered_window_goes_back_by_its_frame() {
    let chromium = Chromium::start().await;
    let school = School::start("moodle", Browser::WithoutPartitioned).await;
    school.ask_for_content(&chromium).await;
    chromium.click(FRAMES[0], OFFER).await;
    chromium.look_at_other_window().await;
    chromium.click(Place::Page, QUIZ).await;
    // The window closes by itself, and the frame has brought the choice home.
    chromium.other_window_closes().await;
    school.has_the_quiz(&chromium).await;
    let answers = school.lms.deep_linking_responses();
    assert_eq!(answers.len(), 1, "{answers:?}");
    assert!(!answers[0].lost && answers[0].problems.is_empty(), "{answers:?}");
}

#[cases("C-52")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_window_that_the_platform_opens_answers_by_itself() {
    let chromium = Chromium::start().await;
    let school = School::start("brightspace", Browser::Modern).await;
    let asking = Launch { window: true, ..school.student().deep_linking() };
    chromium.open(&school.lms.page_url(&[asking], None).unwrap()).await;
    chromium.click(Place::Page, "#open-1").await;
    chromium.look_at_other_window().await;
    chromium.click(Place::Page, QUIZ).await;
    let said = chromium.text(Place::Page, "#chosen").await;
    assert!(said.contains("1 item was put into the course"), "{said}");
    assert_eq!(school.lms.courses()[0].links.last().unwrap().title, "Quiz 7");
}
