// Coordinates for people: decimal degrees, degrees-minutes-seconds, MGRS.

import { forward } from "mgrs";
import type { Place } from "./scene";

export type Notation = "decimal" | "dms" | "mgrs";
export const NOTATIONS: Notation[] = ["decimal", "dms", "mgrs"];

export function coordinates([lng, lat]: Place, notation: Notation): string {
  if (notation === "mgrs") {
    // The grid ends there; the polar grids are not drawn on this map.
    if (lat < -80 || lat > 84) return coordinates([lng, lat], "decimal");
    const text = forward([((((lng + 180) % 360) + 360) % 360) - 180, lat], 5);
    return text.replace(/^(\d+[A-Z])([A-Z]{2})(\d{5})(\d{5})$/, "$1 $2 $3 $4");
  }
  const hemisphere = (value: number, positive: string, negative: string) => (value < 0 ? negative : positive);
  if (notation === "decimal") {
    return `${Math.abs(lat).toFixed(5)}${hemisphere(lat, "N", "S")} ${Math.abs(lng).toFixed(5)}${hemisphere(lng, "E", "W")}`;
  }
  const dms = (value: number, digits: number) => {
    const tenths = Math.round(Math.abs(value) * 36000);
    const [degrees, minutes, seconds] = [Math.floor(tenths / 36000), Math.floor(tenths / 600) % 60, (tenths % 600) / 10];
    return `${String(degrees).padStart(digits, "0")}°${String(minutes).padStart(2, "0")}′${seconds.toFixed(1).padStart(4, "0")}″`;
  };
  return `${dms(lat, 2)}${hemisphere(lat, "N", "S")} ${dms(lng, 3)}${hemisphere(lng, "E", "W")}`;
}
