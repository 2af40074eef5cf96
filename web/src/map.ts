// The map: claims where they are, at the shown time, with their base and top; findings as the regions that they are about.
//
// It draws what it is given, and computes nothing that decides anything.

import { FillStyleExtension } from "@deck.gl/extensions";
import { IconLayer, PathLayer, PolygonLayer, ScatterplotLayer, SolidPolygonLayer, TextLayer } from "@deck.gl/layers";
import { MapLibreOverlay } from "@deck.gl/maplibre";
import { type GeoJSONSource, type LngLatBoundsLike, Map as MapLibreMap, NavigationControl, ScaleControl, setWorkerUrl } from "maplibre-gl";
import { places, style } from "./basemap";
import { type Parties, type Rgb, css, levelColour, rgb } from "./colours";
import { type Claim, type Finding, type Place, type Polygon, type Scene, alongAt, headAt, isOn, parts, stretch } from "./scene";
import { type Symbols, symbolKey, symbols } from "./symbols";
import { TEXTS } from "./texts";
import type { Tiles } from "./tiles";

/** What is shown. */
export interface Shown {
  scene: Scene;
  parties: Parties;
  /** Claims as they are shown: with those of a preview in place of what was filed. */
  claims: Claim[];
  time: number;
  chosen: Finding | null;
  /** Only claims of this party, if any. */
  party: string;
  /** Corners that somebody is drawing. */
  drawing: Place[];
}

/** One outline of a claim over one stretch of time. */
interface Piece {
  claim: Claim;
  polygon: Place[][];
  lower: number;
  upper: number;
  /** Seconds after the beginning of the scene: what the map's hardware can tell apart. */
  from: number;
  until: number;
  flat: boolean;
}

/** A flat picture is looked at from above; a column of air is seen when it is tilted. */
const TILT_DEG = 55;
const ALL_TIME = 1e9;
const MOST_AT_OTHER_TIMES = 600;
/** Claims shine through each other: nothing hides what is behind it. */
const ALWAYS = { depthCompare: "always", depthWriteEnabled: false };

export class PictureMap {
  readonly map: MapLibreMap;
  readonly ready: Promise<void>;
  private readonly overlay: MapLibreOverlay;
  private pieces: Piece[] = [];
  private piecesOf: Claim[] | null = null;
  private shown: Shown | null = null;
  private exaggeration = 1;
  private drawn: any[] = [];
  private tiles: Tiles | null = null;
  private symbols: Symbols | null = null;
  private symbolsOf = "";

  constructor(container: HTMLElement, scene: Scene, worker: string, heard: { point(at: Place | null): void; click(at: Place): void; claim(claim: Claim): void }) {
    setWorkerUrl(worker);
    const isHardware = hasGraphicsCard();
    this.map = new MapLibreMap({
      container,
      style: style(scene),
      center: [0, 20],
      zoom: 1,
      maxPitch: 78,
      attributionControl: { compact: true },
      locale: { "Map.Title": TEXTS.map },
      // A page that is printed shows what was drawn.
      canvasContextAttributes: { preserveDrawingBuffer: true, antialias: isHardware },
      fadeDuration: 0,
    });
    this.map.addControl(new NavigationControl({ visualizePitch: true }), "top-right");
    this.map.addControl(new ScaleControl({ maxWidth: 140 }), "top-left");
    this.overlay = new MapLibreOverlay({
      interleaved: false,
      layers: [],
      deviceProps: { type: "webgl", webgl: { preserveDrawingBuffer: true, antialias: isHardware } } as any,
      getTooltip: ({ object }: any) => (object?.claim ? { text: `${object.claim.name} (${object.claim.id})` } : null),
      onClick: ({ object }: any) => {
        if (object?.claim && this.shown?.drawing.length === 0) heard.claim(object.claim);
      },
    });
    this.map.addControl(this.overlay);
    this.map.on("mousemove", (event) => heard.point([event.lngLat.lng, event.lngLat.lat]));
    this.map.on("mouseout", () => heard.point(null));
    this.map.on("click", (event) => heard.click([event.lngLat.lng, event.lngLat.lat]));
    this.map.on("zoomend", () => {
      if (this.shown) this.show(this.shown);
    });
    this.ready = new Promise((done) => this.map.once("load", () => done()));
  }

  /** Takes over the colours of the page. */
  restyle(scene: Scene) {
    this.map.setStyle(style(scene, this.tiles));
  }

  /** Lays somebody's own map under the picture. */
  underlay(scene: Scene, tiles: Tiles) {
    this.tiles = tiles;
    this.restyle(scene);
  }

