//! What each vendor's gradebook does with scores (grades.md §1), and the oracle that counts harm.
#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

mod support;

use serde_json::{Value, json};
use simulator::{
    browser::Page,
    faults::Fault,
    lms::{Endpoint, HarmKind, Launch, Ledger, Lms, Options, ScoreRecord, SentWork, claim_name},
    profiles::Profile,
};
use support::{FakeTool, call};

const SCORE: &str = "application/vnd.ims.lis.v1.score+json";
const RESULTS: &str = "application/vnd.ims.lis.v2.resultcontainer+json";
const MEMBERS: &str = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json";
const SUBMISSION: &str = "https://canvas.instructure.com/lti/submission";

/// A tool with the line item of the first link, and what it may ask with.
struct Class {
    lms: Lms,
    token: String,
    item: u64,
    url: String,
    roster: String,
}

impl Class {
    async fn at(profile: Profile) -> Self {
        let options = Options {
            profile,
            ..Options::default()
        };
        let (lms, _, registered) = FakeTool::at(options).await;
        let claims = lms.claims(&Launch::new(&registered.client_id)).unwrap();
        let text = |claim: &str, member: &str| {
            let text = claims[claim_name(claim)][member].as_str();
            text.unwrap_or_default().to_owned()
        };
        Self {
            token: lms.access_token(&registered.client_id).unwrap(),
            item: lms.line_items(&registered.client_id)[0].id,
            url: text("endpoint", "lineitem"),
            roster: text("namesroleservice", "context_memberships_url"),
            lms,
        }
    }

    /// A final score of the student 5, so many seconds after now by the LMS's clock.
    fn score(&self, given: f64, seconds: i64) -> Value {
        let now = self.lms.clock().now();
        let at = jiff::SignedDuration::from_secs(seconds);
        json!({
            "userId": "5", "scoreGiven": given, "scoreMaximum": 100, "activityProgress": "Completed",
            "gradingProgress": "FullyGraded", "timestamp": now.saturating_add(at).unwrap().to_string(),
        })
    }

    async fn post(&self, score: &Value) -> Page {
        let url = self.url.replace("/lineitem?", "/lineitem/scores?");
        call("POST", &url, &self.token, SCORE, Some(score)).await
    }

    /// Posts what must be taken.
    async fn takes(&self, score: &Value) {
        let page = self.post(score).await;
        assert_eq!(page.status, 200, "{score}: {}", page.text());
    }

    /// Posts what must be refused.
    async fn refuses(&self, score: &Value, status: u16, words: &str) {
        let page = self.post(score).await;
        let text = page.text();
        assert!(
            page.status == status && text.contains(words),
            "{}: {text}",
            page.status
        );
    }

    async fn results(&self, query: &str) -> Page {
        let url = self.url.replace("/lineitem?", "/lineitem/results?");
        call("GET", &format!("{url}{query}"), &self.token, RESULTS, None).await
    }

    fn grade(&self) -> ScoreRecord {
        self.lms.gradebook().grade(self.item, "5").unwrap()
    }

    /// What is wrong if these were sent for the student 5.
    fn harm(&self, works: &[SentWork]) -> Vec<HarmKind> {
        let mut ledger = Ledger::default();
        for work in works {
            ledger.sent(self.item, "5", work.clone());
        }
        let harms = self.lms.gradebook().harm(&ledger);
        harms.iter().map(|harm| harm.kind).collect()
    }
}

/// The score with these members of Canvas's own.
fn submitting(mut score: Value, members: Value) -> Value {
    score[SUBMISSION] = members;
    score
}

/// The score as a message of progress alone.
fn without_score(mut score: Value, grading: &str) -> Value {
    for member in ["scoreGiven", "scoreMaximum"] {
        score.as_object_mut().unwrap().shift_remove(member);
    }
    score["gradingProgress"] = grading.into();
    score
}

