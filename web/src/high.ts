// The picture as it stands in the air: what has a base and a top between the two, so much taller than it is as is said.

import { FillStyleExtension } from "@deck.gl/extensions";
import { IconLayer, PathLayer, ScatterplotLayer, SolidPolygonLayer, TextLayer } from "@deck.gl/layers";
import { MapLibreOverlay } from "@deck.gl/maplibre";
import type { Map as MapLibreMap } from "maplibre-gl";
import { type Rgb, css, rgb } from "./colours";
import { type Look, type Piece, closed, loudColour, loudLines, loudName } from "./drawn";
import { type Claim, type Finding, type Place, isOn, parts } from "./scene";
import { type Atlas, SHARP, atlas } from "./symbols";

/** Claims shine through each other: nothing hides what is behind it. */
const ALWAYS = { depthCompare: "always", depthWriteEnabled: false };

export class High {
  private readonly overlay: MapLibreOverlay;
  private atlas: Atlas | null = null;
  private atlasOf = "";
  /** Layers that are on the map. */
  drawn: any[] = [];

  constructor(
    private readonly map: MapLibreMap,
    isHardware: boolean,
    clicked: (claim: Claim) => void,
  ) {
    this.overlay = new MapLibreOverlay({
      interleaved: false,
      layers: [],
      deviceProps: { type: "webgl", webgl: { preserveDrawingBuffer: true, antialias: isHardware } } as any,
      getTooltip: ({ object }: any) => (object?.claim ? { text: `${object.claim.name} (${object.claim.id})` } : null),
      onClick: ({ object }: any) => {
        if (object?.claim) clicked(object.claim);
      },
    });
    this.map.addControl(this.overlay);
  }

  clear() {
    this.set([]);
  }

  /** Altitudes are drawn `times` as high as they are. */
  show(look: Look, times: number) {
    this.set(this.layers(look, times));
  }

  private set(layers: any[]) {
    // Layers without anything in them make the hardware complain.
    this.drawn = layers.filter((layer) => layer.props.data.length > 0);
    this.overlay.setProps({ layers: this.drawn } as any);
  }

  /** How large the pattern of stripes is drawn, so that they are as far apart on the screen at every zoom. */
  private get stripes(): number {
    const latitude = (this.map.getCenter().lat * Math.PI) / 180;
    const metresPerPixel = (40_075_017 * Math.cos(latitude)) / (512 * 2 ** this.map.getZoom());
    return 2 ** Math.round(Math.log2(metresPerPixel * 0.5));
  }

  private layers(look: Look, times: number) {
    const { scene, chosen, party, drawing, time } = look.shown;
    const updateTriggers = Object.fromEntries(["getFillColor", "getLineColor", "getColor"].map((name) => [name, `${party}|${chosen?.id}|${css("--ink")}|${look.roads.map((claim) => isOn(claim, time)).join()}`]));
    const colour = (claim: Claim, share: number) => [...look.colour(claim), Math.round(255 * look.strength(claim, share))] as any;
    const at = (polygon: Place[][], m: number) => polygon.map((ring) => ring.map(([lng, lat]) => [lng, lat, m * times]));
    const lines = (id: string, data: any[], getPath: (one: any) => any, getColor: any, getWidth: any) =>
      new PathLayer({ id, data, getPath, getColor, getWidth, widthUnits: "pixels", capRounded: true, updateTriggers, parameters: ALWAYS } as any);
    const outline = (id: string, data: Piece[], width: number, share: number, corners: number) =>
      lines(
        id,
        data.flatMap((piece) => at(piece.polygon, piece.flat ? 0 : piece.upper).map((ring) => ({ claim: piece.claim, path: closed(ring as any, corners) }))),
        (one) => one.path,
        (one: any) => colour(one.claim, share),
        width,
      );
    const fill = (id: string, data: any[], getPolygon: (one: any) => any, getFillColor: any, extra: object = {}) =>
      new SolidPolygonLayer({ id, data, getPolygon, getFillColor, updateTriggers, parameters: ALWAYS, pickable: true, material: false, ...extra } as any);
    const dots = (id: string, data: any[], getPosition: (one: any) => any, getFillColor: any, getRadius: number, extra: object = {}) =>
      new ScatterplotLayer({ id, data, getPosition, getFillColor, getRadius, radiusUnits: "pixels", parameters: ALWAYS, ...extra } as any);
    const corridors = look.roads.flatMap((claim) => claim.track!.polygons.map((polygon) => ({ claim, polygon })));
    const mark = [...rgb(css("--mark")), 255] as any;
    return [
      lines("areas", scene.areas.flatMap((area) => area.polygons.flat()), (ring) => closed(ring), [...rgb(css("--dim")), 120], 1),
      lines(
        "barriers",
        scene.barriers.flatMap((barrier) => barrier.lines.map((line) => ({ line, river: barrier.kind === "river" }))),
        (barrier) => barrier.line,
        (barrier: any) => [...rgb(css(barrier.river ? "--water" : "--border")), 255],
        2,
      ),
      outline("outlines-at-other-times", look.otherTimes, 1, 0.35, 32),
      fill("ground", look.live.filter((piece) => piece.flat && piece.claim.kind !== "authority"), (piece) => piece.polygon, (piece: Piece) => colour(piece.claim, 0.26)),
      this.hatch("contested", look.live.filter((piece) => piece.claim.kind === "authority"), (piece: Piece) => colour(piece.claim, 0.8), (piece: Piece) => piece.polygon),
      fill("air", look.live.filter((piece) => !piece.flat), (piece) => at(piece.polygon, piece.lower), (piece: Piece) => colour(piece.claim, 0.26), {
        extruded: true,
        getElevation: (piece: Piece) => Math.max(1, (piece.upper - piece.lower) * times),
      }),
      outline("outlines", look.live, 2, 1, 256),
      fill("corridors", corridors, (road) => road.polygon, (road: any) => colour(road.claim, 0.2)),
      lines("corridor-edges", corridors.flatMap(({ claim, polygon }) => polygon.map((ring) => ({ claim, path: closed(ring) }))), (one) => one.path, (one: any) => colour(one.claim, isOn(one.claim, time) ? 1 : 0.45), 1.2),
      ...this.findings(look, times, lines, dots),
      lines("bands", look.bands, (band) => band.path, (band: any) => [...look.colour(band.claim), 140], 7),
      dots("heads", look.heads, (head) => head.at, (head: any) => [...look.colour(head.claim), 255], 7, { stroked: true, getLineColor: [...rgb(css("--panel")), 255], getLineWidth: 2, lineWidthUnits: "pixels", pickable: true }),
      text("head-names", look.heads, (head) => head.at, (head) => head.claim.id, (head) => look.colour(head.claim)),
      ...this.symbols(look, times),
      lines("drawing", drawing.length > 1 ? [drawing] : [], (path) => path, mark, 3),
      dots("corners", drawing, (at) => at, mark, 5),
    ];
  }