  /** Takes over the places of the scene. */
  name(scene: Scene) {
    const set = () => (this.map.getSource("places") as GeoJSONSource | undefined)?.setData(places(scene));
    if (this.map.isStyleLoaded()) set();
    else void this.ready.then(set);
  }

  /** Brings these places into view; `share` of the map is enough for them. */
  fit(places: Place[], share = 1, animate = true) {
    if (!places.length) return;
    let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const [lng, lat] of places) [west, south, east, north] = [Math.min(west, lng), Math.min(south, lat), Math.max(east, lng), Math.max(north, lat)];
    const bounds: LngLatBoundsLike = [west, south, east, north];
    const { clientWidth, clientHeight } = this.map.getContainer();
    const padding = (Math.min(clientWidth, clientHeight) * (1 - 0.84 * share)) / 2;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches || !animate;
    this.map.fitBounds(bounds, { padding, maxZoom: 11, animate: !still, duration: 600, pitch: this.map.getPitch(), bearing: this.map.getBearing() });
  }

  get isTilted(): boolean {
    return this.map.getPitch() > 5;
  }

  tilt(tilted: boolean) {
    this.map.easeTo({ pitch: tilted ? TILT_DEG : 0, bearing: tilted ? this.map.getBearing() : 0, duration: 400 });
  }

  /** How much taller than wide the picture is drawn, so that a few thousand metres can be seen over hundreds of kilometres. */
  get exaggerated(): number {
    return this.exaggeration;
  }

  /** How large the pattern of stripes is drawn, so that they are as far apart on the screen at every zoom. */
  private get stripes(): number {
    const latitude = (this.map.getCenter().lat * Math.PI) / 180;
    const metresPerPixel = (40_075_017 * Math.cos(latitude)) / (512 * 2 ** this.map.getZoom());
    return 2 ** Math.round(Math.log2(metresPerPixel * 0.5));
  }

  /** Where heads are drawn: for tests, which hold the layer itself against the engine. */
  drawnHeads(): Record<string, Place> {
    const heads = this.drawn.find((layer) => layer.id === "heads");
    return Object.fromEntries((heads?.props.data ?? []).map((head: any) => [head.claim.id, heads.props.getPosition(head)]));
  }

  show(shown: Shown) {
    this.shown = shown;
    if (this.piecesOf !== shown.claims) {
      this.piecesOf = shown.claims;
      this.pieces = pieces(shown.scene, shown.claims);
      this.exaggeration = exaggeration(shown.claims);
    }
    // Layers without anything in them make the hardware complain.
    const layers = this.layers(shown).filter((layer: any) => layer.props.data.length > 0);
    this.drawn = layers;
    this.overlay.setProps({ layers } as any);
  }

  private layers(shown: Shown) {
    const { scene, parties, time, chosen, party } = shown;
    const concerned = chosen ? chosen.claims : [];
    const seconds = (time - scene.span[0]) / 1000;
    const wanted = (claim: Claim) => !party || claim.party === party || concerned.includes(claim.id);
    const key = `${party}|${concerned.join()}|${css("--ink")}`;
    const opaque = (claim: Claim, share: number): number => Math.round(255 * share * (concerned.includes(claim.id) ? 1 : chosen ? 0.35 : 0.9));
    const colour = (claim: Claim): Rgb => rgb(parties.colour(claim.party));
    const isLive = (piece: Piece) => piece.from <= seconds && seconds <= piece.until;
    const visible = this.pieces.filter((piece) => wanted(piece.claim));
    const live = visible.filter(isLive);
    const updateTriggers = { getFillColor: key, getLineColor: key, getColor: key };
    // Looked at from above, what has a base and a top is drawn as what it covers.
    const tilted = this.isTilted;
    const high = tilted ? this.exaggeration : 0;
    const at = (polygon: Place[][], m: number) => (high ? polygon.map((ring) => ring.map(([lng, lat]) => [lng, lat, m * high])) : polygon);
    const outline = (layer: string, data: Piece[], width: number, share: number, corners: number) =>
      new PathLayer({
        id: layer,
        data: data.flatMap((piece) => at(piece.polygon, piece.flat ? 0 : piece.upper).map((ring) => ({ claim: piece.claim, path: closed(ring as Place[], corners) }))),
        getPath: (piece: any) => piece.path,
        getColor: (piece: any) => [...colour(piece.claim), opaque(piece.claim, share)] as any,
        getWidth: width,
        widthUnits: "pixels",
        updateTriggers,
        parameters: ALWAYS,
      } as any);
    const air = live.filter((piece) => tilted && !piece.flat);
    const ground = live.filter((piece) => !(tilted && !piece.flat) && piece.claim.kind !== "authority");
    const fill = (layer: string, data: Piece[], extra: object) =>
      new SolidPolygonLayer({
        id: layer,
        data,
        getPolygon: (piece: Piece) => at(piece.polygon, piece.flat ? 0 : piece.lower) as any,
        getFillColor: (piece: Piece) => [...colour(piece.claim), opaque(piece.claim, 0.26)] as any,
        updateTriggers,
        parameters: ALWAYS,
        pickable: true,
        ...extra,
      } as any);
    const lines = (layer: string, data: any[], getPath: (one: any) => any, getColor: any, width: number | ((one: any) => number)) =>
      new PathLayer({ id: layer, data, getPath, getColor, getWidth: width, widthUnits: "pixels", updateTriggers } as any);
    return [
      lines("areas", scene.areas.flatMap((area) => area.polygons.flat()), (ring) => [...ring, ring[0]], [...rgb(css("--dim")), 120], 1),
      lines(
        "barriers",
        scene.barriers.flatMap((barrier) => barrier.lines.map((line) => ({ line, river: barrier.kind === "river" }))),
        (barrier) => barrier.line,
        (barrier: any) => [...rgb(css(barrier.river ? "--water" : "--border")), 255],
        (barrier) => (barrier.river ? 3 : 2),
      ),
      // Of many claims only those are drawn that are there: the rest would hide them, and takes most of the time.
      outline("outlines-at-other-times", visible.length > MOST_AT_OTHER_TIMES ? [] : visible.filter((piece) => !isLive(piece)), 1, 0.35, 32),
      fill("ground", ground, {}),
      hatch("contested", this.stripes, live.filter((piece) => piece.claim.kind === "authority"), { updateTriggers }, (piece: Piece) => [...colour(piece.claim), opaque(piece.claim, 0.8)], (piece: Piece) => piece.polygon),
      fill("air", air, { extruded: true, getElevation: (piece: Piece) => Math.max(1, (piece.upper - piece.lower) * high), material: false }),
      outline("outlines", live, 2, 1, 256),
      ...this.corridors(shown, wanted, opaque, colour, updateTriggers),
      ...this.findings(shown),
      ...this.heads(shown, wanted, colour),
      ...this.symbolsOn(shown, live),
      lines("drawing", shown.drawing.length > 1 ? [shown.drawing] : [], (path) => path, [...rgb(css("--mark")), 255], 3),
      new ScatterplotLayer({ id: "corners", data: shown.drawing, getPosition: (at: any) => at, getRadius: 5, radiusUnits: "pixels", getFillColor: [...rgb(css("--mark")), 255] as any } as any),
    ];
  }

  private corridors(shown: Shown, wanted: (claim: Claim) => boolean, opaque: (claim: Claim, share: number) => number, colour: (claim: Claim) => Rgb, updateTriggers: object) {
    const roads = shown.claims.filter((claim) => claim.track && wanted(claim));
    const polygons = roads.flatMap((claim) => claim.track!.polygons.map((polygon) => ({ claim, polygon })));
    const live = (claim: Claim) => (isOn(claim, shown.time) ? 1 : 0.45);
    return [
      new PolygonLayer({
        id: "corridors",
        data: polygons,
        getPolygon: (road: any) => road.polygon,
        getFillColor: (road: any) => [...colour(road.claim), opaque(road.claim, 0.2)] as any,
        getLineColor: (road: any) => [...colour(road.claim), opaque(road.claim, live(road.claim))] as any,
        getLineWidth: 1.2,
        lineWidthUnits: "pixels",
        pickable: true,
        parameters: ALWAYS,
        updateTriggers: { ...updateTriggers, getLineColor: [updateTriggers, roads.map((claim) => isOn(claim, shown.time)).join()] },
      } as any),
    ];
  }

  private heads(shown: Shown, wanted: (claim: Claim) => boolean, colour: (claim: Claim) => Rgb) {
    const { time } = shown;
    const moving = shown.claims.filter((claim) => claim.heads && wanted(claim));
    const bands = moving
      .map((claim) => ({ claim, from: alongAt(claim.heads!.latest, time), to: alongAt(claim.heads!.earliest, time) }))
      .filter(({ from, to }) => to > from + 1)
      .map(({ claim, from, to }) => ({ claim, path: stretch(claim.track!, from, to) }));
    const heads = moving.map((claim) => ({ claim, at: headAt(claim, time) }));
    return [
      new PathLayer({ id: "bands", data: bands, getPath: (band: any) => band.path, getColor: (band: any) => [...colour(band.claim), 140] as any, getWidth: 7, widthUnits: "pixels", capRounded: true, parameters: ALWAYS } as any),
      new ScatterplotLayer({ id: "heads", data: heads, getPosition: (head: any) => head.at, getRadius: 7, radiusUnits: "pixels", getFillColor: (head: any) => [...colour(head.claim), 255] as any, stroked: true, getLineColor: [...rgb(css("--panel")), 255] as any, getLineWidth: 2, lineWidthUnits: "pixels", pickable: true, parameters: ALWAYS } as any),
      text("head-names", heads, (head) => head.at, (head) => head.claim.id, (head) => colour(head.claim)),
    ];
  }

  /** Where a plan asks for symbols: above the head of what moves, in the middle of what does not. */
  private symbolsOn(shown: Shown, live: Piece[]) {
    const { claims, parties, time, party } = shown;
    const asked = claims.filter((claim) => claim.symbol && (!party || claim.party === party));
    const keyed = asked.map((claim) => [claim.symbol!, parties.colour(claim.party)] as [string, string]);
    const wanted = [...new Map(keyed.map((one) => [symbolKey(...one), one])).values()];
    if (this.symbolsOf !== wanted.join()) {
      this.symbolsOf = wanted.join();
      this.symbols = wanted.length ? symbols(wanted) : null;
    }
    if (!this.symbols) return [];
    const { image, places } = this.symbols;
    const tilted = this.isTilted;
    const marks = asked.flatMap((claim) => {
      const key = symbolKey(claim.symbol!, parties.colour(claim.party));
      if (!places[key]) return [];
      if (claim.heads) return isOn(claim, time) ? [{ claim, key, at: headAt(claim, time), lift: -9 }] : [];
      const piece = live.find((piece) => piece.claim === claim);
      if (!piece) return [];
      const [lng, lat] = middle(piece.polygon);
      return [{ claim, key, at: tilted && !piece.flat ? [lng, lat, piece.upper * this.exaggeration] : [lng, lat], lift: 12 }];
    });
    return [
      new IconLayer({
        id: "symbols",
        data: marks,
        iconAtlas: image as any,
        iconMapping: places as any,
        getIcon: (mark: any) => mark.key,
        getPosition: (mark: any) => mark.at,
        getSize: (mark: any) => places[mark.key].height / 2,
        getPixelOffset: (mark: any) => [0, mark.lift],
        sizeUnits: "pixels",
        pickable: true,
        parameters: ALWAYS,
      } as any),
    ];
  }

  private findings(shown: Shown) {
    const { scene, time, chosen } = shown;
    const during = (found: Finding) => !found.ms || (found.ms[0] <= time && time <= found.ms[1]);
    const loud = chosen ? [chosen] : scene.findings.filter((found) => found.where && !found.excused && during(found));
    const drawn = loud.flatMap((found) => parts(found.where).polygons.map((polygon) => ({ found, polygon })));
    const lines = loud.flatMap((found) => [...parts(found.where).lines, ...parts(found.where).polygons.flatMap((polygon) => polygon.map((ring) => [...ring, ring[0]]))].map((path) => ({ found, path })));
    const colour = (found: Finding): Rgb => rgb(levelColour(found.level));
    const high = this.exaggeration;
    const boxes = drawn.filter(({ found }) => this.isTilted && found.altitude_m);
    const points = loud.filter((found) => found.at);
    return [
      hatch("finding-hatches", this.stripes, drawn, {}, ({ found }: any) => [...colour(found), 220], ({ polygon }: any) => polygon),
      new SolidPolygonLayer({
        id: "finding-boxes",
        data: boxes,
        extruded: true,
        getPolygon: ({ found, polygon }: any) => polygon.map((ring: Place[]) => ring.map(([lng, lat]) => [lng, lat, found.altitude_m[0] * high])),
        getElevation: ({ found }: any) => Math.max(1, (found.altitude_m[1] - found.altitude_m[0]) * high),
        getFillColor: ({ found }: any) => [...colour(found), 110] as any,
        material: false,
        parameters: ALWAYS,
      } as any),
      new PathLayer({ id: "finding-lines", data: lines, getPath: ({ path }: any) => path, getColor: ({ found }: any) => [...colour(found), 255] as any, getWidth: 2.5, widthUnits: "pixels", parameters: ALWAYS } as any),
      new ScatterplotLayer({ id: "finding-points", data: points, getPosition: (found: any) => found.at, getRadius: 4.5, radiusUnits: "pixels", getFillColor: (found: any) => [...colour(found), 255] as any, parameters: ALWAYS } as any),
      text("finding-names", chosen ? points : [], (found) => found.at, (found) => `${found.level.toUpperCase()} ${found.kind}`, (found) => colour(found)),
    ];
  }
}

