// The map: claims where they are, at the shown time; findings as the regions that they are about. From above the map draws them itself; tilted, they
// stand in the air between their base and their top.
//
// It draws what it is given, and computes nothing that decides anything.

import { type GeoJSONSource, type LngLatBoundsLike, Map as MapLibreMap, NavigationControl, ScaleControl, setWorkerUrl } from "maplibre-gl";
import { places, style } from "./basemap";
import { Look, type Piece, type Shown, pieces } from "./drawn";
import { Flat } from "./flat";
import { High } from "./high";
import type { Claim, Place, Scene } from "./scene";
import { TEXTS } from "./texts";
import type { Tiles } from "./tiles";

/** A flat picture is looked at from above; a column of air is seen when it is tilted. */
const TILT_DEG = 55;

export class PictureMap {
  readonly map: MapLibreMap;
  readonly ready: Promise<void>;
  readonly flat: Flat;
  /** Made when somebody tilts the map first: it takes a while. */
  high: High | null = null;
  private readonly isHardware = hasGraphicsCard();
  private pieces: Piece[] = [];
  private piecesOf: Claim[] | null = null;
  private shown: Shown | null = null;
  private exaggeration = 1;
  private tiles: Tiles | null = null;
  private isStyled = false;

  constructor(
    container: HTMLElement,
    scene: Scene,
    worker: string,
    private readonly heard: { point(at: Place | null): void; click(at: Place): void; claim(claim: Claim): void },
  ) {
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
      canvasContextAttributes: { preserveDrawingBuffer: true, antialias: this.isHardware },
      fadeDuration: 0,
    });
    this.flat = new Flat(this.map);
    this.map.addControl(new NavigationControl({ visualizePitch: true }), "top-right");
    this.map.addControl(new ScaleControl({ maxWidth: 140 }), "top-left");
    this.map.on("mousemove", (event) => {
      heard.point([event.lngLat.lng, event.lngLat.lat]);
      if (!this.isTilted) this.pointAt(event.point);
    });
    this.map.on("mouseout", () => heard.point(null));
    this.map.on("click", (event) => {
      heard.click([event.lngLat.lng, event.lngLat.lat]);
      if (!this.isTilted) this.clicked(this.claimAt(event.point));
    });
    this.map.on("zoomend", () => this.again());
    this.map.on("style.load", () => {
      this.isStyled = true;
      this.flat.begin();
      this.again();
    });
    this.ready = new Promise((done) => this.map.once("load", () => done()));
  }

  /** Takes over the colours of the page. */
  restyle(scene: Scene) {
    this.isStyled = false;
    this.map.setStyle(style(scene, this.tiles), { diff: false });
  }

  /** Lays somebody's own map under the picture. */
  underlay(scene: Scene, tiles: Tiles) {
    this.tiles = tiles;
    this.restyle(scene);
  }

  /** Takes over the places of the scene. */
  name(scene: Scene) {
    const set = () => (this.map.getSource("places") as GeoJSONSource | undefined)?.setData(places(scene));
    if (this.isStyled) set();
    else this.map.once("style.load", set);
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

  /** Where heads are drawn: for tests, which hold what the map was given against the engine. */
  drawnHeads(): Record<string, Place> {
    if (this.isTilted) {
      const heads = this.high?.drawn.find((layer) => layer.id === "heads");
      return Object.fromEntries((heads?.props.data ?? []).map((head: any) => [head.claim.id, heads.props.getPosition(head)]));
    }
    const heads = (this.flat.drawn.get("moving") ?? []).filter((one) => one.properties.as === "head");
    return Object.fromEntries(heads.map((head) => [head.properties.id as string, head.geometry.coordinates as Place]));
  }

  show(shown: Shown) {
    this.shown = shown;
    if (this.piecesOf !== shown.claims) {
      this.piecesOf = shown.claims;
      this.pieces = pieces(shown.claims);
      this.exaggeration = exaggeration(shown.claims);
    }
    if (!this.isStyled) return;
    const look = new Look(shown, this.pieces);
    if (this.isTilted) {
      this.flat.clear();
      this.high ??= new High(this.map, this.isHardware, (claim) => this.clicked(claim));
      this.high.show(look, this.exaggeration);
    } else {
      this.high?.clear();
      this.flat.show(look);
    }
  }

  private again() {
    if (this.shown) this.show(this.shown);
  }

  private claimAt(point: { x: number; y: number }): Claim | undefined {
    const id = this.isStyled ? this.flat.claimAt(point) : null;
    return this.shown?.claims.find((claim) => claim.id === id);
  }

  private pointAt(point: { x: number; y: number }) {
    const claim = this.claimAt(point);
    const canvas = this.map.getCanvas();
    canvas.title = claim ? `${claim.name} (${claim.id})` : "";
    canvas.style.cursor = claim ? "pointer" : "";
  }

  private clicked(claim: Claim | undefined) {
    if (claim && this.shown?.drawing.length === 0) this.heard.claim(claim);
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
