// How long it takes to see a report, and how it moves, without a graphics card. Printed, and held only against what would be broken: a busy
// machine is no failure.

import assert from "node:assert/strict";
import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { deconflict, drawn, folder, launch, opened } from "./browser.mjs";
import { randomPlan } from "./plans.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());
const here = folder();

async function reportOf(claims) {
  const [plan, html] = [join(here, `${claims}.json`), join(here, `${claims}.html`)];
  // Far apart enough that there are claims to look at, and not only findings.
  const made = randomPlan(3, claims - 4, 4);
  for (const claim of made.claims) if (claim.outline) claim.outline.circle.radius = "1 km";
  writeFileSync(plan, JSON.stringify(made));
  deconflict("check", plan, "--html", html);
  const start = performance.now();
  const { page, context } = await opened(browser, `file://${html}`);
  await drawn(page);
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  const seconds = (performance.now() - start) / 1000;
  console.log(`figure: report of ${claims} claims: ${(statSync(html).size / 1e6).toFixed(2)} MB, first view after ${seconds.toFixed(1)} s`);
  return { page, context, seconds };
}

/** Frames a second while the map is dragged. */
async function moved(page) {
  const map = await page.locator("#map").boundingBox();
  const [x, y] = [map.x + map.width / 2, map.y + map.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  const frames = () => page.evaluate(() => window.deconflict.picture.frames);
  const [before, start] = [await frames(), performance.now()];
  for (let step = 0; performance.now() - start < 4000; step++) await page.mouse.move(x + 80 * Math.sin(step / 4), y + 60 * Math.cos(step / 4));
  const rate = (((await frames()) - before) * 1000) / (performance.now() - start);
  await page.mouse.up();
  return rate;
}

test("a report of 200 claims is soon seen", async () => {
  const { page, context, seconds } = await reportOf(200);
  console.log(`figure: 200 claims move at ${(await moved(page)).toFixed(1)} frames/s (software rendering)`);
  assert.ok(seconds < 20, `${seconds} s`);
  await context.close();
});

test("a report of 5,000 claims moves", async () => {
  const { page, context } = await reportOf(5000);
  const rate = await moved(page);
  console.log(`figure: 5000 claims move at ${rate.toFixed(1)} frames/s (software rendering)`);
  assert.ok(rate > 0.3, `${rate} frames/s`);
  await context.close();
});