#[tokio::test]
async fn which_times_are_too_early_differs() {
    for (profile, earlier, same) in [
        (Profile::moodle(), 409, 409),
        (Profile::canvas(), 400, 200),
        (Profile::openedx(), 400, 400),
        (Profile::schoology(), 409, 409),
        (Profile::sakai(), 200, 200),
    ] {
        let name = profile.name;
        let class = Class::at(profile).await;
        let first = class.score(10.0, 0);
        class.takes(&first).await;
        assert_eq!(
            class.post(&first).await.status,
            same,
            "{name}: the same time"
        );
        let old = class.score(20.0, -60);
        assert_eq!(class.post(&old).await.status, earlier, "{name}: earlier");
        class.takes(&class.score(30.0, 2)).await;
        assert_eq!(class.grade().score, Some(30.0), "{name}");
    }
}

#[tokio::test]
async fn moodle_counts_whole_seconds_from_the_last_saving() {
    let class = Class::at(Profile::moodle()).await;
    class.takes(&class.score(10.0, 30)).await;
    // The last score's own time is ahead and doesn't count; a teacher's saving does.
    class.takes(&class.score(20.0, 2)).await;
    class
        .lms
        .gradebook()
        .grade_by_hand(class.item, "5", 90.0)
        .unwrap();
    class
        .refuses(&class.score(30.0, -1), 409, "earlier timestamp")
        .await;
    assert_eq!(class.grade().score, Some(90.0));
}

#[tokio::test]
async fn canvas_takes_a_grade_away_with_a_message_of_progress() {
    for grading in ["Pending", "NotReady", "Failed"] {
        let class = Class::at(Profile::canvas()).await;
        class.takes(&class.score(75.0, 0)).await;
        // Even with a score in it.
        let mut message = class.score(75.0, 1);
        message["gradingProgress"] = grading.into();
        let kept = submitting(message.clone(), json!({"preserve_score": true}));
        class.takes(&kept).await;
        assert_eq!(class.grade().score, Some(75.0), "{grading}");
        class.takes(&message).await;
        assert_eq!(class.grade().score, None, "{grading}");
    }
}

#[tokio::test]
async fn canvas_lets_pending_manual_erase_a_teachers_grade() {
    let class = Class::at(Profile::canvas()).await;
    let waiting = without_score(class.score(0.0, 0), "PendingManual");
    class.takes(&waiting).await;
    assert!(class.grade().needs_grading);
    let gradebook = class.lms.gradebook();
    gradebook.grade_by_hand(class.item, "5", 75.0).unwrap();
    assert!(!class.grade().needs_grading);
    let protected = json!({"prioritize_non_tool_grade": true, "new_submission": false});
    class
        .takes(&submitting(class.score(10.0, 1), protected))
        .await;
    assert_eq!(class.grade().score, Some(75.0));
    let again = without_score(class.score(0.0, 2), "PendingManual");
    class.takes(&again).await;
    let grade = class.grade();
    assert_eq!(
        (grade.score, grade.needs_grading, grade.attempts),
        (None, true, 2)
    );
    assert_eq!((grade.by_teacher, grade.teacher_overruled), (Some(75.0), 1));
}

#[tokio::test]
async fn canvas_makes_an_attempt_of_each_score_unless_told() {
    let class = Class::at(Profile::canvas()).await;
    class.takes(&class.score(10.0, 0)).await;
    class.takes(&class.score(10.0, 0)).await;
    assert_eq!(class.grade().attempts, 2);
    for members in [
        json!({"new_submission": false}),
        json!({"submission_type": "none"}),
    ] {
        class
            .takes(&submitting(class.score(20.0, 1), members))
            .await;
    }
    assert_eq!(class.grade().attempts, 2);
    let gradebook = class.lms.gradebook();
    gradebook.allow_attempts(class.item, Some(2)).unwrap();
    let words = "The maximum number of allowed attempts has been reached";
    class.refuses(&class.score(30.0, 2), 422, words).await;
    let same = submitting(class.score(30.0, 2), json!({"new_submission": false}));
    class.takes(&same).await;
}

