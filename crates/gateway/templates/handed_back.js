addEventListener("message", function (event) {
  var said = event.data;
  if (event.origin !== location.origin || !said || said.subject !== "hallpass.deep_linking") return;
  var form = document.getElementById("handed-back");
  form.elements.ticket.value = said.ticket;
  form.elements.JWT.value = said.JWT;
  event.source.postMessage({ subject: "hallpass.deep_linking.taken" }, event.origin);
  (form.requestSubmit || form.submit).call(form);
});
