// LTI Client Side postMessages: ask the platform's window to keep or give back a value for this browser.
// Never answers twice, never waits longer than two seconds, and believes only the platform's own window. Answers with
// the value, or with why there is none.
function storage(about, subject, value) {
  return new Promise(function (answer) {
    var host = window.parent === window && window.opener ? window.opener : window.parent;
    var target = null;
    try {
      target = about.target === "_parent" ? host : host.frames[about.target];
      if (typeof target.postMessage !== "function") target = null;
    } catch (noWindow) {
      target = null;
    }
    if (!target || target === window) return answer({ why: "no-frame" });
    var id = crypto.randomUUID ? crypto.randomUUID() : String(crypto.getRandomValues(new Uint32Array(4)));
    var timer = setTimeout(done, 2000, { why: "silent" });
    function done(result) {
      clearTimeout(timer);
      window.removeEventListener("message", heard);
      answer(result);
    }
    function heard(event) {
      var data = event.data;
      if (event.origin !== about.origin || event.source !== target) return;
      if (typeof data !== "object" || data === null || data.message_id !== id) return;
      if (data.subject !== subject + ".response" || (data.key !== undefined && data.key !== about.key)) return;
      done(data.error ? { why: "error" } : { value: data.value });
    }
    window.addEventListener("message", heard);
    var message = { subject: subject, message_id: id, key: about.key };
    if (value !== undefined) message.value = value;
    target.postMessage(message, about.origin);
  });
}
// Puts the value and reads it back. A window that doesn't give it back now won't at launch, and then it is too late for
// any other way: the platform lets a login be finished once.
function keep(about) {
  return storage(about, "lti.put_data", about.value).then(function (put) {
    return put.why ? put : storage(about, "lti.get_data");
  }).then(function (got) {
    return got.value === about.value;
  });
}
// Shows what else can be done, and tries again meanwhile: the platform's window may only be busy, or not be there yet.
function offer(about, done) {
  var waiting = document.getElementById("waiting");
  var fallback = document.getElementById("fallback");
  var left = 30;
  waiting.hidden = true;
  fallback.hidden = false;
  // Whoever opens the new window has chosen: the platform lets a login be finished once.
  fallback.addEventListener("submit", function () { left = 0; });
  function put() {
    if (left > 0) keep(about).then(hear);
  }
  function hear(isKept) {
    left -= 1;
    if (!isKept) return setTimeout(put, 1000);
    if (left < 0) return;
    fallback.hidden = true;
    waiting.hidden = false;
    done();
  }
  put();
}
var about = JSON.parse(document.getElementById("about").textContent);
