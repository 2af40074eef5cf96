// The report: a file that opens from disk. Its scene stands in the page; nothing is asked for elsewhere.

import { FileSource } from "pmtiles";
import { levelColour } from "./colours";
import { $, add } from "./dom";
import { Picture } from "./picture";
import { type Finding, LEVELS, type Level, type Scene } from "./scene";
import { TEXTS } from "./texts";

export function report(scene: Scene, worker: string) {
  const picture = new Picture(scene, worker);
  const found = scene.findings.filter((finding) => !finding.excused);
  const items = new Map<Finding, HTMLElement>();
  let [kind, level] = ["", ""];

  document.title = `Deconflict: ${scene.title}`;
  $("title").textContent = scene.title;
  $("verdict").textContent = found.length ? TEXTS.notClear(found.length) : TEXTS.clear;
  $("verdict").style.color = levelColour(found.length ? found[0].level : "watch");
  $("about").textContent = [TEXTS.asOf(picture.words(scene.as_of)), scene.reader ? TEXTS.told(scene.reader.name) : ""].filter(Boolean).join(" · ");
  const missing = found.filter((finding) => finding.kind === "unchecked").map((finding) => finding.headline);
  $("missing").textContent = missing.length ? `${TEXTS.missing}${missing.join("; ")}.` : TEXTS.nobodyMissing;

  const options = (id: string, first: string, values: string[], named: (value: string) => string, chosen: (value: string) => void) => {
    const select = $<HTMLSelectElement>(id);
    add(select, "option", first).value = "";
    for (const value of values) add(select, "option", named(value)).value = value;
    select.addEventListener("change", () => {
      chosen(select.value);
      list();
      picture.draw();
    });
  };
  const same = (value: string) => value;
  options("byParty", TEXTS.anyParty, [...new Set(found.flatMap((finding) => finding.parties))].sort(), (id) => picture.parties.name(id), (value) => {
    picture.party = value;
  });
  options("byKind", TEXTS.anyKind, [...new Set(found.map((finding) => finding.kind))].sort(), same, (value) => {
    kind = value;
  });
  options("byLevel", TEXTS.anyLevel, LEVELS, same, (value) => {
    level = value;
  });

  function isListed(finding: Finding): boolean {
    const loud = !level || LEVELS.indexOf(finding.level) <= LEVELS.indexOf(level as Level);
    return loud && (!kind || finding.kind === kind) && (!picture.party || finding.parties.includes(picture.party));
  }

  function list() {
    $("findings").replaceChildren();
    items.clear();
    for (const finding of found.filter(isListed)) items.set(finding, item(finding));
    mark();
  }

  function item(finding: Finding): HTMLElement {
    const li = add($("findings"), "li");
    li.tabIndex = 0;
    li.dataset.id = finding.id;
    li.style.setProperty("--level", `var(--${finding.level})`);
    add(li, "span", `${finding.level.toUpperCase()}  ${finding.id}`, "level");
    add(li, "span", TEXTS.nowShort, "now");
    add(li, "p", finding.headline, "headline");
    const facts = add(li, "dl");
    for (const [label, text] of finding.facts) {
      add(facts, "dt", label);
      add(facts, "dd", text);
    }
    const previews = finding.previews.filter((preview) => preview.claims.length);
    if (previews.length) {
      const box = add(li, "div", undefined, "previews");
      for (const preview of [null, ...previews]) {
        const press = add(box, "button", preview ? preview.text : TEXTS.before);
        press.dataset.preview = preview ? String(finding.previews.indexOf(preview)) : "";
        press.addEventListener("click", (event) => {
          event.stopPropagation();
          picture.choose(finding, preview);
        });
      }
    }
    const choose = () => picture.choose(picture.chosen === finding ? null : finding);
    li.addEventListener("click", choose);
    li.addEventListener("keydown", (event) => {
      if (event.target === li && (event.key === "Enter" || event.key === " ")) {
        event.preventDefault();
        choose();
      }
    });
    return li;
  }

  function mark() {
    for (const [finding, li] of items) {
      const isChosen = finding === picture.chosen;
      li.setAttribute("aria-current", String(isChosen));
      li.querySelector("dl")!.style.display = isChosen ? "" : "none";
      const previews = li.querySelector<HTMLElement>(".previews");
      if (previews) {
        previews.style.display = isChosen ? "" : "none";
        const pressed = picture.preview ? String(finding.previews.indexOf(picture.preview)) : "";
        for (const press of previews.querySelectorAll("button")) press.setAttribute("aria-pressed", String(press.dataset.preview === pressed));
      }
      const during = finding.ms && finding.ms[0] <= picture.time && picture.time <= finding.ms[1];
      li.querySelector<HTMLElement>(".now")!.style.display = during ? "" : "none";
      li.classList.toggle("past", Boolean(finding.ms && finding.ms[1] < picture.time));
    }
  }

  picture.onChange = mark;
  picture.onClaim = (claim) => {
    const about = found.find((finding) => finding.claims.includes(claim.id) && isListed(finding));
    if (about) choose(about);
  };
  function choose(finding: Finding) {
    picture.choose(finding);
    items.get(finding)?.scrollIntoView({ block: "nearest" });
  }
  const brought = document.getElementById("basemap")?.textContent;
  if (brought) {
    const tiles = Uint8Array.from(atob(brought), (byte) => byte.charCodeAt(0));
    void picture.underlay(new FileSource(new File([tiles], "basemap.pmtiles")));
  }
  list();
  picture.draw();
  // A finding can be pointed to: report.html#conflict:A+B
  const linked = found.find((finding) => finding.id === decodeURIComponent(location.hash.slice(1)));
  if (linked) choose(linked);
  Object.assign(window, { deconflict: { scene, picture, choose: (id: string) => choose(found.find((finding) => finding.id === id)!) } });
}
