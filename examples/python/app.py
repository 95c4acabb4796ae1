# An application behind Hallpass: HALLPASS=http://127.0.0.1:8080 API_KEY=... PORT=3000 python3 app.py
# The ltik is the session: it travels in the form, since many browsers keep no cookies in a frame, and needs the API key.
import json, os, sys
from html import escape
from http.client import HTTPException
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


def students(ltik, query="role=Learner"):
    while query:
        page = ask(ltik, f"/api/memberships?{query}")
        yield from page["members"]
        query = "next" in page and f"url={quote(page['next'], safe='')}"


def launch(method, sent):
    ltik, token = sent["ltik"], ask(sent["ltik"], "/api/idtoken")
    page = f"<h1>Hello {escape(token['user'].get('name', 'there'))}</h1><p>You are here as {token['user']['role']}.</p>"
    if token["user"]["role"] != "instructor":
        return page
    if method == "POST":
        try:
            scores = f"/api/lineitems/{quote(token['services']['assignmentAndGrades']['lineItemId'], safe='')}/scores"
            score = {"userId": sent["user"], "scoreGiven": float(sent["score"])}
            ask(ltik, scores, {**score, "activityProgress": "Completed", "gradingProgress": "FullyGraded"})
            page += "<p>The grade is in the gradebook.</p>"
        except (OSError, KeyError, ValueError, HTTPException) as error:
            print(f"No grade: {error}", file=sys.stderr, flush=True)
            page += f"<p>The grade was not taken: {escape(str(error))}</p>"
    options = [f"<option value='{escape(one['userId'])}'>{escape(one.get('name', one['userId']))}" for one in students(ltik)]
    return f"""{page}<form method="post" action="/launch"><input type="hidden" name="ltik" value="{escape(ltik)}">
        {len(options)} students: <select name="user">{"".join(options)}</select>
        <input name="score" type="number" min="0" required> <button>Grade</button></form>"""


def app(request, respond):
    sent = request["wsgi.input"].read(int(request.get("CONTENT_LENGTH") or 0)).decode() or request["QUERY_STRING"]
    try:
        page, status = launch(request["REQUEST_METHOD"], dict(parse_qsl(sent))), "200 OK"
    except (OSError, KeyError, ValueError, HTTPException) as error:
        print(f"No launch: {error}", file=sys.stderr, flush=True)
        page, status = "<h1>Please open this again from your course</h1>", "403 Forbidden"
    respond(status, [("Content-Type", "text/html; charset=utf-8"), ("Referrer-Policy", "no-referrer")])
    return [page.encode()]


server = type("Server", (ThreadingMixIn, WSGIServer), {"daemon_threads": True})  # browsers open connections they don't use yet
make_server("127.0.0.1", int(os.environ["PORT"]), app, server_class=server).serve_forever()
