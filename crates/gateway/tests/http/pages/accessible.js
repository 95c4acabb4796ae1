// Gives a list of sentences, one a fault; empty where the page is as it should be.
(() => {
  const faults = [];
  const fault = (what, element) => faults.push(element ? `${what}: ${element.outerHTML.slice(0, 120)}` : what);
  const shown = (element) => element.checkVisibility({ visibilityProperty: true });
  const all = (css) => [...document.querySelectorAll(css)].filter(shown);

  // Colours as [red, green, blue, alpha] of 0 to 1.
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const colour = (text) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = text;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data].map((part) => part / 255);
  };
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, other) => {
    const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const [r, g, b, alpha] = colour(getComputedStyle(at).backgroundColor);
      if (alpha === 1) return [r, g, b];
      if (alpha > 0) fault("a half transparent background can't be measured", at);
    }
    fault("no background is set", element);
    return [1, 1, 1];
  };

  // 1.4.3: text.
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !shown(element)) continue;
    const style = getComputedStyle(element);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const ratio = contrast(colour(style.color).slice(0, 3), behind(element));
    if (ratio < (large ? 3 : 4.5)) fault(`contrast ${ratio.toFixed(2)}`, element);
    if (size < 13) fault(`text of ${size} pixels`, element);
  }

  // 2.4.2, 3.1.1, 1.3.1, 2.4.6: title, language, landmark, headings.
  if (!document.title.trim()) fault("no title");
  if (!/^(en|es|fr|de|pt)$/.test(document.documentElement.lang)) fault("no language");
  if (all("main").length !== 1) fault("not exactly one main");
  if (all("h1").length !== 1) fault("not exactly one h1");
  if (all("h1").some((heading) => !heading.textContent.trim())) fault("an empty heading");
  const levels = all("h1, h2, h3, h4, h5, h6").map((heading) => Number(heading.tagName[1]));
  levels.forEach((level, at) => {
    if (level > (at ? levels[at - 1] : 0) + 1) fault(`a heading of level ${level} too early`);
  });
  for (const child of document.body.children) {
    if (shown(child) && child.tagName !== "MAIN" && child.textContent.trim()) fault("text outside of main", child);
  }
  for (const text of all("p, li, dt, dd, h1")) {
    if (!text.textContent.trim()) fault("an empty element", text);
  }
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  if (new Set(ids).size !== ids.length) fault("an id twice");
  for (const element of document.querySelectorAll("[lang]")) {
    if (element !== document.documentElement && element.lang !== "en") fault("a strange language", element);
  }
  for (const list of all("dl")) {
    if ([...list.children].some((item) => !/^D[TD]$/.test(item.tagName))) fault("a dl of other things", list);
  }

  // 4.1.2, 2.5.8, 2.4.7, 1.4.11: controls have names, are large enough, and show the focus.
  for (const control of all("button, a[href], input, select, textarea")) {
    if (!control.textContent.trim()) fault("a control without a name", control);
    const box = control.getBoundingClientRect();
    if (box.width < 24 || box.height < 24) fault(`a control of ${box.width} × ${box.height}`, control);
    if (control.tabIndex !== 0) fault("a control the keyboard can't reach", control);
    const around = behind(control.parentElement);
    const style = getComputedStyle(control);
    const edge = contrast(colour(style.borderTopColor).slice(0, 3), around);
    if (edge < 3) fault(`an edge of contrast ${edge.toFixed(2)}`, control);
    control.focus({ focusVisible: true });
    const focused = getComputedStyle(control);
    if (focused.outlineStyle === "none" || parseFloat(focused.outlineWidth) < 2) fault("no visible focus", control);
    const ring = contrast(colour(focused.outlineColor).slice(0, 3), around);
    if (ring < 3) fault(`a focus of contrast ${ring.toFixed(2)}`, control);
    control.blur();
  }

  // 1.4.10, 2.2.2, 2.3.3: nothing to scroll sideways, nothing that moves.
  const wide = document.scrollingElement.scrollWidth - document.documentElement.clientWidth;
  if (wide > 0) fault(`${wide} pixels too wide`);
  for (const element of all("main, main *")) {
    if (element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).display !== "inline") fault("cut off", element);
  }
  if (document.getAnimations().length) fault("something moves");
  // The policy lets only the page's own style in: without it nothing of this would be right.
  if (getComputedStyle(document.querySelector("main")).borderTopStyle !== "solid") fault("the style didn't come");
  return faults;
})();