/** Whether something else than the processor draws: smooth edges cost a processor more than the rest of the map. */
function hasGraphicsCard(): boolean {
  const g = document.createElement("canvas").getContext("webgl2");
  if (!g) return false;
  const named = g.getExtension("WEBGL_debug_renderer_info");
  const name = String(g.getParameter(named ? named.UNMASKED_RENDERER_WEBGL : g.RENDERER));
  g.getExtension("WEBGL_lose_context")?.loseContext();
  return !/swiftshader|llvmpipe|software/i.test(name);
}

/** The middle of the box around an outline. */
function middle(polygon: Place[][]): Place {
  const [lngs, lats] = [polygon[0].map(([lng]) => lng), polygon[0].map(([, lat]) => lat)];
  return [(Math.min(...lngs) + Math.max(...lngs)) / 2, (Math.min(...lats) + Math.max(...lats)) / 2];
}

/** A ring as a line of not many more corners than these: what is left out is a part of a circle that nobody sees. */
function closed(ring: Place[], corners: number): Place[] {
  const step = Math.max(1, Math.floor(ring.length / corners));
  return [...ring.filter((_, index) => index % step === 0), ring[0]];
}

/** Every outline of every claim with its band and its time. */
function pieces(scene: Scene, claims: Claim[]): Piece[] {
  const seconds = (ms: number) => (ms - scene.span[0]) / 1000;
  return claims.flatMap((claim) =>
    (claim.volumes ?? []).flatMap(([outline, lower, upper, start, end]) =>
      (claim.outlines![outline] as Polygon[]).map((polygon) => ({
        claim,
        polygon,
        lower: lower ?? 0,
        upper: upper ?? 0,
        from: Math.max(seconds(start), -ALL_TIME / 2),
        until: Math.min(seconds(end), ALL_TIME / 2),
        flat: upper === null || claim.kind === "authority",
      })),
    ),
  );
}

