// What the page shows, as `scene` of the engine writes it (docs/report.md has the shape). Nothing here decides anything: what moves, moves along
// what the engine wrote. Times are milliseconds since 1970 UTC, places [longitude, latitude] in degrees, altitudes metres.

export type Place = [number, number];
export type Polygon = Place[][];
/** [time, metres along the line], straight between two of them. */
export type Anchors = [number, number][];
/** [outline, lower, upper, start, end] */
export type Volume = [number, number | null, number | null, number, number];

export interface Track {
  width_m: number;
  line: Place[];
  along_m: number[];
  waypoints: { name: string; at: Place; along_m: number }[];
  polygons: Polygon[];
}

export interface Claim {
  id: string;
  name: string;
  kind: string;
  party: string | null;
  /** MIL-STD-2525D, where the plan asks for one. */
  symbol?: string;
  open: boolean;
  outlines?: Polygon[][];
  volumes?: Volume[];
  track?: Track;
  heads?: { earliest: Anchors; likely: Anchors; latest: Anchors };
  span?: [number, number];
}

export interface Geometry {
  type: "Point" | "LineString" | "MultiLineString" | "Polygon" | "MultiPolygon";
  coordinates: any;
}

export interface Preview {
  text: string;
  claims: Claim[];
}

export interface Finding {
  id: string;
  kind: string;
  level: Level;
  excused: boolean;
  parties: string[];
  claims: string[];
  headline: string;
  facts: [string, string][];
  at: Place | null;
  ms?: [number, number];
  where?: Geometry | null;
  altitude_m?: [number, number] | null;
  previews: Preview[];
}

export interface Scene {
  title: string;
  id: string;
  reader: { id: string; name: string } | null;
  as_of: number;
  span: [number, number];
  altitude_reference: string;
  parties: { id: string; name: string; participant: boolean }[];
  claims: Claim[];
  areas: { id: string; name: string | null; role: string; polygons: Polygon[] }[];
  barriers: { name: string | null; kind: string; lines: Place[][] }[];
  places: { name: string; at: Place }[];
  findings: Finding[];
}

export type Level = "critical" | "urgent" | "warn" | "watch" | "note";
export const LEVELS: Level[] = ["critical", "urgent", "warn", "watch", "note"];

/** The metres along a road at a time, straight between the engine's anchors. */
export function alongAt(anchors: Anchors, time: number): number {
  if (time <= anchors[0][0]) return anchors[0][1];
  for (let i = 1; i < anchors.length; i++) {
    const [before, from] = anchors[i - 1];
    const [after, to] = anchors[i];
    if (time <= after) return after === before ? to : from + ((to - from) * (time - before)) / (after - before);
  }
  return anchors[anchors.length - 1][1];
}

/** The place at so many metres along a road, straight between the engine's vertices. */
export function placeAt(track: Track, alongM: number): Place {
  const { along_m: along, line } = track;
  let after = along.findIndex((m) => m >= alongM);
  if (after < 0) after = along.length - 1;
  if (after === 0) return line[0];
  const share = (alongM - along[after - 1]) / (along[after] - along[after - 1]);
  const [from, to] = [line[after - 1], line[after]];
  return [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share];
}

/** The piece of a road between two distances along it. */
export function stretch(track: Track, from: number, to: number): Place[] {
  const inside = track.line.filter((_, i) => track.along_m[i] > from && track.along_m[i] < to);
  return [placeAt(track, from), ...inside, placeAt(track, to)];
}

export type Case = "earliest" | "likely" | "latest";

/** Where the head of a movement is at a time. */
export function headAt(claim: Claim, time: number, which: Case = "likely"): Place {
  return placeAt(claim.track!, alongAt(claim.heads![which], time));
}

export function isOn(claim: Claim, time: number): boolean {
  if (claim.volumes) return claim.volumes.some(([, , , start, end]) => start <= time && time <= end);
  return claim.span ? claim.span[0] <= time && time <= claim.span[1] : true;
}

/** Every position in nested lists. */
export function positions(value: unknown, found: Place[] = []): Place[] {
  if (!Array.isArray(value)) return found;
  if (typeof value[0] === "number") found.push(value as Place);
  else for (const inner of value) positions(inner, found);
  return found;
}

/** All claims; where there are none, all findings; where there are none either, what the picture names. */
export function everything(scene: Scene): Place[] {
  const layers = [
    scene.claims.map((claim) => (claim.track ? claim.track.line : claim.outlines)),
    scene.findings.map((found) => found.where?.coordinates ?? []),
    [scene.places.map((place) => place.at), scene.areas.map((area) => area.polygons)],
  ];
  return layers.map((layer) => positions(layer)).find((places) => places.length) ?? [];
}

/** The polygons and lines of a geometry. */
export function parts(where: Geometry | null | undefined): { polygons: Polygon[]; lines: Place[][]; points: Place[] } {
  const { type, coordinates } = where ?? { type: "", coordinates: [] };
  return {
    polygons: type === "Polygon" ? [coordinates] : type === "MultiPolygon" ? coordinates : [],
    lines: type === "LineString" ? [coordinates] : type === "MultiLineString" ? coordinates : [],
    points: type === "Point" ? [coordinates] : [],
  };
}
