// An application behind Hallpass: HALLPASS=http://127.0.0.1:8080 API_KEY=... PORT=3000 node app.mjs
// The ltik is the session: it travels in the form, since many browsers keep no cookies in a frame, and needs the API key.
import { createServer } from "node:http";
const { HALLPASS, API_KEY, PORT } = process.env;

async function ask(ltik, path, body) {
  const headers = { Authorization: `LTIK-AUTH-V2 ${API_KEY}:${ltik}`, "Content-Type": "application/json" };
  const answer = await fetch(HALLPASS + path, body ? { method: "POST", headers, body: JSON.stringify(body) } : { headers });
  const found = await answer.json().catch(() => null);
  if (!answer.ok) throw new Error(found?.details?.description ?? `Hallpass answered ${answer.status}`); // why it was refused
  return found;
}

async function roster(ltik) {
  const options = [];
  for (let path = "/api/memberships?role=Learner"; path; ) {
    const page = await ask(ltik, path);
    for (const { userId, name } of page.members) options.push(`<option value="${escape(userId)}">${escape(name ?? userId)}</option>`);
    path = page.next && `/api/memberships?url=${encodeURIComponent(page.next)}`;
  }
  return `<form method="post" action="/launch"><input type="hidden" name="ltik" value="${escape(ltik)}">
    ${options.length} students: <select name="user">${options.join("")}</select>
    <input name="score" type="number" min="0" required> <button>Grade</button></form>`;
}

async function grade(ltik, services, sent) {
  if (!sent.get("score")?.trim()) throw new Error("there is no score"); // Number("") is 0
  const lineItem = encodeURIComponent(services.assignmentAndGrades.lineItemId);
  const graded = { activityProgress: "Completed", gradingProgress: "FullyGraded" };
  await ask(ltik, `/api/lineitems/${lineItem}/scores`, { userId: sent.get("user"), scoreGiven: Number(sent.get("score")), ...graded });
  return "<p>The grade is in the gradebook.</p>";
}

const failed = (what) => ({ message, cause }) => { // it becomes a line on the page and in the log, and the rest goes on
  console.error(`${what}: ${cause?.message || message}`);
  return `<p>${what}: ${escape(message)}</p>`;
};

async function launch(method, sent) {
  const ltik = sent.get("ltik");
  const { user, services } = await ask(ltik, "/api/idtoken");
  const page = [`<h1>Hello ${escape(user.name ?? "there")}</h1><p>You are here as ${user.role}.</p>`];
  if (user.role !== "instructor") return page.join("");
  if (method === "POST") page.push(await grade(ltik, services, sent).catch(failed("The grade was not taken")));
  if (services.namesAndRoles.available) page.push(await roster(ltik).catch(failed("There is no roster")));
  return page.join("");
}

const escape = (text) => text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);

createServer(async (request, response) => {
  let [status, page, body] = [403, "<h1>Please open this again from your course</h1>", ""];
  for await (const piece of request) body += piece;
  try {
    [page, status] = [await launch(request.method, new URLSearchParams(body || request.url.split("?")[1])), 200];
  } catch (error) {
    console.error(`No launch: ${error.cause?.message || error.message}`);
  }
  response.writeHead(status, { "Content-Type": "text/html; charset=utf-8", "Referrer-Policy": "no-referrer" }).end(page);
}).listen(PORT, "127.0.0.1");
