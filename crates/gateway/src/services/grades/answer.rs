//! Line items and results in answers: the platform's members, including vendor members, without
//! nulls.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::openapi::schema::{AdditionalProperties, Object, ObjectBuilder, Schema, Type};
use utoipa::openapi::{KnownFormat, RefOr, SchemaFormat};
use utoipa::{PartialSchema, ToSchema};

use crate::services::pages::PageLinks;

/// A line item as the platform sent it.
#[derive(Serialize)]
#[serde(transparent)]
pub(crate) struct LineItemAnswer(pub(super) Map<String, Value>);

impl ToSchema for LineItemAnswer {
    fn name() -> Cow<'static, str> {
        "LineItem".into()
    }
}

impl PartialSchema for LineItemAnswer {
    fn schema() -> RefOr<Schema> {
        line_item("A column of the gradebook. Members of vendors are passed on.")
            .property(
                "id",
                described(Type::String, "Its address, by which it is named."),
            )
            .required("id")
            .into()
    }
}

/// A line item to create, or to replace another with.
pub(crate) struct NewLineItemSchema;

impl ToSchema for NewLineItemSchema {
    fn name() -> Cow<'static, str> {
        "NewLineItem".into()
    }
}

impl PartialSchema for NewLineItemSchema {
    fn schema() -> RefOr<Schema> {
        line_item("A column of the gradebook. Members of vendors are passed on as they are.")
            .required("label")
            .required("scoreMaximum")
            .into()
    }
}

fn line_item(about: &str) -> ObjectBuilder {
    let time = || {
        let text = ObjectBuilder::new().schema_type(Type::String);
        text.format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
    };
    ObjectBuilder::new()
        .description(Some(about))
        .property("label", described(Type::String, "The column's heading."))
        .property(
            "scoreMaximum",
            described(Type::Number, "The highest score; above 0."),
        )
        .property(
            "resourceLinkId",
            described(Type::String, "The link it belongs to."),
        )
        .property(
            "resourceId",
            described(Type::String, "Your id of what is graded."),
        )
        .property(
            "tag",
            described(Type::String, "Your word for the sort of grade."),
        )
        .property("startDateTime", time())
        .property("endDateTime", time())
        .property(
            "gradesReleased",
            described(Type::Boolean, "Whether students see the grades."),
        )
        .property(
            "submissionReview",
            described(
                Type::Object,
                "Offers a link to each student's submission in the gradebook, where the platform has that: \
                 `{reviewableStatus, label, url, custom}`. It opens as a launch of the type \
                 `LtiSubmissionReviewRequest`, with `launch.forUser`.",
            ),
        )
        .additional_properties(Some(AdditionalProperties::FreeForm(true)))
}

fn described(of: Type, about: &str) -> Object {
    let object = ObjectBuilder::new().schema_type(of);
    object.description(Some(about)).build()
}

/// A page of line items.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LineItemList {
    pub(super) line_items: Vec<LineItemAnswer>,
    #[serde(flatten)]
    pub(super) pages: Pages,
}

/// A page of results.
#[derive(Serialize, ToSchema)]
pub(crate) struct ScoreList {
    pub(super) scores: Vec<ResultAnswer>,
    #[serde(flatten)]
    pub(super) pages: Pages,
}

/// The other pages; pass these addresses as `url`. Absent if the platform names none.
#[derive(Serialize, ToSchema)]
pub(crate) struct Pages {
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    prev: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    first: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last: Option<String>,
}

impl From<PageLinks> for Pages {
    fn from(links: PageLinks) -> Self {
        Self {
            next: links.next,
            prev: links.prev,
            first: links.first,
            last: links.last,
        }
    }
}

/// A result. It may differ from the last score sent, because teachers change grades.
#[derive(Serialize)]
#[serde(transparent)]
pub(crate) struct ResultAnswer(pub(super) Map<String, Value>);

impl ToSchema for ResultAnswer {
    fn name() -> Cow<'static, str> {
        "ScoreResult".into()
    }
}

impl PartialSchema for ResultAnswer {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .description(Some(
                "What is in the gradebook now. Members of vendors are passed on.",
            ))
            .property(
                "id",
                described(Type::String, "Its address at the platform."),
            )
            .property(
                "userId",
                described(Type::String, "The `user.id` of this person's launches."),
            )
            .property("scoreOf", described(Type::String, "The line item."))
            .property(
                "resultScore",
                described(Type::Number, "The grade; absent if there is none."),
            )
            .property(
                "resultMaximum",
                described(Type::Number, "What it is out of."),
            )
            .property("comment", described(Type::String, "The comment."))
            .required("id")
            .required("userId")
            .required("scoreOf")
            .additional_properties(Some(AdditionalProperties::FreeForm(true)))
            .into()
    }
}

/// A score to send.
pub(crate) struct ScoreSchema;

impl ToSchema for ScoreSchema {
    fn name() -> Cow<'static, str> {
        "Score".into()
    }
}

impl PartialSchema for ScoreSchema {
    fn schema() -> RefOr<Schema> {
        let words = |words: &[&str]| {
            let text = ObjectBuilder::new().schema_type(Type::String);
            text.enum_values(Some(words.iter().copied()))
        };
        ObjectBuilder::new()
            .description(Some(
                "What you tell of a student's work. `submission` and members of vendors are passed on as they are.",
            ))
            .property("userId", described(Type::String, "Whose work it is: the `user.id` of their launches. With an `ltik` it may be left out, for the person of the launch."))
            .property("scoreGiven", described(Type::Number, "The score; may exceed the maximum. Left out, the platform clears the grade."))
            .property("scoreMaximum", described(Type::Number, "What the score is out of; if it is left out, the line item's maximum."))
            .property("activityProgress", words(&["Initialized", "Started", "InProgress", "Submitted", "Completed"]))
            .property("gradingProgress", words(&["FullyGraded", "Pending", "PendingManual", "Failed", "NotReady"]))
            .property("comment", described(Type::String, "A comment for the student."))
            .property("timestamp", described(Type::String, "When it was, in ISO 8601 with zone; if it is left out, now."))
            .property("attempt", described(Type::String, "Ours: which piece of work it is of. `submission.submittedAt` names it, too."))
            .property("onlyIfHigher", described(Type::Boolean, "Ours: only if it is higher than what the platform has."))
            .property("clear", described(Type::Boolean, "Ours: whether a status without a score may take the score away."))
            .property("force", described(Type::Boolean, "Ours: whether it is sent although the platform has it."))
            .property("syncLineItem", described(Type::Boolean, "Ours: whether the line item's maximum becomes the score's; by handle, its label and maximum those that are sent with the score."))
            .required("activityProgress")
            .required("gradingProgress")
            .additional_properties(Some(AdditionalProperties::FreeForm(true)))
            .into()
    }
}