#[tokio::test]
async fn canvas_keeps_an_attempt_when_it_fails_halfway() {
    let class = Class::at(Profile::canvas()).await;
    let faults = class.lms.faults();
    faults.next(Endpoint::Scores, 1, Fault::Halfway(500));
    let score = class.score(10.0, 0);
    assert_eq!(class.post(&score).await.status, 500);
    assert_eq!((class.grade().score, class.grade().attempts), (None, 1));
    class.takes(&score).await;
    assert_eq!(
        (class.grade().score, class.grade().attempts),
        (Some(10.0), 2)
    );
    let elsewhere = Class::at(Profile::moodle()).await;
    let faults = elsewhere.lms.faults();
    faults.next(Endpoint::Scores, 1, Fault::Halfway(500));
    assert_eq!(elsewhere.post(&score).await.status, 500);
    assert_eq!(elsewhere.lms.gradebook().grade(elsewhere.item, "5"), None);
}

#[tokio::test]
async fn canvas_adds_comments_and_others_replace_them() {
    for (profile, comments) in [
        (Profile::canvas(), vec!["One", "Two"]),
        (Profile::moodle(), vec!["Two"]),
    ] {
        let name = profile.name;
        let class = Class::at(profile).await;
        for (seconds, comment) in [(1, "One"), (2, "Two")] {
            class.lms.clock().set_offset(seconds * 10);
            let mut score = class.score(10.0, 0);
            score["comment"] = comment.into();
            class.takes(&score).await;
        }
        assert_eq!(class.grade().comments, comments, "{name}");
        class.lms.clock().set_offset(30);
        let mut progress = without_score(class.score(0.0, 0), "PendingManual");
        progress["comment"] = "Three".into();
        class.takes(&progress).await;
        let is_kept = class.grade().comments.contains(&"Three".to_owned());
        assert_eq!(is_kept, name == "moodle", "no comment without a score");
    }
}

#[tokio::test]
async fn canvas_discards_the_launch_url_with_the_next_score() {
    let class = Class::at(Profile::canvas()).await;
    let url = "https://tool.example.com/work/1";
    let members = json!({"submission_type": "basic_lti_launch", "submission_data": url});
    let mut started = submitting(class.score(0.0, 0), members.clone());
    started["activityProgress"] = "InProgress".into();
    class.takes(&started).await;
    assert_eq!(
        class.grade().launch_url,
        None,
        "not while it is in progress"
    );
    class.takes(&submitting(class.score(1.0, 1), members)).await;
    assert_eq!(class.grade().launch_url.as_deref(), Some(url));
    class.takes(&class.score(2.0, 2)).await;
    assert_eq!(class.grade().launch_url, None);
}

#[tokio::test]
async fn canvas_refuses_submissions_of_the_future() {
    let class = Class::at(Profile::canvas()).await;
    let mut score = class.score(10.0, 0);
    score["submission"] = json!({"submittedAt": class.score(0.0, 90)["timestamp"]});
    class.refuses(&score, 400, "in the future").await;
    score["submission"] = json!({"submittedAt": class.score(0.0, 30)["timestamp"]});
    class.takes(&score).await;
}

#[tokio::test]
async fn a_concluded_course_shows_and_takes_nothing() {
    let class = Class::at(Profile::canvas()).await;
    class.takes(&class.score(10.0, 0)).await;
    let gradebook = class.lms.gradebook();
    gradebook.conclude("2");
    let words = "This course has concluded.";
    class.refuses(&class.score(20.0, 1), 422, words).await;
    let page = class.results("").await;
    assert!(
        page.status == 422 && page.text().contains(words),
        "{}",
        page.text()
    );
    gradebook.reopen("2");
    class.takes(&class.score(20.0, 1)).await;
    assert_eq!(
        class.results("").await.json().unwrap()[0]["resultScore"],
        20
    );
}

