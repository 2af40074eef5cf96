// Findings as a party was told them, as the map draws them.

import type { Finding, Geometry, Level, Place } from "../scene";

/** A finding as `/api/v1/findings` has it. */
export interface Told {
  finding: string;
  number: number;
  level: Level;
  via?: string[];
  accept_by?: string | null;
  read_back?: string[];
  what: any;
}

/** What was told, in the shape of a report's finding. */
export function drawnFinding(told: Told, me: string, span: [number, number]): Finding {
  const what = told.what ?? {};
  const own: string[] = (what.own ?? []).map((id: string) => `${me}/${id}`);
  const [from, until] = (what.window ?? []).map((text: string | null) => (text ? Date.parse(text) : NaN)) as number[];
  const where: Geometry | null = what.where ?? box(what.region);
  return {
    id: told.finding,
    kind: what.kind ?? "",
    level: told.level,
    excused: false,
    parties: partiesOf(told, me),
    claims: what.claims ?? own,
    headline: what.text ?? "",
    facts: [],
    at: middle(where),
    ms: what.window ? [Number.isFinite(from) ? from : span[0], Number.isFinite(until) ? until : span[1]] : undefined,
    where,
    altitude_m: what.altitude_m ?? what.band_m ?? null,
    previews: [],
  };
}

/** Stands for a party that is not named. */
export const UNNAMED = "?";

/** The other parties that something is about, as far as they are named. */
export function partiesOf(told: Told, me: string): string[] {
  const what = told.what ?? {};
  const named: string[] = what.parties ?? [what.counterpart?.party ?? (what.counterpart ? UNNAMED : null)].filter(Boolean);
  return named.filter((party) => party !== me);
}

/** [[south, west], [north, east]]; across the antimeridian east is less than west. */
function box(region: [[number, number], [number, number]] | null | undefined): Geometry | null {
  if (!region) return null;
  const [[south, west], [north, east]] = region;
  const right = east < west ? east + 360 : east;
  return { type: "Polygon", coordinates: [[[west, south], [right, south], [right, north], [west, north]]] };
}

function middle(where: Geometry | null): Place | null {
  if (!where) return null;
  if (where.type === "Point") return where.coordinates;
  const ring: Place[] = where.type === "Polygon" ? where.coordinates[0] : where.type === "MultiPolygon" ? where.coordinates[0][0] : where.type === "LineString" ? where.coordinates : where.coordinates[0];
  const sum = ring.reduce(([x, y], [lng, lat]) => [x + lng, y + lat], [0, 0]);
  return [sum[0] / ring.length, sum[1] / ring.length];
}
