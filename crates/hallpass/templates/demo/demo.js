// The steps tick, and trace and JSON follow, while the page is looked at. It asks for itself again and takes over the
// elements with data-look; the frame, and whatever has the focus, stay as they are.
"use strict";
{
  const EVERY = 1500;
  const parts = [...document.querySelectorAll("[data-look]")];

  const take = (part, fresh) => {
    if (part.className !== fresh.className) part.className = fresh.className;
    if (part.dataset.look === "class" || part.innerHTML === fresh.innerHTML) return;
    if (part.contains(document.activeElement)) return;
    part.replaceChildren(...document.adoptNode(fresh).childNodes);
  };

  const look = () => {
    if (document.hidden) return setTimeout(look, EVERY);
    const request = new XMLHttpRequest();
    request.responseType = "document";
    request.onload = () => {
      const page = request.status === 200 && request.response;
      if (page) {
        document.title = page.title;
        for (const part of parts) {
          const fresh = page.getElementById(part.id);
          if (fresh) take(part, fresh);
        }
      }
      setTimeout(look, EVERY);
    };
    request.onerror = () => setTimeout(look, EVERY);
    request.open("GET", "/");
    request.send();
  };
  setTimeout(look, EVERY);

  // What is opened in the frame is looked at, also where the frame is below the fold.
  const frame = document.getElementById("launch");
  for (const link of document.querySelectorAll("a[target=launch]")) {
    link.addEventListener("click", () => frame.scrollIntoView({ block: "nearest" }));
  }
}
