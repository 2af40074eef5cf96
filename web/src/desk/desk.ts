// The desk of one party: the picture as far as it may see it, what waits for an answer, and what was said. Everything it shows came from this service
// as text, and is put on the page as text.

import { $, add, button, made } from "../dom";
import { Picture } from "../picture";
import { type Finding, LEVELS, type Preview, type Scene } from "../scene";
import { TEXTS } from "../texts";
import { drawing } from "./draw";
import { type Told, UNNAMED, drawnFinding, partiesOf } from "./found";
import { Service } from "./service";
import { changeText, eventText, when, windowText } from "./words";

const WORKER = "/map-worker.js";
const EVENTS_SHOWN = 100;
/** A party that says nothing for minutes counts as silent; whoever looks at this page is there. */
const BEAT_MS = 60_000;
/** How often everything is asked for again without an event. */
const AGAIN_MS = 10_000;
const EMPTY: Scene = {
  title: "", id: "", reader: null, as_of: 0, span: [0, 1], altitude_reference: "", parties: [], claims: [], areas: [], barriers: [], places: [], findings: [],
};

export function desk() {
  const service = new Service();
  let role = sessionStorage.getItem("role") ?? "";
  let picture: Picture | null = null;
  let me = "";
  let events: [number, any][] = [];
  let told: Told[] = [];
  let isShowing: Promise<void> | null = null;
  let isStale = false;

  texts();
  $("enter").addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      service.enter($<HTMLTextAreaElement>("token").value.trim());
      role = $<HTMLInputElement>("role").value.trim();
      await service.ask("GET", "/api/v1/status");
      sessionStorage.setItem("role", role);
      open();
    } catch (error) {
      service.forget();
      $("refused").textContent = (error as Error).message;
    }
  });
  $("leave").addEventListener("click", () => {
    service.forget();
    location.reload();
  });
  $("stop").addEventListener("click", () => {
    if (confirm(TEXTS.stopSure)) void act("POST", "/api/v1/messages", { template: "stop", role: role || undefined });
  });
  if (service.isKnown) open();

  function open() {
    $("enter").hidden = true;
    $<HTMLTextAreaElement>("token").value = "";
    for (const element of [$("stop"), $("leave"), $("time"), ...document.querySelectorAll<HTMLElement>("main, aside")]) element.hidden = false;
    setInterval(() => service.beat(), BEAT_MS);
    // What others of the same party do brings no event.
    setInterval(() => void show(), AGAIN_MS);
    void service.follow(
      async (news) => {
        events = [...events, ...news].slice(-EVENTS_SHOWN);
        await show();
      },
      (since) => {
        state(since === null ? "live" : Date.now() - since.getTime() < 3000 ? "reconnecting" : "stale", since);
      },
    );
  }

  function state(name: "live" | "reconnecting" | "stale", since: Date | null) {
    $("state").className = name;
    $("state").textContent = name === "stale" ? TEXTS.stale(when(`${since!.toISOString().slice(0, 19)}Z`)) : TEXTS[name];
  }

  /** Asks for something and shows why it was refused; then shows everything anew. */
  async function act(method: string, path: string, body?: unknown): Promise<boolean> {
    $("said").textContent = "";
    try {
      await service.ask(method, path, body);
      await show();
      return true;
    } catch (error) {
      $("said").textContent = (error as Error).message;
      return false;
    }
  }

  /** Shows everything as it is now; what comes while that is asked for makes another round. */
  async function show(): Promise<void> {
    isStale = true;
    isShowing ??= (async () => {
      while (isStale) {
        isStale = false;
        await showOnce().catch((error) => {
          $("said").textContent = error.message;
        });
      }
    })().finally(() => {
      isShowing = null;
    });
    return isShowing;
  }

  async function showOnce() {
    const all = (...paths: string[]) => Promise.all(paths.map((path) => service.ask("GET", `/api/v1/${path}`)));
    // The words first: a map takes longer to draw.
    const [status, findings] = await all("status", "findings");
    me = status.you;
    told = (findings.findings as Told[]).sort((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level));
    $("who").textContent = `${status.you}, ${when(status.now)}`;
    filters();
    fill("findings", await Promise.all(told.filter(isListed).map(item)));
    fill("events", [...events].reverse().map(([number, event]) => made("li", `${number}  ${when(event.at)}  ${eventText(event)}`)));
    const [offers, relays, matters, scene] = await all("offers", "relays", "matters", "scene");
    scene.findings = told.map((one) => drawnFinding(one, me, scene.span));
    $("title").textContent = scene.title || "Deconflict";
    $("missing").textContent = findings.not_in_this_picture + (scene.left_out ? ` ${scene.left_out} claims are not drawn.` : "");
    fill("offers", offers.offers.filter((offer: any) => offer.state === "open" || offer.state === "agreed").map(offerItem));
    fill("relays", relays.relays.map(relayItem));
    fill("matters", matters.matters.map(matterItem));
    if (!picture) begin(scene, status.basemap);
    else picture.replace(scene);
    mark();
  }

  function isListed(one: Told): boolean {
    const [party, kind, level] = ["byParty", "byKind", "byLevel"].map((id) => $<HTMLSelectElement>(id).value);
    return (!party || partiesOf(one, me).includes(party)) && (!kind || one.what?.kind === kind) && (!level || LEVELS.indexOf(one.level) <= LEVELS.indexOf(level as Told["level"]));
  }

  /** The parties and kinds that there are now; what was chosen stays chosen. */
  function filters() {
    offered("byParty", TEXTS.anyParty, told.flatMap((one) => partiesOf(one, me)), (id) => (id === UNNAMED ? TEXTS.unnamed : (picture?.parties.name(id) ?? id)));
    offered("byKind", TEXTS.anyKind, told.map((one) => one.what?.kind ?? ""), (kind) => kind);
  }

  function offered(id: string, any: string, values: string[], named: (value: string) => string) {
    const select = $<HTMLSelectElement>(id);
    const options = [...new Set([select.value, ...values])].filter(Boolean).sort().map((value) => [value, named(value)]);
    if (JSON.stringify([...select.options].slice(1).map((option) => [option.value, option.text])) === JSON.stringify(options) && select.options.length) return;
    const chosen = select.value;
    select.replaceChildren();
    add(select, "option", any).value = "";
    for (const [value, text] of options) add(select, "option", text).value = value;
    select.value = chosen;
  }

  function begin(scene: Scene, basemap: string | null) {
    picture = new Picture(EMPTY, WORKER);
    picture.onChange = mark;
    picture.onClaim = (claim) => {
      const about = picture!.scene.findings.find((found) => found.claims.includes(claim.id));
      if (about) picture!.choose(about);
    };
    picture.time = scene.as_of;
    picture.replace(scene);
    if (basemap) void picture.underlay(service.tiles(basemap));
    drawing(picture, (id, body) => act("PUT", `/api/v1/claims/${encodeURIComponent(id)}`, body));
    Object.assign(window, { deconflict: { picture } });
  }

  function fill(id: string, items: HTMLElement[]) {
    const list = $(id);
    // Whoever is typing into a form keeps what was typed.
    const typed = new Map([...list.querySelectorAll("input")].filter((input) => input.value).map((input) => [input.id, input.value]));
    const focused = document.activeElement?.id;
    list.replaceChildren(...(items.length ? items : [made("li", TEXTS.none, "quiet")]));
    for (const [name, value] of typed) {
      const input = document.getElementById(name) as HTMLInputElement | null;
      if (input) input.value = value;
    }
    if (focused) document.getElementById(focused)?.focus();
  }

  function mark() {
    for (const li of $("findings").querySelectorAll<HTMLElement>("li[data-id]")) li.setAttribute("aria-current", String(li.dataset.id === picture?.chosen?.id));
  }

  async function item(one: Told): Promise<HTMLElement> {
    const what = one.what ?? {};
    const li = made("li");
    li.dataset.id = one.finding;
    li.tabIndex = 0;
    li.style.setProperty("--level", `var(--${one.level})`);
    add(li, "span", `${one.level.toUpperCase()}  ${one.finding}`, "level");
    if (one.via) add(li, "span", ` ${TEXTS.through(one.via.join(", "))}`, "quiet");
    if (one.accept_by) add(li, "span", ` ${TEXTS.by(when(one.accept_by))}`, "quiet");
    add(li, "p", what.text);
    const facts = [windowText(what.window), what.band_m && `${what.band_m[0]} to ${what.band_m[1]} m`];
    add(li, "p", facts.filter(Boolean).join(" · "), "quiet");
    if (what.others_told === false) add(li, "p", TEXTS.othersNot, "quiet");
    if (one.read_back) li.append(...(await notice(one)));
    const proposals = add(li, "div", undefined, "previews");
    li.append(button(TEXTS.proposals, () => propose(one, proposals)));
    const choose = () => {
      const found = picture?.scene.findings.find((found) => found.id === one.finding) ?? null;
      picture?.choose(picture.chosen?.id === one.finding ? null : found);
    };
    li.addEventListener("click", (event) => {
      if (!(event.target as HTMLElement).closest("input, button, form")) choose();
    });
    li.addEventListener("keydown", (event) => {
      if (event.target === li && (event.key === "Enter" || event.key === " ")) {
        event.preventDefault();
        choose();
      }
    });
    return li;
  }

  /** What is to be done about a notice: read it back, accept it, or say that one is unable. Tells the service that this page shows it. */
  async function notice(one: Told): Promise<HTMLElement[]> {
    const path = `/api/v1/notices/${one.number}`;
    const there = await service.ask("GET", path);
    const steps: string[] = there.ladder.map((step: any) => step.step);
    const ladder = made("p", `${TEXTS.ladder}: ${steps.join(" → ")}`, "quiet");
    if (there.void || steps.includes("accepted") || steps.includes("unable")) return [ladder, made("p", TEXTS.answered, "done")];
    if (!steps.includes("displayed") && document.visibilityState === "visible") {
      await service.ask("POST", `${path}/steps`, { step: "displayed", role: role || undefined }).catch(() => {});
    }
    const parts: HTMLElement[] = [ladder];
    if (one.read_back!.length && !steps.includes("read-back")) {
      const form = made("form");
      form.setAttribute("aria-label", TEXTS.readBack);
      for (const field of one.read_back!) {
        const input = add(add(form, "label", `${TEXTS.readBack}: ${field}`), "input");
        input.id = `back-${one.number}-${field}`;
        input.autocomplete = "off";
      }
      add(form, "button", TEXTS.check).type = "submit";
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        const fields = Object.fromEntries(one.read_back!.map((field) => [field, $<HTMLInputElement>(`back-${one.number}-${field}`).value]));
        void act("POST", `${path}/steps`, { step: "read-back", role: role || undefined, fields });
      });
      parts.push(form);
    } else if (steps.includes("read-back")) {
      parts.push(made("p", TEXTS.readBackDone, "done"));
    }
    const answer = (step: string) => act("POST", `${path}/steps`, { step, role: role || undefined });
    parts.push(button(TEXTS.accept, () => answer("accepted")), button(TEXTS.unable, () => answer("unable")));
    return parts;
  }

  async function propose(one: Told, place: HTMLElement) {
    try {
      const { proposals } = await service.ask("GET", `/api/v1/findings/${one.finding}/proposals`);
      const rows = proposals.map((proposal: any) => {
        const row = made("p", `${proposal.text} `);
        if (proposal.preview?.length) row.append(button(TEXTS.look, () => preview(one.finding, { text: proposal.text, claims: proposal.preview })));
        row.append(button(TEXTS.offer, () => act("POST", "/api/v1/offers", { finding: one.finding, changes: proposal.changes, text: proposal.text })));
        return row;
      });
      place.replaceChildren(...(rows.length ? rows : [made("p", TEXTS.noProposals, "quiet")]));
    } catch (error) {
      $("said").textContent = (error as Error).message;
    }
  }

  function preview(finding: string, preview: Preview) {
    const found: Finding | null = picture!.scene.findings.find((found) => found.id === finding) ?? null;
    picture!.choose(found, preview);
  }

  function offerItem(offer: any): HTMLElement {
    const li = made("li");
    add(li, "span", `${offer.offer} ${offer.finding ?? ""} ${offer.state === "open" ? TEXTS.by(when(offer.expires)) : offer.state}`, "level");
    add(li, "p", offer.terms.text);
    add(li, "p", offer.terms.changes.map(changeText).join("; "), "quiet");
    const decide = (accept: boolean) => act("POST", `/api/v1/offers/${offer.offer}/decision`, { accept });
    if (offer.state === "agreed") li.append(button(TEXTS.end, () => act("DELETE", `/api/v1/offers/${offer.offer}`)));
    else if (!offer.yours) li.append(button(TEXTS.accept, () => decide(true)), button(TEXTS.refuse, () => decide(false)));
    return li;
  }

  function relayItem(relay: any): HTMLElement {
    const li = made("li");
    add(li, "p", eventText(relay.message));
    li.append(button(TEXTS.pass(relay.to), () => act("POST", `/api/v1/relays/${relay.relay}`)));
    return li;
  }

  function matterItem(matter: any): HTMLElement {
    const li = made("li");
    add(li, "span", matter.id, "level");
    add(li, "p", matter.text);
    const facts = [matter.stake, matter.risk, matter.owner, matter.due && when(matter.due), matter.state].filter(Boolean);
    add(li, "p", facts.join(" · "), "quiet");
    if (matter.state !== "closed") li.append(button(TEXTS.close, () => act("POST", `/api/v1/matters/${encodeURIComponent(matter.id)}/closing`)));
    return li;
  }

  function texts() {
    const [token, roleLabel] = $("enter").querySelectorAll("label span");
    token.textContent = TEXTS.token;
    roleLabel.textContent = TEXTS.role;
    $("enter").querySelector("button")!.textContent = TEXTS.enter;
    $("stop").textContent = TEXTS.stop;
    $("leave").textContent = TEXTS.leave;
    const level = $<HTMLSelectElement>("byLevel");
    add(level, "option", TEXTS.anyLevel).value = "";
    for (const one of LEVELS) add(level, "option", one).value = one;
    for (const id of ["byParty", "byKind", "byLevel"]) $(id).addEventListener("change", () => void show());
    for (const id of ["findings", "offers", "relays", "matters", "events"] as const) $(`h-${id}`).textContent = TEXTS[id];
  }
}
