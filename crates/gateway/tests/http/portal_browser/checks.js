// Gives a list of sentences, one a fault of the page; empty if it is as it should be.
((language) => {
  const faults = [];
  const fault = (what, element) => faults.push(element ? `${what}: ${element.outerHTML.slice(0, 120)}` : what);
  const all = (css) => [...document.querySelectorAll(css)];
  const shown = (element) => element.checkVisibility({ visibilityProperty: true });

  // portal.md PO-2
  const bytes = performance.getEntriesByType("navigation")[0].decodedBodySize;
  if (bytes > 30000) fault(`${bytes} bytes`);
  const wide = document.scrollingElement.scrollWidth - document.documentElement.clientWidth;
  if (wide > 0) fault(`${wide} pixels too wide`);
  if (document.documentElement.lang !== language) fault(`the language is ${document.documentElement.lang}`);
  if (all("h1").filter(shown).length !== 1) fault("not exactly one h1");
  let level = 0;
  for (const heading of all("h1, h2, h3, h4, h5, h6").filter(shown)) {
    const next = Number(heading.localName[1]);
    if (next > level + 1) fault("a heading leaves a level out", heading);
    level = next;
  }
  if (document.getAnimations().length) fault("something moves");
  if (getComputedStyle(document.body).borderTopStyle !== "solid") fault("the style didn't come");
  const ids = all("[id]").map((element) => element.id);
  ids.filter((id, at) => ids.indexOf(id) !== at).forEach((id) => fault(`the id ${id} twice`));
  for (const link of all("a[href^='#']")) {
    if (!document.getElementById(link.hash.slice(1))) fault("a link to nothing", link);
  }
  // A form that changes something carries its token.
  for (const form of all("main form[method=post], nav form[method=post]")) {
    const isOutside = !document.getElementById("nav");
    if (!isOutside && !form.querySelector("[name=token]")) fault("a form without its token", form);
  }
  for (const control of all("button, .button, input:not([type=hidden]), select, textarea, summary").filter(shown)) {
    const box = control.getBoundingClientRect();
    const isTick = control.type === "checkbox" || control.type === "radio";
    if (!isTick && (box.width < 24 || box.height < 24)) fault(`a control of ${box.width} × ${box.height}`, control);
  }
  for (const control of all("a[href], button, input:not([type=hidden]), select, textarea, summary").filter(shown)) {
    control.focus({ focusVisible: true });
    if (document.activeElement !== control) { if (!control.disabled) fault("the focus can't come here", control); continue; }
    const ring = getComputedStyle(control);
    if (ring.outlineStyle === "none" || parseFloat(ring.outlineWidth) < 3) fault("no visible focus", control);
    control.blur();
  }
  scrollTo(0, 0);
  return faults;
})
