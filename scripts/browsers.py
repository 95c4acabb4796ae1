"""Launches at a pretend LMS in real browsers by WebDriver: see scripts/browsers."""

import argparse
import glob
import http.client
import http.server
import itertools
import json
import os
import secrets
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

LMS, TOOL, APP = "127.0.0.1", "127.0.0.2", "127.0.0.3"  # three sites to a browser
API_KEY = "hallpass_" + secrets.token_urlsafe(32)
PATIENCE = 40  # seconds that a launch may take
STUDENT = "Sam Rivera"
# What is shown: the application's page, its picker, the offer of a window, a page that says why not, or what is on its way.
LOOK = """
const seen = (css) => [...document.querySelectorAll(css)].find((element) => element.getClientRects().length);
return {
  who: (seen("#who") || {innerText: ""}).innerText,
  picker: !!seen("#quiz"),
  offer: !!seen("form[action^='/lti/login/'] button"),
  says: (seen("h1:not(.busy)") || {innerText: ""}).innerText,
};
"""
APPLICATION = "<!doctype html><title>Application</title><p id=who>{}</p>"
PICKER = "<!doctype html><title>Picker</title><p><a id=quiz href='/choose?ltik={}'>Quiz 7</a></p>"
CHOSEN = "<!doctype html><title>Chosen</title>{}"

# The cells.
PROFILES = ("moodle", "canvas")
ENGINES = {
    "firefox": ("default", "blocked"),
    "webkit": ("default",),
}
# Beyond launches, by https: content that is chosen, and going back from the application.
FURTHER = {
    "moodle": {"content": (("firefox", "default"), ("firefox", "blocked"), ("webkit", "default"))},
    "canvas": {
        "content": (("firefox", "blocked"), ("webkit", "default")),
        "back": (("firefox", "blocked"), ("webkit", "default")),
    },
}
TABLE = os.path.join(os.path.dirname(__file__), "../docs/browsers.md")


class Proxy(http.server.BaseHTTPRequestHandler):
    """Passes requests on, with or without the headers that say where a browser shows the answer."""

    protocol_version = "HTTP/1.1"
    timeout = 30

    def passed_on(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length) if length else None
        backend = http.client.HTTPConnection(*self.server.backend, timeout=60)
        backend.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            if self.server.strips and name.lower().startswith("sec-fetch-"):
                continue
            if name.lower() != "connection":
                backend.putheader(name, value)
        backend.endheaders(body)
        answer = backend.getresponse()
        content = answer.read()
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("connection", "content-length", "transfer-encoding"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)
        backend.close()

    do_GET = do_POST = do_HEAD = do_OPTIONS = passed_on

    def log_message(self, *_):
        pass


class Application(Proxy):
    """The application: its page says who came."""

    def page(self):
        asked = urllib.parse.urlparse(self.path)
        ltik = urllib.parse.parse_qs(asked.query).get("ltik", [""])[0]
        if not ltik:
            return APPLICATION.format("nobody")
        headers = {"Authorization": f"LTIK-AUTH-V2 {API_KEY}:{ltik}"}
        if asked.path == "/choose":
            item = {"type": "ltiResourceLink", "title": "Quiz 7", "url": f"{self.server.tool}/lti/launch?quiz=7"}
            body = {"contentItems": [item]}
            return CHOSEN.format(ask(self.server.backend, "POST", "/api/deeplinking/form", body, headers)["form"])
        token = ask(self.server.backend, "GET", "/api/idtoken", headers=headers)
        if token["launch"].get("deepLinking"):
            return PICKER.format(ltik)
        return APPLICATION.format(token["user"]["name"])

    def do_GET(self):
        page = self.page().encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)


class Front(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, host, handler, certificate):
        super().__init__((host, 0), handler)
        self.backend, self.strips = None, False
        scheme = "http"
        if certificate:
            scheme = "https"
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        self.url = f"{scheme}://{host}:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, *_):
        pass  # a browser that goes away is none of ours


