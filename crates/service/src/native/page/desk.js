// The desk of one party: what stands, what waits for an answer, and what was said. Everything it shows came from this service as text, and is
// put on the page as text. The token stays in this tab.
"use strict";

const TEXT = {
  token: "Token of your party",
  role: "Your role (it stands beside what you answer)",
  enter: "Open the desk",
  leave: "Leave",
  stop: "STOP to everybody",
  stopSure: "Send STOP to every party that can be reached?",
  findings: "What stands",
  offers: "Offers",
  relays: "To pass on",
  events: "What was said, newest first",
  none: "Nothing.",
  live: "live",
  away: "not connected since",
  readBack: "Read back: type it again",
  check: "Compare",
  accept: "Accept",
  unable: "Unable",
  refuse: "Refuse",
  pass: "Pass on to",
  proposals: "What would settle it?",
  offer: "Offer this",
  noProposals: "Nothing follows from what you may know.",
  by: "answer by",
  through: "through",
  othersNot: "The other side has not been told.",
  counterpart: "the other party",
  readBackDone: "read back",
  answered: "answered",
};
const LEVELS = ["critical", "urgent", "warn", "watch", "note"];
const EVENTS_SHOWN = 100;

const $ = (id) => document.getElementById(id);
let token = sessionStorage.getItem("token") || "";
let role = sessionStorage.getItem("role") || "";
let last = 0;
let events = [];
let running = 0;

function made(name, text, className) {
  const element = document.createElement(name);
  if (text !== undefined) element.textContent = text;
  if (className) element.className = className;
  return element;
}

function button(text, press) {
  const element = made("button", text);
  element.type = "button";
  element.addEventListener("click", async () => {
    element.disabled = true;
    await press();
    element.disabled = false;
  });
  return element;
}

