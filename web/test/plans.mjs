// Plans made up at random, the same for one seed.

import { random } from "./browser.mjs";

/** Flights and columns of four parties over two degrees and two days. */
export function randomPlan(seed, flights, columns, titled = "Made up") {
  const next = random(seed);
  const between = (from, to) => from + next() * (to - from);
  const at = () => ({ lat: Number(between(46, 48).toFixed(5)), lng: Number(between(7, 9).toFixed(5)) });
  const time = (hours) => new Date(Date.UTC(2026, 5, 1) + Math.round(hours * 60) * 60_000).toISOString().replace(/:\d\d\.\d+Z$/, ":00Z");
  const parties = ["A", "B", "C", "D"].map((id) => ({ id, name: `Party ${id}` }));
  const party = () => parties[Math.floor(next() * parties.length)].id;
  const claims = [];
  for (let i = 0; i < flights; i++) {
    const lower = Math.round(between(1, 60)) * 100;
    const start = between(0, 40);
    claims.push({
      id: `F${i}`, kind: "flight", party: party(),
      outline: { circle: { at: at(), radius: `${Math.round(between(2, 9))} km` } },
      lower: `${lower} m`, upper: `${lower + Math.round(between(2, 9)) * 100} m`, start: time(start), end: time(start + between(1, 8)),
    });
  }
  for (let i = 0; i < columns; i++) {
    let hour = between(0, 12);
    const waypoints = Array.from({ length: 3 + Math.floor(next() * 3) }, () => {
      hour += between(3, 9);
      return { at: at(), eta: time(hour) };
    });
    claims.push({ id: `M${i}`, kind: "movement", party: party(), width: "2 km", waypoints });
  }
  return {
    plan: { id: "made-up", title: titled, as_of: "2026-06-01", horizon: "3 d", altitude_reference: "W84" },
    parties, claims,
    minima: [{ kinds: ["flight", "flight"], lateral: "1 km", vertical: "300 m", time: "5 min" }],
  };
}
