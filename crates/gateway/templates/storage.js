// LTI Client Side postMessages: ask the platform's window to keep or give back a value for this browser.
// Never answers twice, never waits longer than two seconds, and believes only the platform's own window. Answers with
// the value, or with why there is none.
function storage(about, subject, value) {
  return new Promise(function (answer) {
    var host = window.parent === window && window.opener ? window.opener : window.parent;
    var target = null;
    try {
      target = about.target === "_parent" ? host : host.frames[about.target];
    } catch (blocked) {
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
var about = JSON.parse(document.getElementById("about").textContent);
