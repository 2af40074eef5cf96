// The map: claims where they are, at the shown time, with their base and top; findings as the regions that they are about.
//
// It draws what it is given, and computes nothing that decides anything.

import { DataFilterExtension, FillStyleExtension, PathStyleExtension } from "@deck.gl/extensions";
import { PathLayer, PolygonLayer, ScatterplotLayer, SolidPolygonLayer, TextLayer } from "@deck.gl/layers";
import { MapLibreOverlay } from "@deck.gl/maplibre";
import { type LngLatBoundsLike, Map as MapLibreMap, NavigationControl, ScaleControl, setWorkerUrl } from "maplibre-gl";
import { style } from "./basemap";
import { type Parties, type Rgb, css, levelColour, rgb } from "./colours";
import { type Claim, type Finding, type Place, type Polygon, type Scene, alongAt, headAt, isOn, parts, stretch } from "./scene";
import { TEXTS } from "./texts";

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

export class PictureMap {
  readonly map: MapLibreMap;
  readonly ready: Promise<void>;
  private readonly overlay: MapLibreOverlay;
  private pieces: Piece[] = [];
  private piecesOf: Claim[] | null = null;
  private shown: Shown | null = null;
  private exaggeration = 1;
  private drawn: any[] = [];

  constructor(container: HTMLElement, scene: Scene, worker: string, heard: { point(at: Place | null): void; click(at: Place): void; claim(claim: Claim): void }) {
    setWorkerUrl(worker);
    this.map = new MapLibreMap({
      container,
      style: style(scene),
      center: [0, 20],
      zoom: 1,
      maxPitch: 78,
      attributionControl: { compact: true },
      locale: { "Map.Title": TEXTS.map },
      // A page that is printed shows what was drawn.
      canvasContextAttributes: { preserveDrawingBuffer: true, antialias: true },
      fadeDuration: 0,
    });
    this.map.addControl(new NavigationControl({ visualizePitch: true }), "top-right");
    this.map.addControl(new ScaleControl({ maxWidth: 140 }), "top-left");
    this.overlay = new MapLibreOverlay({
      interleaved: false,
      layers: [],
      deviceProps: { type: "webgl", webgl: { preserveDrawingBuffer: true } } as any,
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

  /** Takes over the colours of the page, and the places of the scene. */
  restyle(scene: Scene) {
    this.map.setStyle(style(scene));
  }

  /** Brings these places into view; `share` of the map is enough for them. */
  fit(places: Place[], share = 1, animate = true) {
    if (!places.length) return;
    const lngs = places.map(([lng]) => lng);
    const lats = places.map(([, lat]) => lat);
    const bounds: LngLatBoundsLike = [Math.min(...lngs), Math.min(...lats), Math.max(...lngs), Math.max(...lats)];
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
    const visible = this.pieces.filter((piece) => wanted(piece.claim));
    const filter = {
      extensions: [new DataFilterExtension({ filterSize: 2, fp64: false })],
      getFilterValue: (piece: Piece): [number, number] => [piece.from, piece.until],
      filterRange: [
        [-ALL_TIME, seconds],
        [seconds, ALL_TIME],
      ] as [[number, number], [number, number]],
    };
    const updateTriggers = { getFillColor: key, getLineColor: key, getColor: key };
    const high = this.exaggeration;
    const at = (polygon: Place[][], m: number) => polygon.map((ring) => ring.map(([lng, lat]) => [lng, lat, m * high]));
    const outline = (layer: string, data: Piece[], width: number, share: number, extra: object) =>
      new PathLayer({
        id: layer,
        data: data.flatMap((piece) => at(piece.polygon, piece.flat ? 0 : piece.upper).map((ring) => ({ ...piece, path: [...ring, ring[0]] }))),
        getPath: (piece: any) => piece.path,
        getColor: (piece: any) => [...colour(piece.claim), opaque(piece.claim, share)] as any,
        getWidth: width,
        widthUnits: "pixels",
        updateTriggers,
        parameters: { depthCompare: "always" },
        ...extra,
      } as any);
    const hatched = visible.filter((piece) => piece.claim.kind === "authority");
    const air = visible.filter((piece) => !piece.flat);
    const ground = visible.filter((piece) => piece.flat && piece.claim.kind !== "authority");
    const fill = (layer: string, data: Piece[], extra: object) =>
      new SolidPolygonLayer({
        id: layer,
        data,
        getPolygon: (piece: Piece) => at(piece.polygon, piece.flat ? 0 : piece.lower) as any,
        getFillColor: (piece: Piece) => [...colour(piece.claim), opaque(piece.claim, 0.26)] as any,
        updateTriggers,
        parameters: { depthWriteEnabled: false, depthCompare: "always" },
        pickable: true,
        ...extra,
      } as any);
    return [
      new PathLayer({
        id: "areas",
        data: scene.areas.flatMap((area) => area.polygons.flat()),
        getPath: (ring: any) => [...ring, ring[0]],
        getColor: [...rgb(css("--dim")), 200] as any,
        getWidth: 1,
        widthUnits: "pixels",
        getDashArray: [5, 4],
        extensions: [new PathStyleExtension({ dash: true })],
        updateTriggers,
      } as any),
      new PathLayer({
        id: "barriers",
        data: scene.barriers.flatMap((barrier) => barrier.lines.map((line) => ({ line, river: barrier.kind === "river" }))),
        getPath: (barrier: any) => barrier.line,
        getColor: (barrier: any) => [...rgb(css(barrier.river ? "--water" : "--border")), 255] as any,
        getWidth: (barrier: any) => (barrier.river ? 3 : 2),
        widthUnits: "pixels",
        updateTriggers,
      } as any),
      outline("outlines-at-other-times", visible, 1, 0.4, { getDashArray: [4, 4], extensions: [new PathStyleExtension({ dash: true })] }),
      fill("ground", ground, filter),
      hatch("contested", this.stripes, hatched, { ...filter, updateTriggers }, (piece: Piece) => [...colour(piece.claim), opaque(piece.claim, 0.8)], (piece: Piece) => piece.polygon),
      fill("air", air, { ...filter, extruded: true, getElevation: (piece: Piece) => Math.max(1, (piece.upper - piece.lower) * high), material: false }),
      outline("outlines", visible, 2, 1, filter),
      ...this.corridors(shown, wanted, opaque, colour, updateTriggers),
      ...this.findings(shown),
      ...this.heads(shown, wanted, colour),
      new PathLayer({ id: "drawing", data: shown.drawing.length > 1 ? [shown.drawing] : [], getPath: (path: any) => path, getColor: [...rgb(css("--mark")), 255] as any, getWidth: 3, widthUnits: "pixels" } as any),
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
        parameters: { depthCompare: "always", depthWriteEnabled: false },
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
    const always = { depthCompare: "always" };
    return [
      new PathLayer({ id: "bands", data: bands, getPath: (band: any) => band.path, getColor: (band: any) => [...colour(band.claim), 140] as any, getWidth: 7, widthUnits: "pixels", capRounded: true, parameters: always } as any),
      new ScatterplotLayer({ id: "heads", data: heads, getPosition: (head: any) => head.at, getRadius: 7, radiusUnits: "pixels", getFillColor: (head: any) => [...colour(head.claim), 255] as any, stroked: true, getLineColor: [...rgb(css("--panel")), 255] as any, getLineWidth: 2, lineWidthUnits: "pixels", pickable: true, parameters: always } as any),
      text("head-names", heads, (head) => head.at, (head) => head.claim.id, (head) => colour(head.claim)),
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
    const boxes = drawn.filter(({ found }) => found.altitude_m);
    const points = loud.filter((found) => found.at);
    const always = { depthCompare: "always", depthWriteEnabled: false };
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
        parameters: always,
      } as any),
      new PathLayer({ id: "finding-lines", data: lines, getPath: ({ path }: any) => path, getColor: ({ found }: any) => [...colour(found), 255] as any, getWidth: 2.5, widthUnits: "pixels", parameters: always } as any),
      new ScatterplotLayer({ id: "finding-points", data: points, getPosition: (found: any) => found.at, getRadius: 4.5, radiusUnits: "pixels", getFillColor: (found: any) => [...colour(found), 255] as any, parameters: always } as any),
      text("finding-names", chosen ? points : [], (found) => found.at, (found) => `${found.level.toUpperCase()} ${found.kind}`, (found) => colour(found)),
    ];
  }
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
  const wanted = (wideM * 0.1) / Math.max(...tops);
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
    parameters: { depthCompare: "always", depthWriteEnabled: false },
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
    parameters: { depthCompare: "always" },
  } as any);
}
