// Symbols that a plan asks for: MIL-STD-2525D (APP-6D), always neutral, in the colour of the party.

import { ms, numberactivites, numberair, numberlandcivilian, numberlandequipment, numberlandinstallation, numberlandunit, numbersea } from "milsymbol/index.mjs";

// What moves and stands where parties share space; nothing of weapons in the air, mines or signals.
for (const set of [numberair, numberlandunit, numberlandcivilian, numberlandequipment, numberlandinstallation, numbersea, numberactivites]) ms.addIcons(set);

/** Pixels of the frame's side; twice that are drawn, for screens that show them. */
const SIZE = 20;
export const SHARP = 2;

export const symbolKey = (code: string, colour: string) => `${code} ${colour}`;

const known = new Map<string, HTMLCanvasElement | null>();

/** The symbol of a key; `null` where nobody knows it. */
export function drawSymbol(key: string): HTMLCanvasElement | null {
  let drawn = known.get(key);
  if (drawn === undefined) {
    const [code, colour] = key.split(" ");
    // The page never draws another identity, whoever wrote the scene.
    const neutral = `${code.slice(0, 3)}4${code.slice(4)}`;
    const symbol = new ms.Symbol(neutral, { size: SIZE * SHARP, fillColor: colour, infoFields: false, outlineColor: "#fff", outlineWidth: 4 });
    drawn = symbol.isValid() ? symbol.asCanvas() : null;
    known.set(key, drawn);
  }
  return drawn;
}

export interface Atlas {
  image: HTMLCanvasElement;
  /** Where on the canvas each is. */
  places: Record<string, { x: number; y: number; width: number; height: number; anchorY: number }>;
}

/** All of these symbols beside each other. */
export function atlas(keys: string[]): Atlas {
  const image = document.createElement("canvas");
  const drawn = keys.flatMap((key) => {
    const canvas = drawSymbol(key);
    return canvas ? [[key, canvas] as const] : [];
  });
  image.width = Math.max(1, drawn.reduce((sum, [, one]) => sum + one.width, 0));
  image.height = Math.max(1, ...drawn.map(([, one]) => one.height));
  const g = image.getContext("2d")!;
  const places: Atlas["places"] = {};
  let x = 0;
  for (const [key, one] of drawn) {
    g.drawImage(one, x, 0);
    places[key] = { x, y: 0, width: one.width, height: one.height, anchorY: one.height };
    x += one.width;
  }
  return { image, places };
}
