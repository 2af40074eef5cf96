// The picture: map, time, altitudes, and which finding is chosen, in step with each other. The report and the desk share it.

import { FileSource, type Source } from "pmtiles";
import { Parties } from "./colours";
import { type Notation, NOTATIONS, coordinates } from "./coordinates";
import { $, add } from "./dom";
import { PictureMap } from "./map";
import { drawProfile } from "./profile";
import { type Claim, type Finding, type Place, type Preview, type Scene, everything, positions } from "./scene";
import { TEXTS } from "./texts";
import { type Tiles, tilesOf } from "./tiles";

/** The whole window passes in so many seconds at speed 1. */
const WINDOW_S = 30;
const SPEEDS = [0.25, 0.5, 1, 2, 4];

export class Picture {
  scene: Scene;
  parties: Parties;
  time: number;
  chosen: Finding | null = null;
  preview: Preview | null = null;
  party = "";
  drawing: Place[] = [];
  /** Somebody draws: a click is a corner. */
  onCorner: ((at: Place) => void) | null = null;
  onChange: () => void = () => {};
  onClaim: (claim: Claim) => void = () => {};
  private readonly map: PictureMap | null;
  private isLocal = false;
  private isPlaying = false;
  private notation: Notation = "decimal";
  private claims: Claim[] = [];
  private isWaiting = false;
  /** Frames of the picture so far: for tests, which measure how many there are in a second. */
  frames = 0;