#[tokio::test]
async fn who_cannot_be_graded_is_said_in_each_vendors_words() {
    for (profile, staff, nobody, outside, words) in [
        (Profile::moodle(), 400, 400, 400, "Incorrect score received"),
        (Profile::canvas(), 422, 422, 422, "User not found in course"),
        (
            Profile::brightspace(),
            422,
            404,
            403,
            "User in requested score is not enrolled in the org unit",
        ),
        (
            Profile::blackboard(),
            400,
            400,
            400,
            "User could not be found: 5",
        ),
        (Profile::ilias(), 404, 404, 404, "User not available"),
        (
            Profile::sakai(),
            400,
            400,
            400,
            r#"{"error":"User does not belong to site"}"#,
        ),
    ] {
        let name = profile.name;
        let class = Class::at(profile).await;
        for (user, status) in [("3", staff), ("nobody", nobody)] {
            let mut score = class.score(10.0, 0);
            score["userId"] = user.into();
            assert_eq!(class.post(&score).await.status, status, "{name}: {user}");
        }
        let gradebook = class.lms.gradebook();
        gradebook.withdraw("5");
        class.refuses(&class.score(10.0, 0), outside, words).await;
        gradebook.enrol("5");
        class.takes(&class.score(10.0, 0)).await;
    }
}

#[tokio::test]
async fn open_edx_does_not_ask_who_is_enrolled() {
    let class = Class::at(Profile::openedx()).await;
    class.lms.gradebook().withdraw("5");
    class.takes(&class.score(10.0, 0)).await;
    assert_eq!(class.grade().score, Some(10.0));
}

