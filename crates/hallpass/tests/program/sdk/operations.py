"""Every operation of LTIAAS's Python SDK, as PyPI has it, against the server that standard input names.

Its last line tells what the platform must have got. Where the SDK itself is at fault, a comment says so.
"""

import json
import sys

from ltiaas import (
    ActivityProgress,
    Available,
    FileContentItem,
    GradingProgress,
    HTMLFragmentContentItem,
    Icon,
    Iframe,
    ImageContentItem,
    LineItem,
    LinkContentItem,
    LTIAASLaunch,
    LTILaunchType,
    LTIResourceLinkContentItem,
    LTIUserRole,
    LTIVersion,
    Score,
    Submission,
    Window,
)
from ltiaas.exceptions.api_error import APIError
from ltiaas.exceptions.invalid_session_error import InvalidSessionError

GIVEN = json.load(sys.stdin)
VENDORS_MEMBER = "https://canvas.instructure.com/lti/submission_type"


def session(**token):
    return LTIAASLaunch(domain=GIVEN["domain"], api_key=GIVEN["api_key"], **token)


def same(found, wanted):
    assert found == wanted, f"{found!r} is not {wanted!r}"


def refused(status, ask, *arguments, **named):
    """The error of an operation that must fail with this status."""
    try:
        ask(*arguments, **named)
    except APIError as error:
        same(error.response.status, status)
        return error.response
    raise AssertionError(f"{ask.__name__} was not refused")


def pages(read, **wanted):
    """Every page of a list, each named by the one before."""
    page = read(**wanted)
    yield page
    while page.next is not None:
        page = read(url=page.next)
        yield page


def who(launch):
    token = launch.get_id_token()
    same(token.lti_version, LTIVersion.LTI_1_3)
    same((token.user.id, token.user.name), ("3", "Maria Okafor"))
    assert any(role.endswith("membership#Instructor") for role in token.user.roles), token.user.roles
    same((token.platform.url, token.platform.client_id), (GIVEN["issuer"], GIVEN["client_id"]))
    same(token.launch.type, LTILaunchType.CORE)
    same((token.launch.context["id"], token.launch.resource_link["id"]), ("2", "1"))
    services = token.services
    same(services.outcomes, {"available": False})
    same(services.deep_linking["available"], False)
    assert services.names_and_roles["available"] and services.assignment_and_grades["available"]
    assert len(services.service_key) < 1333
    raw = launch.get_raw_id_token()
    same((raw.iss, raw.aud, raw.sub), (GIVEN["issuer"], GIVEN["client_id"], "3"))
    same(raw.message_type, LTILaunchType.CORE)
    refused(401, session(ltik="a.b.c").get_id_token)
    refused(401, LTIAASLaunch(GIVEN["domain"], "another key", ltik=GIVEN["ltik"]).get_id_token)
    return token


def roster(client):
    def ids(**wanted):
        return [member.user_id for page in pages(client.get_memberships, **wanted) for member in page.members]

    page = client.get_memberships()
    same((page.context.id, page.context.title), ("2", "Programming in Rust"))
    sam = next(member for member in page.members if member.user_id == "5")
    same((sam.name, sam.given_name, sam.email, sam.status), ("Sam Rivera", "Sam", "sam@example.com", "Active"))
    same(sorted(ids()), ["3", "4", "5", "6", "7", "8", "9"])
    same(sorted(ids(limit=2)), ["3", "4", "5", "6", "7", "8", "9"])
    for role in ("Learner", LTIUserRole.LEARNER, LTIUserRole.CONTEXT_LEARNER):
        # Moodle loses the role on the second page, so that somebody comes twice, and nobody who teaches.
        same(set(ids(role=role, limit=2)), {"5", "6", "7", "8", "9"})
    refused(400, client.get_memberships, url="https://elsewhere.example/members")
    refused(400, client.get_memberships, limit=0)


def line_items(client, tag, own):
    def ids(**wanted):
        return {item.id for page in pages(client.get_line_items, **wanted) for item in page.line_items}

    # No start or end: the SDK can't write its own datetime as JSON.
    wanted = {"type": "external_tool", "external_tool_url": "https://tool.example/"}
    made = client.create_line_item(
        # Sakai has one column for each label.
        LineItem(label=f"Essay {tag}", score_maximum=20, resource_id=f"r-{tag}", tag=tag, **{VENDORS_MEMBER: wanted})
    )
    same((made.label, made.score_maximum, made.resource_id, made.tag), (f"Essay {tag}", 20, f"r-{tag}", tag))
    same(getattr(made, VENDORS_MEMBER), wanted)
    other = client.create_line_item(LineItem(label="Bonus", score_maximum=5.5, tag=tag, grades_released=True))
    same(client.get_line_item(made.id), made)
    assert {own, made.id, other.id} <= ids(), ids()
    same(ids(tag=tag), {made.id, other.id})
    same(ids(tag=tag, limit=1), {made.id, other.id})
    same(ids(resource_id=f"r-{tag}"), {made.id})
    same(ids(tag="nobody's"), set())
    assert own in ids(resource_link_id="1")
    changed = client.update_line_item(other.id, LineItem(label="Extra", score_maximum=8))
    same((changed.id, changed.label, changed.score_maximum, changed.tag), (other.id, "Extra", 8, None))
    same(client.get_line_item(other.id).label, "Extra")
    client.delete_line_item(other.id)
    gone = refused(404, client.get_line_item, other.id)
    same((gone.error, gone.details.externalError), ("Not Found", True))
    refused(400, client.get_line_item, "https://elsewhere.example/items/1")
    return made.id


