// Altitude over time of the claims of the chosen finding: a split in altitude is seen at a glance.

import { type Parties, css, levelColour } from "./colours";
import { fitted } from "./dom";
import type { Claim, Finding, Scene } from "./scene";

export function drawProfile(canvas: HTMLCanvasElement, scene: Scene, parties: Parties, shown: Claim[], chosen: Finding | null, time: number) {
  const claims = chosen ? shown.filter((claim) => chosen.claims.includes(claim.id)) : shown.filter((claim) => claim.kind === "flight");
  const volumes = claims.flatMap((claim) =>
    (claim.volumes ?? []).flatMap(([, lower, upper, start, end]) => (lower === null || upper === null ? [] : [{ claim, lower, upper, start, end }])),
  );
  canvas.style.display = volumes.length ? "block" : "none";
  if (!volumes.length) return;
  const g = fitted(canvas);
  const [left, right, top, bottom] = [62, canvas.clientWidth - 8, 6, canvas.clientHeight - 16];
  const [from, to] = scene.span;
  let [low, high] = [0, 1];
  for (const volume of volumes) [low, high] = [Math.min(low, volume.lower), Math.max(high, volume.upper)];
  const x = (at: number) => left + ((right - left) * (at - from)) / (to - from || 1);
  const y = (m: number) => bottom - ((bottom - top) * (m - low)) / (high - low || 1);
  g.font = "11px system-ui, sans-serif";
  g.fillStyle = css("--dim");
  g.strokeStyle = css("--rule");
  for (const m of [low, (low + high) / 2, high]) {
    g.beginPath();
    g.moveTo(left, y(m));
    g.lineTo(right, y(m));
    g.stroke();
    g.fillText(`${Math.round(m)} m`, 4, Math.min(bottom, y(m) + 4));
  }
  g.fillText(scene.altitude_reference, 4, bottom + 13);
  for (const { claim, lower, upper, start, end } of volumes) {
    const colour = parties.colour(claim.party);
    g.fillStyle = colour + "66";
    g.strokeStyle = colour;
    const box: [number, number, number, number] = [x(start), y(upper), Math.max(1.5, x(end) - x(start)), y(lower) - y(upper)];
    g.fillRect(...box);
    g.strokeRect(...box);
  }
  if (chosen?.altitude_m && chosen.ms) {
    const [begin, end] = [x(Math.max(from, chosen.ms[0])), x(Math.min(to, chosen.ms[1]))];
    const [lower, upper] = [y(chosen.altitude_m[0]), y(chosen.altitude_m[1])];
    g.strokeStyle = levelColour(chosen.level);
    g.lineWidth = 2.5;
    g.strokeRect(begin, upper, end - begin, Math.max(2, lower - upper));
  }
  g.strokeStyle = css("--mark");
  g.lineWidth = 2;
  g.beginPath();
  g.moveTo(x(time), top);
  g.lineTo(x(time), bottom);
  g.stroke();
}