def ask(backend, method, path, body=None, headers=None, form=False):
    connection = http.client.HTTPConnection(*backend, timeout=60)
    headers = dict(headers or {})
    if body is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded" if form else "application/json"
        body = urllib.parse.urlencode(body) if form else json.dumps(body)
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    if answer.status >= 400:
        raise RuntimeError(f"{method} {path}: {answer.status} {text[:500]}")
    return text if form or not text.startswith(("{", "[")) else json.loads(text)


class Driver:
    """A browser, by the commands of WebDriver that these launches need."""

    def __init__(self, engine, policy, folder):
        port = free_port()
        if engine == "firefox":
            command = ["geckodriver", "--port", str(port), "--log", "fatal"]
            prefs = {"network.cookie.cookieBehavior": 1} if policy == "blocked" else {}
            options = {"moz:firefoxOptions": {"binary": "/usr/bin/firefox-esr", "args": ["-headless"], "prefs": prefs}}
        else:
            command = ["WebKitWebDriver", f"--port={port}"]
            browser = glob.glob("/usr/lib/*/webkit2gtk-4.*/MiniBrowser")[0]
            options = {"webkitgtk:browserOptions": {"binary": browser, "args": ["--automation"]}}
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.process = subprocess.Popen(command, cwd=folder, start_new_session=True, **quiet)
        self.backend = ("127.0.0.1", port)
        always = {"acceptInsecureCerts": True, **options}
        begun = self.begin({"capabilities": {"alwaysMatch": always}})
        self.session = f"/session/{begun['sessionId']}"

    def begin(self, capabilities):
        for _ in range(100):
            try:
                return self.command("POST", "/session", capabilities)
            except ConnectionRefusedError:
                time.sleep(0.1)
        raise RuntimeError("the driver doesn't answer")

    def command(self, method, path, body=None):
        return ask(self.backend, method, path, body)["value"]

    def do(self, path, body=None):
        return self.command("POST", self.session + path, body or {})

    def windows(self):
        return self.command("GET", self.session + "/window/handles")

    def look(self, frame):
        """What the person sees in the first frame, or in the window itself; None while a page is on its way."""
        try:
            self.do("/frame", {"id": None})
            if frame:
                found = self.do("/element", {"using": "css selector", "value": "#frame-1"})
                self.do("/frame", {"id": found})
            return self.do("/execute/sync", {"script": LOOK, "args": []})
        except (RuntimeError, TimeoutError):
            return None

    def outcome(self, frame):
        end, seen = time.monotonic() + PATIENCE, None
        while time.monotonic() < end:
            seen = self.look(frame) or {"who": "", "picker": False, "offer": False, "says": ""}
            if seen["who"] == STUDENT or seen["picker"]:
                return "arrives"
            if seen["offer"]:
                return "offers"
            if seen["says"] and not seen["offer"]:
                return f"says: {seen['says']}"
            time.sleep(0.2)
        return f"nothing within {PATIENCE} s, last: {seen}"

    def click(self, css):
        self.do("/execute/sync", {"script": "document.querySelector(arguments[0]).focus()", "args": [css]})
        found = self.do("/element", {"using": "css selector", "value": css})
        self.do(f"/element/{next(iter(found.values()))}/click")

    def where(self):
        """The addresses of the window and of its first frame; None while a page is on its way."""
        try:
            self.do("/frame", {"id": None})
            window = self.run("return location.href")
            if "/frame?" not in window:
                return window, ""
            self.do("/frame", {"id": self.do("/element", {"using": "css selector", "value": "#frame-1"})})
            return window, self.run("return location.href")
        except (RuntimeError, TimeoutError):
            return None

    def run(self, script):
        return self.do("/execute/sync", {"script": script, "args": []})

    def go(self, what, school):
        if what == "content":
            return self.choose(school.page(what))
        if what == "back":
            return self.back(school.page(what), school.tool.url)
        return self.launch(school.page(what))

    def choose(self, url):
        """Chooses content, in the frame or in the window that is offered, until the LMS's dialog has it."""
        dialog = self.windows()[0]
        came = self.launch(url)
        if came not in ("frame", "window"):
            return came
        self.click("#quiz")
        self.do("/window", {"handle": dialog})
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            self.do("/frame", {"id": None})
            if "was put into the course" in self.run("return document.getElementById('selected').innerText"):
                # The window closes by itself.
                while time.monotonic() < end and len(self.windows()) > 1:
                    time.sleep(0.1)
                return came if len(self.windows()) == 1 else f"{came}, which stays open"
            time.sleep(0.2)
        return f"{came}, and the dialog never had it"

    def back(self, url, tool):
        """Goes back from the application until the LMS's page before it, and says what of ours stood between."""
        home = url.split("/frame?")[0] + "/"
        self.do("/url", {"url": home})
        came = self.launch(url)
        if came != "frame":
            return came
        for _ in range(8):
            before, now, end = self.where(), None, time.monotonic() + 5
            try:
                self.run("history.back()")
            except (RuntimeError, TimeoutError):
                pass  # the frame is gone
            while now in (None, before) and time.monotonic() < end:
                time.sleep(0.1)
                now = self.where()
            window, frame = now or ("", "")
            if window == home:
                return "leads back"
            if frame.startswith(tool):
                return f"meets {urllib.parse.urlparse(frame).path}"
        return "never leads back"

    def launch(self, url):
        self.do("/url", {"url": url})
        in_frame = self.outcome(frame=True)
        if in_frame != "offers":
            return "frame" if in_frame == "arrives" else in_frame
        before = set(self.windows())
        self.click("form[action^='/lti/login/'] button")
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            new = set(self.windows()) - before
            if new:
                self.do("/window", {"handle": new.pop()})
                in_window = self.outcome(frame=False)
                return "window" if in_window == "arrives" else f"window {in_window}"
            time.sleep(0.1)
        return "the window did not open"

    def end(self):
        try:
            self.command("DELETE", self.session)
        except (OSError, RuntimeError, http.client.HTTPException):
            pass
        os.killpg(self.process.pid, signal.SIGTERM)


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def started(command, environment, ready):
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, **environment})
    for line in process.stdout:
        if ready in line:
            return process, line.strip()
    raise RuntimeError(f"{command[1]} did not start")


