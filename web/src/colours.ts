// Colours of parties and levels, as numbers for the map and as text for the rest.

import type { Level, Scene } from "./scene";

export type Rgb = [number, number, number];

// Okabe and Ito's: they differ for people who see colours differently, too.
const PARTIES = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8c6d1f", "#7b5aa6"];
const NOBODY = "#7a7f85";

export const css = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

export function rgb(hex: string): Rgb {
  const value = parseInt(hex.slice(1).replace(/^(.)(.)(.)$/, "$1$1$2$2$3$3"), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

/** Gives each owner of claims a colour, in the order in which they first come. */
export class Parties {
  readonly owners: string[];
  private readonly names: Map<string, string>;

  constructor(scene: Scene) {
    this.owners = [...new Set(scene.claims.map((claim) => claim.party).filter((party): party is string => Boolean(party)))].sort();
    this.names = new Map(scene.parties.map((party) => [party.id, party.name]));
  }

  colour(party: string | null | undefined): string {
    if (!party) return NOBODY;
    return PARTIES[Math.max(0, this.owners.indexOf(party)) % PARTIES.length];
  }

  name(id: string): string {
    return this.names.get(id) ?? id;
  }
}

export const levelColour = (level: Level) => css(`--${level}`);
