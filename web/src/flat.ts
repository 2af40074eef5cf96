// The picture from above, drawn by the map itself: sources that take what is shown, and layers that say how it looks. Nothing but what the map has
// for land and rivers is used, so that it is soon there.

import type { GeoJSONSource, LayerSpecification, Map as MapLibreMap, SourceSpecification } from "maplibre-gl";
import { type Rgb, css } from "./colours";
import { type Look, closed, loudColour, loudLines, loudName } from "./drawn";
import { type Claim, type Place, type Scene, isOn, parts } from "./scene";
import { drawSymbol } from "./symbols";

const SOURCES = ["frame", "claims", "loud", "moving", "hand"] as const;
type Source = (typeof SOURCES)[number];
type Feature = { type: "Feature"; properties: Record<string, unknown>; geometry: { type: string; coordinates: unknown } };

const feature = (as: string, type: string, coordinates: unknown, properties: Record<string, unknown> = {}): Feature => ({ type: "Feature", properties: { as, ...properties }, geometry: { type, coordinates } });
const rgba = ([r, g, b]: Rgb, opacity = 1) => `rgba(${r},${g},${b},${opacity.toFixed(3)})`;
const hatchName = ([r, g, b]: Rgb) => `hatch ${r} ${g} ${b}`;

export function flatSources(): Record<string, SourceSpecification> {
  return Object.fromEntries(SOURCES.map((name) => [name, { type: "geojson", data: { type: "FeatureCollection", features: [] } } as SourceSpecification]));
}

const is = (as: string) => ["==", ["get", "as"], as] as any;
const line = (source: Source, as: string, width: number, colour: any = ["get", "colour"]): LayerSpecification => ({ id: `${source}-${as}`, type: "line", source, filter: is(as), layout: { "line-cap": "round" }, paint: { "line-color": colour, "line-width": width } });
const fill = (source: Source, as: string): LayerSpecification => ({ id: `${source}-${as}`, type: "fill", source, filter: is(as), paint: { "fill-color": ["get", "colour"] as any, "fill-antialias": false } });
const hatched = (source: Source, as: string): LayerSpecification => ({ id: `${source}-${as}`, type: "fill", source, filter: is(as), paint: { "fill-pattern": ["get", "hatch"] as any, "fill-opacity": 0.85 } });
const words = (source: Source, as: string): LayerSpecification => ({
  id: `${source}-${as}`,
  type: "symbol",
  source,
  filter: is(as),
  layout: { "text-field": ["get", "text"] as any, "text-size": 13, "text-font": ["sans-serif"], "text-anchor": "bottom-left", "text-offset": [0.8, -0.1], "text-allow-overlap": true, "text-ignore-placement": true },
  paint: { "text-color": ["get", "colour"] as any, "text-halo-color": css("--ground"), "text-halo-width": 1.8 },
});
const dot = (source: Source, as: string, radius: number, stroke: number): LayerSpecification => ({
  id: `${source}-${as}`,
  type: "circle",
  source,
  filter: is(as),
  paint: { "circle-radius": radius, "circle-color": ["get", "colour"] as any, "circle-stroke-width": stroke, "circle-stroke-color": css("--panel") },
});

/** What lies under the names of places. */
export function layersBelowNames(): LayerSpecification[] {
  return [
    line("frame", "area", 1),
    line("frame", "barrier", 2),
    line("claims", "other-times", 1),
    fill("claims", "ground"),
    hatched("claims", "contested"),
    line("claims", "outline", 2),
    fill("claims", "corridor"),
    line("claims", "corridor-edge", 1.2),
    hatched("loud", "region"),
    line("loud", "edge", 2.5),
  ];
}

/** What lies above them. */
export function layersAboveNames(): LayerSpecification[] {
  return [
    dot("loud", "point", 4.5, 0),
    line("moving", "band", 7),
    dot("moving", "head", 7, 2),
    words("moving", "name"),
    {
      id: "moving-symbol",
      type: "symbol",
      source: "moving",
      filter: is("symbol"),
      layout: { "icon-image": ["get", "image"] as any, "icon-anchor": "bottom", "icon-offset": ["get", "offset"] as any, "icon-allow-overlap": true, "icon-ignore-placement": true },
    },
    words("loud", "name"),
    line("hand", "line", 3),
    dot("hand", "corner", 5, 0),
  ];
}

/** Layers of which a click or a pointer takes the claim. */
const HELD = ["claims-ground", "claims-contested", "claims-corridor", "moving-head", "moving-symbol"];

export class Flat {
  private keys = new Map<Source, string>();
  /** What is on the map, by source. */
  readonly drawn = new Map<Source, Feature[]>();

  constructor(private readonly map: MapLibreMap) {}

  /** The style is another one: nothing of what was shown is in it. */
  begin() {
    this.keys.clear();
    this.drawn.clear();
  }

  show(look: Look) {
    const { shown } = look;
    const { scene, chosen, party, time } = shown;
    const theme = css("--ink");
    this.set("frame", `${scene.id} ${theme}`, scene, () => this.frame(scene));
    const roads = look.roads;
    const isNow = roads.map((claim) => isOn(claim, time)).join();
    const live = look.live.map((piece) => `${piece.claim.id}@${piece.from}`).join();
    this.set("claims", `${party}|${chosen?.id}|${theme}|${isNow}|${live}`, shown.claims, () => this.claims(look, roads));
    this.set("loud", `${chosen?.id}|${theme}|${look.loud.map((found) => found.id).join()}`, scene.findings, () => this.loud(look));
    this.set("moving", `${party}|${chosen?.id}|${theme}|${time}|${live}`, shown.claims, () => this.moving(look));
    this.set("hand", `${shown.drawing.join()}|${theme}`, null, () => this.hand(shown.drawing));
  }