async function ask(method, path, body) {
  const answer = await fetch(path, {
    method,
    headers: { authorization: "Bearer " + token, "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
    cache: "no-store",
  });
  const said = await answer.json().catch(() => ({}));
  if (answer.ok) return said;
  const problems = (said.problems || []).map((p) => `${p.field}: found ${p.found}, expected ${p.expected}`);
  throw new Error([said.message || answer.statusText, ...problems].join("; "));
}

/** Asks for something and shows why it was refused; then shows everything anew. */
async function act(method, path, body) {
  $("said").textContent = "";
  try {
    const answer = await ask(method, path, body);
    await show();
    return answer;
  } catch (error) {
    $("said").textContent = error.message;
    return null;
  }
}

const when = (text) => (text || "").replace("T", " ").replace(/\.\d+Z$/, "Z").replace(/(:\d\d):00Z$/, "$1Z");

function windowText(window) {
  if (!window) return "";
  return window[0] ? `${when(window[0])} to ${when(window[1])}` : `until ${when(window[1])}`;
}

async function show() {
  const [findings, offers, relays, status] = await Promise.all([
    ask("GET", "/api/v1/findings"), ask("GET", "/api/v1/offers"), ask("GET", "/api/v1/relays"), ask("GET", "/api/v1/status"),
  ]);
  $("who").textContent = `${status.you}, ${when(status.now)}`;
  $("missing").textContent = findings.not_in_this_picture;
  const byLevel = (a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level);
  const items = await Promise.all(findings.findings.sort(byLevel).map(finding));
  fill("findings", items);
  fill("offers", offers.offers.filter((offer) => offer.state === "open").map(offerItem));
  fill("relays", relays.relays.map(relayItem));
  fill("events", events.slice(-EVENTS_SHOWN).reverse().map(([number, event]) => made("li", `${number}  ${when(event.at)}  ${eventText(event)}`)));
}

function fill(id, items) {
  // Whoever is typing into a form keeps what was typed.
  const typed = {};
  for (const input of $(id).querySelectorAll("input")) if (input.value) typed[input.id] = input.value;
  const focused = document.activeElement && document.activeElement.id;
  $(id).replaceChildren(...(items.length ? items : [made("li", TEXT.none, "quiet")]));
  for (const [name, value] of Object.entries(typed)) if ($(name)) $(name).value = value;
  if (focused && $(focused)) $(focused).focus();
}

async function finding(found) {
  const what = found.what || {};
  const item = made("li", undefined, found.level);
  const head = made("div", undefined, "head");
  head.append(made("span", found.finding), made("span", found.level, "level"));
  if (found.via) head.append(made("span", `${TEXT.through} ${found.via.join(", ")}`, "quiet"));
  if (found.accept_by) head.append(made("span", `${TEXT.by} ${when(found.accept_by)}`, "quiet"));
  item.append(head, made("p", what.text));
  const facts = [windowText(what.window), what.band_m && `${what.band_m[0]} to ${what.band_m[1]} m`, what.region && `${what.region[0].join(", ")} to ${what.region[1].join(", ")}`];
  item.append(made("p", facts.filter(Boolean).join(" · "), "quiet"));
  if (what.others_told === false) item.append(made("p", TEXT.othersNot, "quiet"));
  if (found.read_back) item.append(...(await notice(found)));
  const proposals = made("div");
  item.append(button(TEXT.proposals, () => propose(found.finding, proposals)), proposals);
  return item;
}

/** What is to be done about a notice: read it back, accept it, or say that one is unable. Tells the service that this page shows it. */
async function notice(found) {
  const path = `/api/v1/notices/${found.number}`;
  const there = await ask("GET", path);
  const steps = there.ladder.map((step) => step.step);
  if (there.void || steps.includes("accepted") || steps.includes("unable")) return [made("p", TEXT.answered, "done")];
  if (!steps.includes("displayed") && document.visibilityState === "visible") {
    await ask("POST", path + "/steps", { step: "displayed", role: role || undefined }).catch(() => {});
  }
  const parts = [];
  if (found.read_back.length && !steps.includes("read-back")) {
    const form = made("form");
    form.setAttribute("aria-label", TEXT.readBack);
    for (const field of found.read_back) {
      const row = made("div");
      const label = made("label", `${TEXT.readBack}: ${field}`);
      const input = made("input");
      input.id = `back-${found.number}-${field}`;
      label.htmlFor = input.id;
      input.autocomplete = "off";
      row.append(label, input);
      form.append(row);
    }
    const send = made("button", TEXT.check);
    send.type = "submit";
    form.append(send);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const fields = Object.fromEntries(found.read_back.map((field) => [field, $(`back-${found.number}-${field}`).value]));
      act("POST", path + "/steps", { step: "read-back", role: role || undefined, fields });
    });
    parts.push(form);
  } else if (steps.includes("read-back")) {
    parts.push(made("p", TEXT.readBackDone, "done"));
  }
  const answer = (step) => act("POST", path + "/steps", { step, role: role || undefined });
  parts.push(button(TEXT.accept, () => answer("accepted")), button(TEXT.unable, () => answer("unable")));
  return parts;
}

async function propose(name, place) {
  try {
    const { proposals } = await ask("GET", `/api/v1/findings/${name}/proposals`);
    const rows = proposals.map((proposal) => {
      const row = made("p", proposal.text + " ");
      row.append(button(TEXT.offer, () => act("POST", "/api/v1/offers", { finding: name, changes: proposal.changes, text: proposal.text })));
      return row;
    });
    place.replaceChildren(...(rows.length ? rows : [made("p", TEXT.noProposals, "quiet")]));
  } catch (error) {
    $("said").textContent = error.message;
  }
}

function changeText(change) {
  const { claim, ...rest } = change;
  return `${claim}: ${Object.entries(rest).map(([name, value]) => `${name} ${typeof value === "string" ? value : JSON.stringify(value)}`).join(", ")}`;
}