  constructor(scene: Scene, worker: string) {
    this.scene = scene;
    this.parties = new Parties(scene);
    this.time = scene.as_of;
    this.claims = scene.claims;
    this.map = this.mapOf(scene, worker);
    this.controls();
    this.legend();
    addEventListener("resize", () => this.draw());
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      this.map?.restyle(this.scene);
      this.draw();
    });
    this.map?.fit(everything(scene), 1, false);
  }

  get ready(): Promise<void> {
    return this.map?.ready ?? Promise.resolve();
  }

  private mapOf(scene: Scene, worker: string): PictureMap | null {
    try {
      const map = new PictureMap($("map"), scene, worker, {
        point: (at) => {
          $("where").textContent = at ? coordinates(at, this.notation) : "";
        },
        click: (at) => this.onCorner?.(at),
        claim: (claim) => this.onClaim(claim),
      });
      map.map.on("render", () => {
        this.frames += 1;
      });
      map.map.on("moveend", () => this.draw());
      return map;
    } catch {
      $("map").textContent = TEXTS.noMap;
      return null;
    }
  }

  /** Lays a map that somebody brought along under the picture; what is wrong with it is said where coordinates are. */
  async underlay(from: Source) {
    try {
      const tiles = await tilesOf(from);
      this.map?.underlay(this.scene, tiles);
      this.underlaid = tiles;
    } catch (error) {
      $("where").textContent = TEXTS.noTiles((error as Error).message);
    }
  }

  /** What is shown is another scene now: the time and what was chosen stay, as far as they are still there. */
  replace(scene: Scene) {
    const isFirst = everything(this.scene).length === 0;
    const placesChanged = JSON.stringify(this.scene.places) !== JSON.stringify(scene.places);
    this.scene = scene;
    this.parties = new Parties(scene);
    this.claims = scene.claims;
    this.chosen = scene.findings.find((found) => found.id === this.chosen?.id) ?? null;
    this.preview = null;
    this.time = Math.min(Math.max(this.time, scene.span[0]), scene.span[1]);
    this.span();
    this.legend();
    if (placesChanged) this.map?.name(scene);
    if (isFirst) this.map?.fit(everything(scene), 1, false);
    this.draw();
  }

  choose(found: Finding | null, preview: Preview | null = null) {
    const isNew = found !== null && found !== this.chosen;
    this.chosen = found;
    this.preview = preview;
    const changed = preview?.claims ?? [];
    this.claims = changed.length ? this.scene.claims.map((claim) => changed.find((other) => other.id === claim.id) ?? claim) : this.scene.claims;
    if (isNew) {
      if (found.ms) this.time = Math.min(Math.max(found.ms[0], this.scene.span[0]), this.scene.span[1]);
      const places = positions(found.where?.coordinates ?? []);
      if (places.length) this.map?.fit(places, 0.55);
    } else if (!found) {
      this.map?.fit(everything(this.scene));
    }
    this.draw();
  }

  draw() {
    if (this.isWaiting) return;
    this.isWaiting = true;
    requestAnimationFrame(() => {
      this.isWaiting = false;
      $<HTMLInputElement>("slider").value = String(this.time);
      $("now").textContent = this.words(this.time);
      $("tilt").textContent = this.map?.isTilted ? TEXTS.flat : TEXTS.tilt;
      const high = this.map?.exaggerated ?? 1;
      $("exaggerated").textContent = this.map?.isTilted && high > 1 ? TEXTS.exaggerated(high) : "";
      this.onChange();
      const { scene, parties, claims, time, chosen, party, drawing } = this;
      this.map?.show({ scene, parties, claims, time, chosen, party, drawing });
      this.drawnAt = time;
      drawProfile($<HTMLCanvasElement>("profile"), scene, parties, claims, chosen, time);
    });
  }

  /** An instant for people. */
  words(ms: number): string {
    const date = new Date(ms);
    const pad = (n: number) => String(n).padStart(2, "0");
    const [year, month, day, hour, minute] = this.isLocal
      ? [date.getFullYear(), date.getMonth() + 1, date.getDate(), date.getHours(), date.getMinutes()]
      : [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate(), date.getUTCHours(), date.getUTCMinutes()];
    return `${year}-${pad(month)}-${pad(day)} ${pad(hour)}:${pad(minute)}${this.isLocal ? "" : "Z"}`;
  }

  /** For tests: what is on the map, and of which time. */
  drawnAt = NaN;
  underlaid: Tiles | null = null;
  drawnHeads(): Record<string, Place> {
    return this.map?.drawnHeads() ?? {};
  }
  shownClaims(): Claim[] {
    return this.claims;
  }

  private span() {
    const [from, to] = this.scene.span;
    Object.assign($<HTMLInputElement>("slider"), { min: from, max: to, step: Math.max(1, Math.round((to - from) / 2000)), value: this.time });
  }

  private legend() {
    $("legend").replaceChildren();
    for (const party of this.parties.owners) {
      const item = add($("legend"), "li");
      add(item, "i").style.background = this.parties.colour(party);
      item.append(this.parties.name(party));
    }
  }

  private controls() {
    this.span();
    $<HTMLInputElement>("slider").addEventListener("input", (event) => {
      this.time = Number((event.target as HTMLInputElement).value);
      this.draw();
    });
    const play = $("play");
    play.textContent = TEXTS.play;
    play.addEventListener("click", () => {
      this.isPlaying = !this.isPlaying;
      play.textContent = this.isPlaying ? TEXTS.pause : TEXTS.play;
      play.setAttribute("aria-pressed", String(this.isPlaying));
      if (this.isPlaying) this.step(performance.now());
    });
    const speed = $<HTMLSelectElement>("speed");
    for (const factor of SPEEDS) add(speed, "option", `×${factor}`).value = String(factor);
    speed.value = "1";
    const present = $("present");
    present.textContent = TEXTS.present;
    present.addEventListener("click", () => {
      this.time = Math.min(Math.max(this.scene.as_of, this.scene.span[0]), this.scene.span[1]);
      this.draw();
    });
    const zone = $("zone");
    zone.textContent = TEXTS.utc;
    zone.addEventListener("click", () => {
      this.isLocal = !this.isLocal;
      zone.textContent = this.isLocal ? TEXTS.local : TEXTS.utc;
      this.draw();
    });
    const notation = $<HTMLSelectElement>("notation");
    for (const one of NOTATIONS) add(notation, "option", TEXTS[one]).value = one;
    notation.addEventListener("change", () => {
      this.notation = notation.value as Notation;
    });
    $("under").firstChild!.textContent = TEXTS.under;
    $("under").querySelector("input")!.addEventListener("change", (event) => {
      const [file] = (event.target as HTMLInputElement).files ?? [];
      if (file) void this.underlay(new FileSource(file));
    });
    $("all").textContent = TEXTS.all;
    $("all").addEventListener("click", () => this.map?.fit(everything(this.scene)));
    $("tilt").addEventListener("click", () => this.map?.tilt(!this.map.isTilted));
  }

  private step(last: number) {
    requestAnimationFrame((now) => {
      if (!this.isPlaying) return;
      const [from, to] = this.scene.span;
      this.time += ((to - from) * Number($<HTMLSelectElement>("speed").value) * (now - last)) / (WINDOW_S * 1000);
      if (this.time > to) this.time = from;
      this.draw();
      this.step(now);
    });
  }
}