  /** Nothing is shown here: it is drawn as it stands in the air. */
  clear() {
    for (const name of SOURCES) this.set(name, "", null, () => []);
  }

  /** The claim under a point of the screen. */
  claimAt(point: { x: number; y: number }): string | null {
    const layers = HELD.filter((id) => this.map.getLayer(id));
    return (this.map.queryRenderedFeatures([point.x, point.y] as any, { layers })[0]?.properties.id as string | undefined) ?? null;
  }

  private of: Partial<Record<Source, unknown>> = {};
  private set(name: Source, key: string, of: unknown, features: () => Feature[]) {
    if (this.keys.get(name) === key && this.of[name] === of) return;
    this.keys.set(name, key);
    this.of[name] = of;
    const made = features();
    const before = this.drawn.get(name);
    this.drawn.set(name, made);
    if (made.length || before?.length) (this.map.getSource(name) as GeoJSONSource).setData({ type: "FeatureCollection", features: made } as any);
  }

  private frame(scene: Scene): Feature[] {
    const areas = scene.areas.flatMap((area) => area.polygons.flat()).map((ring) => feature("area", "LineString", closed(ring), { colour: css("--dim") }));
    const barriers = scene.barriers.flatMap((barrier) => barrier.lines.map((path) => feature("barrier", "LineString", path, { colour: css(barrier.kind === "river" ? "--water" : "--border") })));
    return [...areas, ...barriers];
  }

  private claims(look: Look, roads: Claim[]): Feature[] {
    const with_ = (claim: Claim, share: number) => ({ id: claim.id, colour: rgba(look.colour(claim), look.strength(claim, share)) });
    const others = look.otherTimes.flatMap(({ claim, polygon }) => polygon.map((ring) => feature("other-times", "LineString", closed(ring, 32), with_(claim, 0.35))));
    const live = look.live.flatMap(({ claim, polygon }) => {
      const inside =
        claim.kind === "authority"
          ? feature("contested", "Polygon", polygon.map((ring) => closed(ring)), { id: claim.id, hatch: this.hatch(look.colour(claim)) })
          : feature("ground", "Polygon", polygon.map((ring) => closed(ring)), with_(claim, 0.26));
      return [inside, ...polygon.map((ring) => feature("outline", "LineString", closed(ring, 256), with_(claim, 1)))];
    });
    const corridors = roads.flatMap((claim) =>
      claim.track!.polygons.flatMap((polygon) => [
        feature("corridor", "Polygon", polygon.map((ring) => closed(ring)), with_(claim, 0.2)),
        ...polygon.map((ring) => feature("corridor-edge", "LineString", closed(ring), with_(claim, isOn(claim, look.shown.time) ? 1 : 0.45))),
      ]),
    );
    return [...others, ...live, ...corridors];
  }

  private loud(look: Look): Feature[] {
    return look.loud.flatMap((found) => {
      const colour = rgba(loudColour(found));
      const regions = parts(found.where).polygons.map((polygon) => feature("region", "Polygon", polygon.map((ring) => closed(ring)), { hatch: this.hatch(loudColour(found)) }));
      const edges = loudLines(found).map((path) => feature("edge", "LineString", path, { colour }));
      const point = found.at ? [feature("point", "Point", found.at, { colour })] : [];
      const name = found.at && look.shown.chosen ? [feature("name", "Point", found.at, { colour, text: loudName(found) })] : [];
      return [...regions, ...edges, ...point, ...name];
    });
  }

  private moving(look: Look): Feature[] {
    const bands = look.bands.map(({ claim, path }) => feature("band", "LineString", path, { id: claim.id, colour: rgba(look.colour(claim), 0.55) }));
    const heads = look.heads.flatMap(({ claim, at }) => {
      const colour = rgba(look.colour(claim));
      return [feature("head", "Point", at, { id: claim.id, colour }), feature("name", "Point", at, { colour, text: claim.id })];
    });
    const symbols = look.marks.filter((mark) => this.symbol(mark.key)).map(({ claim, key, at, lift }) => feature("symbol", "Point", at, { id: claim.id, image: key, offset: [0, lift] }));
    return [...bands, ...heads, ...symbols];
  }

  private hand(corners: Place[]): Feature[] {
    const colour = css("--mark");
    return [...(corners.length > 1 ? [feature("line", "LineString", corners, { colour })] : []), ...corners.map((at) => feature("corner", "Point", at, { colour }))];
  }

  /** Whether there is such a symbol; puts it where the map finds it. */
  private symbol(key: string): boolean {
    if (this.map.hasImage(key)) return true;
    const canvas = drawSymbol(key);
    if (!canvas) return false;
    this.map.addImage(key, canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height), { pixelRatio: 2 });
    return true;
  }

  /** Lines across, in a colour. */
  private hatch(colour: Rgb): string {
    const name = hatchName(colour);
    if (this.map.hasImage(name)) return name;
    const canvas = document.createElement("canvas");
    const side = (canvas.width = canvas.height = 16);
    const g = canvas.getContext("2d")!;
    g.strokeStyle = rgba(colour);
    g.lineWidth = 2;
    for (const shift of [-side, 0, side]) {
      g.beginPath();
      g.moveTo(shift - 2, side + 2);
      g.lineTo(shift + side + 2, -2);
      g.stroke();
    }
    this.map.addImage(name, g.getImageData(0, 0, side, side));
    return name;
  }
}
