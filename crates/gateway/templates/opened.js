// A login that opens in a new window can be finished once, so its button goes with the first click.
document.querySelectorAll('form[target="_blank"]').forEach(function (form) {
  form.addEventListener("submit", function () {
    // After the browser has read the form.
    setTimeout(function () {
      document.querySelectorAll(".asks").forEach(function (said) { said.hidden = true; });
      form.hidden = true;
      form.parentNode.querySelector(".opened").hidden = false;
    });
  });
});
