// The dialog that asked for content is the page around the frame. Its function is called by the page that the tool's answer
// comes back to, as in Moodle: without the dialog around it that page can do nothing.
"use strict";
var dialog = document.getElementById("dialog");
if (dialog) {
  window.processContentItemReturnData = function (said) {
    var frame = document.getElementById("frame-1");
    if (frame) frame.remove();
    document.getElementById("selected").textContent = said;
    document.getElementById("selected-link").hidden = false;
  };
}
var chosen = document.getElementById("chosen");
if (chosen && window !== window.parent && typeof parent.processContentItemReturnData === "function") {
  parent.processContentItemReturnData(chosen.textContent.trim());
}