#[tokio::test]
async fn a_token_that_is_over_is_refused_in_each_vendors_way() {
    for (profile, status, words) in [
        (Profile::moodle(), 401, "Unauthorized"),
        (Profile::canvas(), 401, "Unauthorized"),
        (Profile::sakai(), 403, r#"{"error":"signature_error"}"#),
        (Profile::openedx(), 403, "Invalid token signature."),
    ] {
        let class = Class::at(profile).await;
        class.lms.forget_access_tokens();
        class.refuses(&class.score(10.0, 0), status, words).await;
        assert_eq!(class.results("").await.status, status, "{words}");
    }
}

#[tokio::test]
async fn a_deleted_column_of_sakai_is_a_bad_request() {
    let class = Class::at(Profile::sakai()).await;
    class.lms.delete_line_item(class.item);
    let words = "Unable to load column for lineitem_key=";
    class.refuses(&class.score(10.0, 0), 400, words).await;
    let page = call("GET", &class.url, &class.token, "*/*", None).await;
    assert_eq!(page.status, 404, "{}", page.text());
}

#[tokio::test]
async fn points_are_kept_as_exactly_as_each_vendor_keeps_them() {
    for (profile, given, kept) in [
        (Profile::moodle(), 20.0, 6.66667),
        (Profile::canvas(), 20.0, 20.0 / 30.0 * 10.0),
        (Profile::openedx(), 20.0, 20.0 / 30.0 * 10.0),
        (Profile::brightspace(), 20.0, 6.67),
        // In whole hundredths: 2000 of 3000, and 666 of 1000.
        (Profile::sakai(), 20.0, 6.66),
        // 2500 of 3000, although it was 25.009.
        (Profile::sakai(), 25.009, 8.33),
    ] {
        let name = profile.name;
        let class = Class::at(profile).await;
        class.lms.gradebook().set_maximum(class.item, 10.0).unwrap();
        let mut score = class.score(given, 0);
        score["scoreMaximum"] = json!(30);
        class.takes(&score).await;
        assert_eq!(class.grade().score, Some(kept), "{name}: {given}");
        // The oracle expects what the vendor makes of it.
        let harms = class.harm(&[SentWork::new("one", given, 30.0)]);
        assert!(harms.is_empty(), "{name}: {harms:?}");
    }
}

#[tokio::test]
async fn a_message_that_is_not_final_takes_the_grade_away() {
    for (profile, kept) in [
        (Profile::moodle(), None),
        (Profile::brightspace(), None),
        (Profile::sakai(), None),
        (Profile::canvas(), Some(6.0)),
    ] {
        let name = profile.name;
        let class = Class::at(profile).await;
        class.takes(&class.score(8.0, 0)).await;
        class.lms.clock().set_offset(10);
        let mut message = class.score(6.0, 0);
        message["gradingProgress"] = "PendingManual".into();
        class.takes(&message).await;
        assert_eq!(class.grade().score, kept, "{name}");
    }
}

#[tokio::test]
async fn a_roster_lacks_who_is_not_enrolled_yet() {
    let class = Class::at(Profile::moodle()).await;
    class.lms.gradebook().withdraw("6");
    let count = async || {
        let page = call("GET", &class.roster, &class.token, MEMBERS, None).await;
        page.json().unwrap()["members"].as_array().unwrap().len()
    };
    assert_eq!(count().await, 6);
    class.lms.gradebook().enrol("6");
    assert_eq!(count().await, 7);
}

#[tokio::test]
async fn what_is_above_the_maximum_is_cut_by_some() {
    for (profile, kept) in [
        (Profile::moodle(), 100.0),
        (Profile::brightspace(), 100.0),
        (Profile::canvas(), 150.0),
    ] {
        let name = profile.name;
        let class = Class::at(profile).await;
        class.takes(&class.score(150.0, 0)).await;
        assert_eq!(class.grade().score, Some(kept), "{name}");
    }
    let class = Class::at(Profile::brightspace()).await;
    let gradebook = class.lms.gradebook();
    gradebook.may_exceed(class.item, true).unwrap();
    class.takes(&class.score(150.0, 0)).await;
    assert_eq!(class.grade().score, Some(150.0));
}

#[tokio::test]
async fn blackboards_results_of_one_student_lack_the_comment() {
    for (profile, alone) in [(Profile::blackboard(), false), (Profile::moodle(), true)] {
        let name = profile.name;
        let class = Class::at(profile).await;
        let mut score = class.score(10.0, 0);
        score["comment"] = "Good".into();
        class.takes(&score).await;
        let all = class.results("").await.json().unwrap();
        assert_eq!(all[0]["comment"], "Good", "{name}");
        let one = class.results("&user_id=5").await.json().unwrap();
        assert_eq!(one[0].get("comment").is_some(), alone, "{name}: {one}");
    }
}

#[tokio::test]
async fn too_many_requests_are_refused_in_each_vendors_way() {
    for (profile, status, header) in [
        (Profile::moodle(), 429, "retry-after"),
        (Profile::canvas(), 403, "x-rate-limit-remaining"),
    ] {
        let name = profile.name;
        let class = Class::at(profile).await;
        class.lms.gradebook().throttle(Some(0));
        let page = class.results("").await;
        assert_eq!(page.status, status, "{name}");
        assert!(page.header(header).is_some(), "{name}: {:?}", page.headers);
        class.lms.gradebook().throttle(None);
        assert_eq!(class.results("").await.status, 200, "{name}");
        assert_eq!(class.lms.gradebook().throttled(), 1, "{name}");
    }
}

#[tokio::test]
async fn requests_at_once_are_counted() {
    let class = Class::at(Profile::moodle()).await;
    let late = Fault::Late(std::time::Duration::from_millis(300));
    class.lms.faults().set(Endpoint::Results, late);
    tokio::join!(class.results(""), class.results(""));
    assert_eq!(class.results("").await.status, 200);
    assert_eq!(class.lms.gradebook().most_at_once(), 2);
}

#[tokio::test]
async fn an_lms_comes_back_with_its_gradebook() {
    let class = Class::at(Profile::moodle()).await;
    class.takes(&class.score(10.0, 0)).await;
    class.lms.go_down();
    class.lms.come_up().await.unwrap();
    assert_eq!(
        class.results("").await.status,
        401,
        "its tokens are forgotten"
    );
    assert_eq!(class.grade().score, Some(10.0));
}

#[tokio::test]
async fn some_requests_meet_a_fault() {
    let class = Class::at(Profile::moodle()).await;
    let faults = class.lms.faults();
    faults.often(
        Endpoint::Results,
        30,
        [Fault::Status(500), Fault::Afterwards(503)],
    );
    let mut failed = [0, 0];
    for _ in 0..60 {
        match class.results("").await.status {
            500 => failed[0] += 1,
            503 => failed[1] += 1,
            status => assert_eq!(status, 200),
        }
    }
    // The same numbers are drawn in every run.
    let all = failed[0] + failed[1];
    assert!((6..=36).contains(&all), "{failed:?}");
    assert!(failed[0] > 0 && failed[1] > 0, "{failed:?}");
    faults.set(Endpoint::Results, Fault::Garbled);
    assert!(class.results("").await.json().is_err());
    faults.clear_all();
    assert_eq!(class.results("").await.status, 200);
}

#[tokio::test]
async fn no_harm_is_found_where_none_was_done() {
    let class = Class::at(Profile::canvas()).await;
    let mut score = class.score(10.0, 0);
    score["comment"] = "Good".into();
    class.takes(&score).await;
    class.takes(&class.score(20.0, 1)).await;
    let works = [
        SentWork::new("one", 10.0, 100.0).comment("Good"),
        SentWork::new("two", 0.2, 1.0),
    ];
    let harms = class.harm(&works);
    assert!(harms.is_empty(), "{harms:?}");
}

#[tokio::test]
async fn a_lost_a_wrong_and_an_erased_grade_are_counted() {
    let class = Class::at(Profile::canvas()).await;
    let works = [
        SentWork::new("one", 10.0, 100.0),
        SentWork::new("two", 20.0, 100.0),
    ];
    assert_eq!(class.harm(&works), [HarmKind::Lost]);
    class.takes(&class.score(10.0, 0)).await;
    assert_eq!(class.harm(&works), [HarmKind::WrongGrade]);
    // Refused for good, it need not be there.
    let mut ledger = Ledger::default();
    for work in works.clone() {
        ledger.sent(class.item, "5", work);
    }
    ledger.refused(class.item, "5", 1);
    assert!(class.lms.gradebook().harm(&ledger).is_empty());
    class.takes(&class.score(20.0, 1)).await;
    let members = json!({"new_submission": false});
    let progress = submitting(class.score(20.0, 2), members);
    class.takes(&without_score(progress, "NotReady")).await;
    let mut erased = works.to_vec();
    erased.push(SentWork {
        given: None,
        ..SentWork::new("two", 0.0, 1.0)
    });
    assert_eq!(class.harm(&erased), [HarmKind::Erased]);
}

#[tokio::test]
async fn extra_attempts_and_comments_are_counted() {
    let class = Class::at(Profile::canvas()).await;
    let mut score = class.score(10.0, 0);
    score["comment"] = "Good".into();
    class.takes(&score).await;
    class.takes(&score).await;
    let works = [SentWork::new("one", 10.0, 100.0).comment("Good")];
    assert_eq!(
        class.harm(&works),
        [HarmKind::ExtraAttempt, HarmKind::ExtraComment]
    );
}

#[tokio::test]
async fn an_overruled_teacher_is_counted_even_if_set_right_later() {
    let class = Class::at(Profile::moodle()).await;
    let works = [SentWork::new("one", 10.0, 100.0)];
    let gradebook = class.lms.gradebook();
    gradebook.grade_by_hand(class.item, "5", 90.0).unwrap();
    assert!(
        class.harm(&works).is_empty(),
        "it never came, and the teacher's counts"
    );
    class.takes(&class.score(10.0, 2)).await;
    assert_eq!(class.harm(&works), [HarmKind::TeacherOverruled]);
    gradebook.grade_by_hand(class.item, "5", 90.0).unwrap();
    assert_eq!(class.harm(&works), [HarmKind::TeacherOverruled]);
}

#[tokio::test]
async fn a_changed_order_and_strange_scores_are_counted() {
    let class = Class::at(Profile::sakai()).await;
    let works = [
        SentWork::new("one", 10.0, 100.0),
        SentWork::new("two", 20.0, 100.0),
    ];
    for given in [20.0, 10.0] {
        class.takes(&class.score(given, 0)).await;
    }
    assert_eq!(
        class.harm(&works),
        [HarmKind::WrongGrade, HarmKind::OutOfOrder]
    );
    let mut strange = class.score(7.0, 0);
    strange["userId"] = "6".into();
    class.takes(&strange).await;
    let harms = class.harm(&works);
    assert_eq!(harms.last(), Some(&HarmKind::NeverSent));
    let harms = class.harm(&[SentWork::new("other", 30.0, 100.0)]);
    assert!(harms.contains(&HarmKind::NeverSent), "{harms:?}");
}
