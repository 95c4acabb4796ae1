# An application behind Hallpass: HALLPASS=http://127.0.0.1:8080 API_KEY=... PORT=3000 python3 app.py
# The ltik is the session: it travels in the form, since many browsers keep no cookies in a frame, and needs the API key.
import json, os, sys
from html import escape
from socketserver import ThreadingMixIn
from urllib.parse import parse_qsl, quote
from urllib.request import HTTPError, Request, urlopen
from wsgiref.simple_server import WSGIServer, make_server

def ask(ltik, path, body=None):
    headers = {"Authorization": f"LTIK-AUTH-V2 {os.environ['API_KEY']}:{ltik}", "Content-Type": "application/json"}
    try:
        with urlopen(Request(os.environ["HALLPASS"] + path, body and json.dumps(body).encode(), headers), timeout=30) as answer:
            return json.loads(answer.read() or "null")
    except HTTPError as refused:  # the body says why: a wrong key, a launch that is over, an LMS that takes no grade
        raise ValueError(json.load(refused)["details"]["description"]) from None

def attempt(what, work, *given):  # if it fails, a line says so on the page and in the log, and the rest goes on
    try:
        return work(*given)
    except Exception as error:
        print(f"{what}: {error}", file=sys.stderr, flush=True)
        return f"<p>{what}: {escape(str(error))}</p>"

def grade(ltik, grades, sent):
    scores = f"/api/lineitems/{quote(grades['lineItemId'], safe='')}/scores"
    score = {"userId": sent["user"], "scoreGiven": float(sent["score"])}
    ask(ltik, scores, {**score, "activityProgress": "Completed", "gradingProgress": "FullyGraded"})
    return "<p>The grade is in the gradebook.</p>"

def roster(ltik, query="role=Learner"):
    options = []
    while query:
        page = ask(ltik, f"/api/memberships?{query}")
        options += [f"<option value='{escape(one['userId'])}'>{escape(one.get('name', one['userId']))}" for one in page["members"]]
        query = "next" in page and f"url={quote(page['next'], safe='')}"
    return f"""<form method="post" action="/launch"><input type="hidden" name="ltik" value="{escape(ltik)}">
        {len(options)} students: <select name="user">{"".join(options)}</select>
        <input name="score" type="number" min="0" required> <button>Grade</button></form>"""

def launch(method, sent):
    ltik, token = sent["ltik"], ask(sent["ltik"], "/api/idtoken")
    user, services = token["user"], token["services"]
    page = f"<h1>Hello {escape(user.get('name', 'there'))}</h1><p>You are here as {user['role']}.</p>"
    if user["role"] == "instructor" and method == "POST":
        page += attempt("The grade was not taken", grade, ltik, services["assignmentAndGrades"], sent)
    if user["role"] == "instructor" and services["namesAndRoles"]["available"]:
        page += attempt("There is no roster", roster, ltik)
    return page

def app(request, respond):
    sent = request["wsgi.input"].read(int(request.get("CONTENT_LENGTH") or 0)).decode() or request["QUERY_STRING"]
    page = attempt("No launch", launch, request["REQUEST_METHOD"], dict(parse_qsl(sent)))
    known = page.startswith("<h1>")  # else it says why there is no launch, which is for the developer
    respond("200 OK" if known else "403 Forbidden", [("Content-Type", "text/html; charset=utf-8"), ("Referrer-Policy", "no-referrer")])
    return [(page if known else "<h1>Please open this again from your course</h1>").encode()]

server = type("Server", (ThreadingMixIn, WSGIServer), {"daemon_threads": True})  # browsers open connections they don't use yet
make_server("127.0.0.1", int(os.environ["PORT"]), app, server_class=server).serve_forever()
