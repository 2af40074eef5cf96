// What the map shows at a time, before anybody draws it: from above (flat.ts) or as it stands in the air (high.ts). Decides nothing.

import { type Parties, type Rgb, levelColour, rgb } from "./colours";
import { type Claim, type Finding, type Place, type Polygon, type Scene, alongAt, headAt, isOn, parts, stretch } from "./scene";
import { symbolKey } from "./symbols";

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
export interface Piece {
  claim: Claim;
  polygon: Place[][];
  lower: number;
  upper: number;
  /** Milliseconds since 1970. */
  from: number;
  until: number;
  flat: boolean;
}

/** A symbol and where it stands. */
export interface Mark {
  claim: Claim;
  key: string;
  at: Place;
  upper: number;
  /** Pixels below the place. */
  lift: number;
}

const MOST_AT_OTHER_TIMES = 600;

/** Every outline of every claim with its band and its time. */
export function pieces(claims: Claim[]): Piece[] {
  return claims.flatMap((claim) =>
    (claim.volumes ?? []).flatMap(([outline, lower, upper, from, until]) =>
      (claim.outlines![outline] as Polygon[]).map((polygon) => ({ claim, polygon, lower: lower ?? 0, upper: upper ?? 0, from, until, flat: upper === null || claim.kind === "authority" })),
    ),
  );
}

/** What of a picture is to be seen, and how strongly. */
export class Look {
  readonly concerned: string[];
  readonly live: Piece[];
  /** Of many claims only those are drawn that are there: the rest would hide them, and takes most of the time. */
  readonly otherTimes: Piece[];

  constructor(
    readonly shown: Shown,
    all: Piece[],
  ) {
    this.concerned = shown.chosen ? shown.chosen.claims : [];
    const visible = all.filter((piece) => this.isWanted(piece.claim));
    const isLive = (piece: Piece) => piece.from <= shown.time && shown.time <= piece.until;
    this.live = visible.filter(isLive);
    this.otherTimes = visible.length > MOST_AT_OTHER_TIMES ? [] : visible.filter((piece) => !isLive(piece));
  }

  isWanted(claim: Claim): boolean {
    return !this.shown.party || claim.party === this.shown.party || this.concerned.includes(claim.id);
  }

  /** From 0 to 1. */
  strength(claim: Claim, share: number): number {
    return share * (this.concerned.includes(claim.id) ? 1 : this.shown.chosen ? 0.35 : 0.9);
  }

  colour(claim: Claim): Rgb {
    return rgb(this.shown.parties.colour(claim.party));
  }

  get roads(): Claim[] {
    return this.shown.claims.filter((claim) => claim.track && this.isWanted(claim));
  }

  get heads(): { claim: Claim; at: Place }[] {
    return this.moving.map((claim) => ({ claim, at: headAt(claim, this.shown.time) }));
  }

  /** From where the head is at the latest to where it is at the earliest. */
  get bands(): { claim: Claim; path: Place[] }[] {
    const { time } = this.shown;
    return this.moving
      .map((claim) => ({ claim, from: alongAt(claim.heads!.latest, time), to: alongAt(claim.heads!.earliest, time) }))
      .filter(({ from, to }) => to > from + 1)
      .map(({ claim, from, to }) => ({ claim, path: stretch(claim.track!, from, to) }));
  }

  private get moving(): Claim[] {
    return this.shown.claims.filter((claim) => claim.heads && this.isWanted(claim));
  }

  /** The chosen finding; where none is, those of now. */
  get loud(): Finding[] {
    const { scene, chosen, time } = this.shown;
    const isNow = (found: Finding) => !found.ms || (found.ms[0] <= time && time <= found.ms[1]);
    return chosen ? [chosen] : scene.findings.filter((found) => found.where && !found.excused && isNow(found));
  }

  /** Symbols that the plan asks for: above the head of what moves, in the middle of what does not. */
  get marks(): Mark[] {
    const { claims, parties, time } = this.shown;
    return claims.flatMap((claim): Mark[] => {
      if (!claim.symbol || !this.isWanted(claim)) return [];
      const key = symbolKey(claim.symbol, parties.colour(claim.party));
      if (claim.heads) return isOn(claim, time) ? [{ claim, key, at: headAt(claim, time), upper: 0, lift: -9 }] : [];
      const piece = this.live.find((piece) => piece.claim === claim);
      return piece ? [{ claim, key, at: middle(piece.polygon), upper: piece.flat ? 0 : piece.upper, lift: 12 }] : [];
    });
  }
}

export const loudColour = (found: Finding): Rgb => rgb(levelColour(found.level));
export const loudName = (found: Finding): string => `${found.level.toUpperCase()} ${found.kind}`;

/** What a finding is about, as lines. */
export function loudLines(found: Finding): Place[][] {
  const { lines, polygons } = parts(found.where);
  return [...lines, ...polygons.flatMap((polygon) => polygon.map((ring) => closed(ring)))];
}

/** A ring as a line; of a circle with more corners than this, every so many: nobody sees the difference. */
export function closed(ring: Place[], corners = Infinity): Place[] {
  const step = Math.max(1, Math.floor(ring.length / corners));
  return [...ring.filter((_, index) => index % step === 0), ring[0]];
}

/** The middle of the box around an outline. */
function middle(polygon: Place[][]): Place {
  const [lngs, lats] = [polygon[0].map(([lng]) => lng), polygon[0].map(([, lat]) => lat)];
  return [(Math.min(...lngs) + Math.max(...lngs)) / 2, (Math.min(...lats) + Math.max(...lats)) / 2];
}