function offerItem(offer) {
  const item = made("li");
  const head = made("div", undefined, "head");
  head.append(made("span", offer.offer), made("span", offer.finding || "", "quiet"), made("span", `${TEXT.by} ${when(offer.expires)}`, "quiet"));
  item.append(head, made("p", offer.terms.text), made("p", offer.terms.changes.map(changeText).join("; "), "quiet"));
  if (!offer.yours) {
    const decide = (accept) => act("POST", `/api/v1/offers/${offer.offer}/decision`, { accept });
    item.append(button(TEXT.accept, () => decide(true)), button(TEXT.refuse, () => decide(false)));
  }
  return item;
}

function relayItem(relay) {
  const item = made("li");
  item.append(made("p", eventText(relay.message)), button(`${TEXT.pass} ${relay.to}`, () => act("POST", `/api/v1/relays/${relay.relay}`)));
  return item;
}

function eventText(event) {
  const level = event.level ? event.level.toUpperCase() + " " : "";
  const text = (event.what && (event.what.text || event.what)) || event.text || (event.facts || []).join("; ") || event.state || "";
  return `${event.event} ${event.change || event.template || ""} ${event.finding || event.offer || event.claim || ""} ${level}${typeof text === "string" ? text : ""}`.replace(/\s+/g, " ");
}

/** Follows the stream from the last event on, for as long as nobody leaves. */
async function follow(mine) {
  let since = null;
  while (mine === running) {
    try {
      const answer = await fetch("/api/v1/events", {
        headers: { authorization: "Bearer " + token, accept: "text/event-stream", "last-event-id": String(last) },
        cache: "no-store",
      });
      if (!answer.ok) throw new Error((await answer.json().catch(() => ({}))).message || answer.statusText);
      since = null;
      state("live", TEXT.live);
      await show();
      await read(answer.body.getReader(), mine);
    } catch (error) {
      $("said").textContent = error.message;
    }
    if (mine !== running) return;
    since = since || new Date().toISOString();
    state("away", `${TEXT.away} ${when(since.slice(0, 19) + "Z")}`);
    await new Promise((done) => setTimeout(done, 1000));
  }
}

async function read(reader, mine) {
  const decoder = new TextDecoder();
  let rest = "";
  while (mine === running) {
    const { value, done } = await reader.read();
    if (done) return;
    rest += decoder.decode(value, { stream: true });
    const blocks = rest.split("\n\n");
    rest = blocks.pop();
    let news = false;
    for (const block of blocks) {
      const line = (name) => (block.split("\n").find((line) => line.startsWith(name)) || "").slice(name.length);
      const number = Number(line("id: "));
      if (!number) continue;
      last = number;
      events.push([number, JSON.parse(line("data: "))]);
      news = true;
    }
    await ask("POST", "/api/v1/heartbeat", { seen: last }).catch(() => {});
    if (news) await show();
  }
  reader.cancel();
}

function state(name, text) {
  $("state").className = name;
  $("state").textContent = text;
}

function open() {
  $("enter").hidden = true;
  $("token").value = "";
  for (const id of ["desk", "stop", "leave"]) $(id).hidden = false;
  running += 1;
  follow(running);
}

function leave() {
  running += 1;
  sessionStorage.clear();
  location.reload();
}

$("token").labels[0].textContent = TEXT.token;
$("role").labels[0].textContent = TEXT.role;
$("enter").querySelector("button").textContent = TEXT.enter;
$("stop").textContent = TEXT.stop;
$("leave").textContent = TEXT.leave;
for (const id of ["findings", "offers", "relays", "events"]) $("h-" + id).textContent = TEXT[id];
$("enter").addEventListener("submit", async (event) => {
  event.preventDefault();
  token = $("token").value.trim();
  role = $("role").value.trim();
  try {
    await ask("GET", "/api/v1/status");
    sessionStorage.setItem("token", token);
    sessionStorage.setItem("role", role);
    open();
  } catch (error) {
    $("refused").textContent = error.message;
  }
});
$("leave").addEventListener("click", leave);
$("stop").addEventListener("click", () => {
  if (confirm(TEXT.stopSure)) act("POST", "/api/v1/messages", { template: "stop", role: role || undefined });
});
if (token) open();
