// Filing a claim by drawing it: corners on the map, the rest in a form. The service says what is wrong with it, field by field.

import { $, add, button, made } from "../dom";
import type { Picture } from "../picture";
import { TEXTS } from "../texts";

const KINDS = ["flight", "constraint", "presence", "movement"];
const DISCLOSURES = ["conflict-only", "full", "existence", "sealed"];

export function drawing(picture: Picture, file: (id: string, body: unknown) => Promise<boolean>) {
  const form = $<HTMLFormElement>("draw");
  const open = $("file");
  open.textContent = TEXTS.draw;

  function begin() {
    form.replaceChildren(made("p", TEXTS.drawHint, "quiet"));
    const corners = add(form, "output", TEXTS.drawCorners(0));
    const field = (text: string, name: string, value: string, placeholder = "") => {
      const label = add(form, "label", text);
      const input = add(label, "input");
      Object.assign(input, { name, value, placeholder, required: true, autocomplete: "off" });
      return input;
    };
    const choice = (text: string, name: string, values: string[], shown: (value: string) => string = (value) => value) => {
      const select = add(add(form, "label", text), "select");
      select.name = name;
      for (const value of values) add(select, "option", shown(value)).value = value;
      return select;
    };
    const shape = choice(TEXTS.drawKind, "shape", ["area", "corridor"], (value) => (value === "area" ? TEXTS.drawArea : TEXTS.drawCorridor));
    const kind = choice("", "kind", KINDS);
    field(TEXTS.drawName, "id", "");
    const lower = field(TEXTS.drawLower, "lower", "500 m");
    const upper = field(TEXTS.drawUpper, "upper", "1000 m");
    const at = new Date(picture.time).toISOString().slice(0, 16);
    field(TEXTS.drawStart, "start", at);
    field(TEXTS.drawEnd, "end", new Date(picture.time + 3_600_000).toISOString().slice(0, 16));
    const width = field(TEXTS.drawWidth, "width", "2 km");
    choice(TEXTS.drawDisclose, "others", DISCLOSURES);
    const fit = () => {
      if (kind.value === "movement") shape.value = "corridor";
      const hasBand = kind.value === "flight";
      for (const input of [lower, upper]) {
        input.disabled = !hasBand;
        input.parentElement!.hidden = !hasBand;
      }
      width.disabled = shape.value === "area";
      width.parentElement!.hidden = shape.value === "area";
    };
    kind.addEventListener("change", fit);
    shape.addEventListener("change", fit);
    fit();
    const send = add(form, "button", TEXTS.drawFile);
    send.type = "submit";
    form.append(button(TEXTS.drawCancel, end));
    form.hidden = false;
    picture.drawing = [];
    picture.onCorner = (corner) => {
      picture.drawing = [...picture.drawing, corner];
      corners.textContent = TEXTS.drawCorners(picture.drawing.length);
      picture.draw();
    };
  }

  function end() {
    form.hidden = true;
    picture.drawing = [];
    picture.onCorner = null;
    picture.draw();
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const value = Object.fromEntries(new FormData(form).entries()) as Record<string, string>;
    const corners = picture.drawing.map(([lng, lat]) => ({ lat: Number(lat.toFixed(6)), lng: Number(lng.toFixed(6)) }));
    const [start, end_] = [`${value.start}Z`, `${value.end}Z`];
    const claim: any = { id: value.id, kind: value.kind };
    if (value.kind === "movement") {
      claim.width = value.width;
      claim.waypoints = corners.map((at, index) => (index === 0 ? { at, eta: start } : index === corners.length - 1 ? { at, eta: end_ } : { at }));
    } else {
      claim.outline = value.shape === "area" ? { polygon: corners } : { line: { through: corners, width: value.width } };
      Object.assign(claim, { start, end: end_ });
      if (value.kind === "flight") Object.assign(claim, { lower: value.lower, upper: value.upper });
    }
    if (await file(value.id, { claim, disclosure: { others: value.others }, replaces: 0 })) end();
  });
  open.addEventListener("click", () => (form.hidden ? begin() : end()));
}