class School:
    """A pretend LMS, Hallpass and an application that know each other."""

    def __init__(self, hallpass, profile, certificate, folder):
        self.lms, self.tool = Front(LMS, Proxy, certificate), Front(TOOL, Proxy, certificate)
        self.app = Front(APP, Application, certificate)
        args = ["simulate", "lms", "--listen", "127.0.0.1:0", "--profile", profile, "--public-url", self.lms.url]
        if profile == "canvas":
            self.sign_on, port = Front("127.0.0.4", Proxy, certificate), free_port()
            self.sign_on.backend = ("127.0.0.1", port)
            args += ["--sign-on-listen", f"127.0.0.1:{port}", "--sign-on-public-url", self.sign_on.url]
        self.lms_port = free_port()
        args[3] = f"127.0.0.1:{self.lms_port}"
        self.processes = [started([hallpass, *args], {}, "http")[0]]
        self.lms.backend = ("127.0.0.1", self.lms_port)
        port = free_port()
        environment = {
            "HALLPASS_DATA_DIR": folder, "HALLPASS_BOOTSTRAP_API_KEY": API_KEY, "HALLPASS_LOG_LEVEL": "error",
            "HALLPASS_LISTEN": f"127.0.0.1:{port}", "HALLPASS_PUBLIC_URL": self.tool.url,
            "HALLPASS_OUTBOUND_ALLOW": "127.0.0.0/8",
        }
        self.processes.append(started([hallpass, "serve"], environment, "ready")[0])
        self.tool.backend = self.app.backend = ("127.0.0.1", port)
        self.app.tool = self.tool.url
        self.client_id = self.register()

    def register(self):
        fields = {
            "name": "Hallpass", "login_url": f"{self.tool.url}/lti/login", "redirect_uris": f"{self.tool.url}/lti/launch",
            "jwks_url": "", "target_link_uri": "", "deep_linking_url": "", "public_key": "",
        }
        # Not by way of the front, whose certificate only browsers were told to accept.
        keys = "http://{}:{}/lti/keys".format(*self.tool.backend)
        ask(self.lms.backend, "POST", "/tools/manual", {**fields, "jwks_url": keys}, form=True)
        home = ask(self.lms.backend, "GET", "/")
        client_id = next(part.split('"')[0] for part in home.split('href="/tools/')[1:] if not part.startswith("new"))
        facts = ask(self.lms.backend, "GET", "/tools/new")
        fact = lambda name: facts.split(f"<dt>{name}</dt><dd><code>")[1].split("</code>")[0].replace("&#38;", "&")
        keys = ask(self.lms.backend, "GET", urllib.parse.urlparse(fact("Key set")).path)
        owner = {"Authorization": f"Bearer {API_KEY}"}
        ask(self.tool.backend, "PATCH", "/admin/tool", {"launchUrl": f"{self.app.url}/launch"}, owner)
        platform = {
            "url": fact("Issuer"), "clientId": client_id, "name": "School",
            "authenticationEndpoint": fact("Authorization endpoint"), "accesstokenEndpoint": fact("Token endpoint"),
            "authConfig": {"method": "JWK_KEY", "key": json.dumps(keys["keys"][0])},
            "frameOrigins": [self.lms.url],
        }
        ask(self.tool.backend, "POST", "/admin/platforms", platform, owner)
        return client_id

    def page(self, what):
        query = {"tool": self.client_id, "user": "5", "place": "2/1"}
        if what == "content":
            query |= {"user": "3", "place": "2/", "deep_linking": "true"}
        return f"{self.lms.url}/frame?{urllib.parse.urlencode(query)}"

    def end(self):
        for process in self.processes:
            process.terminate()
            process.wait()


