// LTI postMessage storage as a platform's page gives it: what a tool puts is kept under the tool's origin as long as
// this page is open. Where the vendor has a forwarding frame, the tools' messages come from it and the answers leave
// through it.
(function () {
  const about = JSON.parse(document.getElementById("storage").textContent);
  const kept = new Map();
  const heard = new Set();
  const said = document.getElementById("said");
  const foreign = document.getElementById("foreign");
  const forwarder = document.getElementById("forwarder");

  function note(origin, asked, answered) {
    const line = document.createElement("li");
    const code = document.createElement("code");
    code.textContent = origin + " " + JSON.stringify(asked) + " → " + (answered ? JSON.stringify(answered) : "(nothing)");
    line.append(code);
    said.append(line);
  }

  function isGet(message) {
    return message.subject === "lti.get_data";
  }

  function rightAnswer(message, origin) {
    const answer = { subject: message.subject + ".response", message_id: message.message_id };
    const refused = (code, text) => ({ ...answer, error: { code: code, message: text } });
    if (message.subject === "lti.capabilities") {
      const place = about.frame ? { frame: about.frame } : {};
      answer.supported_messages = [
        { subject: "lti.capabilities" },
        { subject: "lti.get_data", ...place },
        { subject: "lti.put_data", ...place },
      ];
      return answer;
    }
    if (!isGet(message) && message.subject !== "lti.put_data") {
      return refused("unsupported_subject", "There is no " + message.subject);
    }
    if (typeof message.key !== "string" || message.key === "") return refused("bad_request", "key is missing");
    const name = JSON.stringify([origin, message.key]);
    answer.key = message.key;
    if (isGet(message)) {
      answer.value = kept.has(name) ? kept.get(name) : null;
    } else if (message.value === null || message.value === undefined) {
      kept.delete(name);
      answer.value = null;
    } else if (String(message.value).length > 4096) {
      return refused("storage_exhaustion", "The value is too long");
    } else {
      kept.set(name, message.value);
      answer.value = message.value;
    }
    return answer;
  }

  // The answers in order: what is wrong on purpose, and what is right. The first to come from elsewhere is marked.
  function answers(message, origin) {
    const right = rightAnswer(message, origin);
    const forged = { ...right, value: "forged" };
    const atLaunch = about.fault && about.fault.endsWith("-at-launch");
    const name = JSON.stringify([origin, message.subject, message.key]);
    const first = !heard.has(name);
    heard.add(name);
    // A tool may read a value back at login: the second request for it is the launch's.
    if (atLaunch && (first || !isGet(message))) return [right];
    const failed = {
      subject: right.subject,
      message_id: right.message_id,
      error: { code: "bad_request", message: "This page refuses on purpose" },
    };
    switch (about.fault) {
      case "silent-at-first":
        return first && !isGet(message) ? [] : [right];
      case "silent":
      case "silent-at-launch":
        return [];
      case "error":
      case "error-at-launch":
        return [failed];
      case "null":
      case "null-at-launch":
        return [isGet(message) ? { ...right, value: null } : right];
      case "other-value":
      case "other-value-at-launch":
        return [isGet(message) ? { ...right, value: "somebody-elses" } : right];
      case "wrong-id-first":
        return [{ ...forged, message_id: crypto.randomUUID() }, right];
      case "foreign-first":
        return [{ elsewhere: forged }, right];
      default:
        return [right];
    }
  }

  // A window of another origin says it to every frame of this page.
  function sayFromElsewhere(message) {
    return new Promise((done) => {
      addEventListener("message", function heard(event) {
        if (event.source !== foreign.contentWindow) return;
        removeEventListener("message", heard);
        done();
      });
      foreign.contentWindow.postMessage(message, "*");
    });
  }

  async function serve(message, origin, send) {
    if (typeof message !== "object" || message === null || typeof message.subject !== "string") return;
    if (!message.subject.startsWith("lti.") || message.subject.endsWith(".response")) return;
    const all = answers(message, origin);
    if (all.length === 0) note(origin, message, null);
    for (const answer of all) {
      if (answer.elsewhere) {
        await sayFromElsewhere(answer.elsewhere);
        note(origin + ", answered from elsewhere", message, answer.elsewhere);
      } else {
        send(answer);
        note(origin, message, answer);
      }
    }
  }

  addEventListener("message", (event) => {
    if (foreign && event.source === foreign.contentWindow) return;
    if (forwarder && event.source === forwarder.contentWindow) {
      if (event.origin !== about.forwarder) return;
      const { number, origin, message } = event.data;
      serve(message, origin, (answer) => forwarder.contentWindow.postMessage({ number, answer }, about.forwarder));
      return;
    }
    serve(event.data, event.origin, (answer) => event.source.postMessage(answer, event.origin));
  });

  // The tools are opened when whoever answers them is there.
  function open() {
    for (const frame of document.querySelectorAll("iframe[data-src]")) frame.src = frame.dataset.src;
  }
  const helpers = [foreign, forwarder].filter(Boolean);
  let waiting = helpers.length;
  for (const helper of helpers) {
    helper.addEventListener("load", () => {
      waiting -= 1;
      if (waiting === 0) open();
    });
    helper.src = helper.dataset.helper;
  }
  if (waiting === 0) open();
})();