  private findings(look: Look, times: number, lines: any, dots: any) {
    const drawn = look.loud.flatMap((found) => parts(found.where).polygons.map((polygon) => ({ found, polygon })));
    const points = look.loud.filter((found) => found.at);
    const colour = (found: Finding, opacity: number) => [...loudColour(found), opacity] as any;
    return [
      this.hatch("finding-hatches", drawn, ({ found }: any) => colour(found, 220), ({ polygon }: any) => polygon),
      new SolidPolygonLayer({
        id: "finding-boxes",
        data: drawn.filter(({ found }) => found.altitude_m),
        extruded: true,
        getPolygon: ({ found, polygon }: any) => polygon.map((ring: Place[]) => ring.map(([lng, lat]) => [lng, lat, found.altitude_m[0] * times])),
        getElevation: ({ found }: any) => Math.max(1, (found.altitude_m[1] - found.altitude_m[0]) * times),
        getFillColor: ({ found }: any) => colour(found, 110),
        material: false,
        parameters: ALWAYS,
      } as any),
      lines("finding-lines", look.loud.flatMap((found) => loudLines(found).map((path) => ({ found, path }))), ({ path }: any) => path, ({ found }: any) => colour(found, 255), 2.5),
      dots("finding-points", points, (found: Finding) => found.at, (found: Finding) => colour(found, 255), 4.5),
      text("finding-names", look.shown.chosen ? points : [], (found) => found.at, loudName, loudColour),
    ];
  }

  private symbols(look: Look, times: number) {
    const { marks } = look;
    const keys = [...new Set(marks.map((mark) => mark.key))].sort();
    if (this.atlasOf !== keys.join()) {
      this.atlasOf = keys.join();
      this.atlas = atlas(keys);
    }
    if (!keys.length) return [];
    const { image, places } = this.atlas!;
    return [
      new IconLayer({
        id: "symbols",
        data: marks.filter((mark) => places[mark.key]),
        iconAtlas: image as any,
        iconMapping: places as any,
        getIcon: (mark: any) => mark.key,
        getPosition: (mark: any) => [...mark.at, mark.upper * times] as any,
        getSize: (mark: any) => places[mark.key].height / SHARP,
        getPixelOffset: (mark: any) => [0, mark.lift],
        sizeUnits: "pixels",
        pickable: true,
        parameters: ALWAYS,
      } as any),
    ];
  }

  /** Lines across an area: claims of authority, and what findings are about. */
  private hatch(id: string, data: any[], getFillColor: (one: any) => any, getPolygon: (one: any) => any) {
    const scale = this.stripes;
    return new SolidPolygonLayer({
      id,
      data,
      getPolygon,
      getFillColor,
      fillPatternAtlas: pattern(),
      fillPatternMapping: { lines: { x: 0, y: 0, width: 64, height: 64, mask: true } },
      getFillPattern: () => "lines",
      getFillPatternScale: scale,
      updateTriggers: { getFillPatternScale: scale },
      getFillPatternOffset: [0, 0],
      parameters: ALWAYS,
      material: false,
      extensions: [new FillStyleExtension({ pattern: true })],
    } as any);
  }
}

let lines: HTMLCanvasElement | null = null;
function pattern(): HTMLCanvasElement {
  if (lines) return lines;
  lines = document.createElement("canvas");
  lines.width = lines.height = 64;
  const g = lines.getContext("2d")!;
  g.strokeStyle = "#fff";
  g.lineWidth = 6;
  for (const shift of [-64, -32, 0, 32, 64]) {
    g.beginPath();
    g.moveTo(shift, 64);
    g.lineTo(shift + 64, 0);
    g.stroke();
  }
  return lines;
}

function text(id: string, data: any[], getPosition: (one: any) => any, getText: (one: any) => string, getColor: (one: any) => Rgb) {
  return new TextLayer({
    id,
    data,
    getPosition,
    getText,
    getColor: (one: any) => [...getColor(one), 255] as any,
    getSize: 13,
    fontFamily: "system-ui, sans-serif",
    fontWeight: 600,
    characterSet: "auto",
    getTextAnchor: "start",
    getPixelOffset: [11, -9],
    fontSettings: { sdf: true },
    outlineWidth: 3,
    outlineColor: [...rgb(css("--ground")), 255] as any,
    parameters: ALWAYS,
  } as any);
}