def documented():
    """What docs/browsers.md says of each cell."""
    with open(TABLE) as page:
        rows = [[part.strip() for part in line.split("|")[1:-1]] for line in page if line.startswith("|")]
    return {tuple(row[:5]): row[5] for row in rows if len(row) == 6}


def cells():
    for profile, scheme in itertools.product(PROFILES, ("https", "http")):
        for engine, policies in ENGINES.items():
            for policy, headers in itertools.product(policies, ("with Sec-Fetch", "without Sec-Fetch")):
                yield profile, scheme, engine, policy, headers
        for what, browsers in FURTHER[profile].items() if scheme == "https" else ():
            for engine, policy in browsers:
                yield profile, scheme, engine, policy, what


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--hallpass", required=True)
    arguments.add_argument("words", nargs="*")
    given = arguments.parse_args()
    chosen = [cell for cell in cells() if all(word in " ".join(cell).split() for word in given.words)]
    if not chosen:
        sys.exit("no cell has all these words")
    wrong, documentation = 0, documented()
    print("| LMS | scheme | browser | cookies | headers | the launch |\n| --- | --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        certificate = (f"{folder}/certificate.pem", f"{folder}/key.pem")
        names = ",".join(f"IP:127.0.0.{last}" for last in range(1, 5))
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                        "-days", "2", "-subj", "/CN=browsers", "-addext", f"subjectAltName={names}",
                        "-out", certificate[0], "-keyout", certificate[1]], check=True, capture_output=True)
        for (profile, scheme), of_school in itertools.groupby(chosen, key=lambda cell: cell[:2]):
            data = f"{folder}/{profile}-{scheme}"
            school = School(given.hallpass, profile, certificate if scheme == "https" else None, data)
            for cell in of_school:
                school.tool.strips = cell[4].startswith("without")
                driver = Driver(cell[2], cell[3], folder)
                try:
                    came = driver.go(cell[4], school)
                finally:
                    driver.end()
                expected = documentation.get(cell)
                note = "" if came == expected else f" (docs/browsers.md says: {expected})"
                wrong += came != expected
                print(f"| {' | '.join(cell)} | {came}{note} |", flush=True)
            school.end()
    sys.exit(f"{wrong} of {len(chosen)} are not as documented" if wrong else 0)


main()