/** Altitudes are drawn a tenth as high as the picture is wide, and never lower than they are. */
function exaggeration(claims: Claim[]): number {
  const tops = claims.flatMap((claim) => (claim.volumes ?? []).map(([, , upper]) => upper ?? 0)).filter((upper) => upper > 0 && upper < 30_000);
  if (!tops.length) return 1;
  const corners = claims.flatMap((claim) => (claim.track ? claim.track.line : (claim.outlines ?? []).flat(2).map((ring: any) => ring[0] as Place)));
  let [south, north, west, east] = [90, -90, 180, -180];
  for (const [lng, lat] of corners) [south, north, west, east] = [Math.min(south, lat), Math.max(north, lat), Math.min(west, lng), Math.max(east, lng)];
  const wideM = Math.max(north - south, (east - west) * Math.cos((south * Math.PI) / 180)) * 111_000;
  const wanted = (wideM * 0.1) / tops.reduce((most, top) => Math.max(most, top), 1);
  return [50, 20, 10, 5, 2].find((step) => step <= wanted) ?? 1;
}

/** Lines across an area: claims of authority, and what findings are about. */
function hatch(id: string, scale: number, data: any[], extra: any, getFillColor: (one: any) => any, getPolygon: (one: any) => any) {
  const { updateTriggers: _, ...rest } = extra;
  return new SolidPolygonLayer({
    id,
    data,
    getPolygon,
    getFillColor,
    fillPatternAtlas: pattern(),
    fillPatternMapping: { lines: { x: 0, y: 0, width: 64, height: 64, mask: true } },
    getFillPattern: () => "lines",
    getFillPatternScale: scale,
    updateTriggers: { ...(extra.updateTriggers ?? {}), getFillPatternScale: scale },
    getFillPatternOffset: [0, 0],
    parameters: ALWAYS,
    ...rest,
    extensions: [...(extra.extensions ?? []), new FillStyleExtension({ pattern: true })],
  } as any);
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

function text(id: string, data: any[], getPosition: (one: any) => Place, getText: (one: any) => string, getColor: (one: any) => Rgb) {
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
