// Takes the pictures of the README anew: both scenarios as reports, in a real browser. `cargo xtask web pictures` runs it.

import { execFileSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deconflict, drawn, launch, opened } from "./test/browser.mjs";

const here = mkdtempSync(join(tmpdir(), "deconflict-pictures-"));
const images = new URL("../docs/images/", import.meta.url).pathname;
/** Name of the picture, scenario, the finding that is chosen, and whether the map is tilted. */
const PICTURES = [
  ["euphrates-2017", "euphrates-2017", "conflict:RU-2+US-2", true],
  ["al-qaim-2016", "al-qaim-2016", "converging:C.A+C.B", false],
];

const browser = await launch();
for (const [name, scenario, finding, isTilted] of PICTURES) {
  const html = join(here, `${name}.html`);
  deconflict("check", `../scenarios/${scenario}.toml`, "--html", html);
  const { page, wrong, context } = await opened(browser, `file://${html}`);
  await drawn(page);
  await page.evaluate((id) => window.deconflict.choose(id), finding);
  await atRest(page);
  if (isTilted) {
    await page.click("#tilt");
    await page.waitForFunction(() => window.deconflict.picture.map.high?.drawn.length > 0);
    await atRest(page);
  }
  const png = join(images, `${name}.png`);
  await page.screenshot({ path: png });
  if (wrong.length) throw new Error(wrong.join("\n"));
  console.log(`${png}: ${finding}`);
  await context.close();
}
await browser.close();
execFileSync("rm", ["-r", here]);

/** Waits until the map has nothing more to draw. */
async function atRest(page) {
  await page.evaluate(() => new Promise((done) => {
    const { map } = window.deconflict.picture.map;
    if (map.loaded() && !map.isMoving()) done();
    else map.once("idle", done);
  }));
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}