def scores(client, item):
    def score(user, given, **more):
        graded = (ActivityProgress.COMPLETED, GradingProgress.FULLY_GRADED)
        return Score(user, *graded, score_given=given, score_maximum=20, **more)

    client.submit_score(item, score("5", 17.5, comment="Well argued"))
    client.submit_score(item, score(6, 0))
    status_only = Score("7", ActivityProgress.SUBMITTED, GradingProgress.PENDING_MANUAL)
    client.submit_score(item, status_only)
    found = {result.user_id: result for page in pages_of(client, item) for result in page.scores}
    same((found["5"].result_score, found["5"].result_maximum, found["5"].comment), (17.5, 20, "Well argued"))
    same((found["5"].score_of, found["6"].result_score), (item, 0))
    same({result.user_id for page in pages_of(client, item, limit=1) for result in page.scores}, set(found))
    same([result.user_id for result in client.get_scores(item, user_id="6").scores], ["6"])
    nobody = refused(GIVEN["refusing_nobody"], client.submit_score, item, score("nobody", 1))
    same(nobody.details.externalError, True)


def pages_of(client, item, **wanted):
    return pages(lambda **asked: client.get_scores(item, **asked), **wanted)


def at(url, item):
    """The SDK can't write its own addresses as JSON, whatever the version of pydantic: a text in their place can be."""
    item.url = url
    return item


def content(accepted):
    icon = at("https://tool.example/icon.png", Icon(url="https://tool.example/icon.png", width=50, height=50))
    items = [
        LTIResourceLinkContentItem(
            title="Chosen with the SDK",
            text="A quiz",
            icon=icon,
            custom={"quiz": 7},
            window=Window(target_name="quiz"),
            iframe=Iframe(width=800, height=600),
            available=Available(start_date_time="2026-01-06T20:05:02Z"),
            submission=Submission(end_date_time="2036-01-06T20:05:02Z"),
            lineItem={"scoreMaximum": 10, "resourceId": "quiz-7"},
        )
    ]
    page = "https://tool.example/page"
    others = {
        "html": lambda: HTMLFragmentContentItem(html="<p>Read this first.</p>", title="A note"),
        "link": lambda: at(page, LinkContentItem(url=page, title="A page")),
        "file": lambda: at(page, FileContentItem(url=page, title="A file", expires_at="2036-01-06T20:05:02Z")),
        "image": lambda: at(page, ImageContentItem(url=page, width=640, height=480)),
    }
    return items + [make() for kind, make in others.items() if kind in accepted]


def deep_linking():
    picking, failing = session(ltik=GIVEN["picking"]), session(ltik=GIVEN["failing"])
    token = picking.get_id_token()
    same((token.launch.type, token.launch.resource_link), (LTILaunchType.DEEP_LINKING, None))
    accepted = token.services.deep_linking["acceptTypes"]
    if "html" not in accepted:
        html = HTMLFragmentContentItem(html="<p>Hello</p>")
        wrong = refused(400, picking.build_deep_linking_form, [html])
        same(wrong.details.errors[0]["field"], "contentItems[0].type")
    items = content(accepted)
    form = picking.build_deep_linking_form(items, message="Thank you", log="one quiz").form
    refused(409, picking.build_deep_linking_form, items)
    sorry = failing.build_deep_linking_form_components([], err_message="Sorry", err_log="no quiz")
    refused(403, session(ltik=GIVEN["ltik"]).build_deep_linking_form, items)
    return {"form": form, "items": len(items), "message": sorry.message, "target": sorry.target}


def other_sessions_are_kept_out(key):
    for client in (session(service_key=key), session()):
        for ask in (client.get_id_token, client.get_raw_id_token, lambda: client.build_deep_linking_form([])):
            try:
                ask()
            except InvalidSessionError:
                continue
            raise AssertionError("a session of another kind was let in")
    refused(401, session(service_key="a.b.c").get_memberships)


def main():
    launch = session(ltik=GIVEN["ltik"])
    token = who(launch)
    own = token.services.assignment_and_grades["lineItemId"]
    key = token.services.service_key
    graded = []
    for client, tag in ((launch, "ltik"), (session(service_key=key), "key")):
        roster(client)
        item = line_items(client, tag, own)
        scores(client, item)
        graded.append(item)
    other_sessions_are_kept_out(key)
    print(json.dumps({"graded": graded, **deep_linking()}))


main()
