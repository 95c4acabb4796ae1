// Run by a page that shows another in a frame of 360 pixels: what is too wide there, and what is hard to read.
const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 });
const brush = canvas.getContext("2d", { willReadFrequently: true });
// Any colour of CSS over what is behind it, as red, green and blue.
function paint(colours) {
  brush.clearRect(0, 0, 1, 1);
  for (const colour of colours) {
    brush.fillStyle = colour;
    brush.fillRect(0, 0, 1, 1);
  }
  return [...brush.getImageData(0, 0, 1, 1).data].slice(0, 3);
}
function luminance(rgb) {
  const [r, g, b] = rgb.map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(element) {
  const behind = [];
  for (let at = element; at; at = at.parentElement) behind.unshift(getComputedStyle(at).backgroundColor);
  const back = luminance(paint(behind));
  const front = luminance(paint([...behind, getComputedStyle(element).color]));
  return (Math.max(back, front) + 0.05) / (Math.min(back, front) + 0.05);
}
function look(frame) {
  const page = frame.contentDocument;
  const found = [];
  const wide = page.documentElement.scrollWidth;
  if (wide > 360) found.push(`it is ${wide} pixels wide`);
  for (const element of page.body.querySelectorAll("*")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (own && element.checkVisibility() && contrast(element) < 4.5) found.push(`hard to read: ${element.outerHTML.slice(0, 120)}`);
  }
  const background = paint([getComputedStyle(page.documentElement).backgroundColor]);
  return { dark: luminance(background) < 0.2, found };
}
// Looks at one page after the other and tells the test.
async function lookAt(names) {
  const seen = {};
  for (const name of names) {
    const frame = Object.assign(document.createElement("iframe"), { src: "/page/" + name, width: 360, height: 800 });
    frame.style.border = 0;
    const loaded = new Promise((done) => (frame.onload = done));
    document.body.append(frame);
    await loaded;
    seen[name] = look(frame);
    frame.remove();
  }
  const headers = { "content-type": "application/json" };
  await fetch("/seen", { method: "POST", headers, body: JSON.stringify(seen) });
}
