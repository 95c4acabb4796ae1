//! A. Happy path and identity.

use serde_json::json;

use super::{StudyReel, valid, valid_with};
use crate::support::on_both_stores;

on_both_stores! {
    async fn case_01_an_unseen_student_is_new(store) {
        let studyreel = StudyReel::start(store).await;
        let answer = studyreel.ok(&valid("ada@example.com")).await;
        assert!(answer.is_new);
        let seen = studyreel.seen_behind(&answer.link).await;
        assert_eq!(seen["user"]["id"], answer.user.as_str());
        assert_eq!(seen["student"]["id"], answer.user.as_str());
    }

    async fn case_10_names_follow_the_launch(store) {
        let studyreel = StudyReel::start(store).await;
        let first = studyreel.ok(&valid("ada@example.com")).await;
        let renamed = valid_with("ada@example.com", json!({"family_name": "Field"}));
        let second = studyreel.ok(&renamed).await;
        assert_eq!((second.is_new, &second.user), (false, &first.user));
        assert_eq!(studyreel.seen_behind(&second.link).await["user"]["name"], "Ada Field");
    }
}
