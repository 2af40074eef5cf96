// Somebody's own map under the picture, symbols, and a page that reads from right to left.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { deconflict, drawn, folder, launch, opened } from "./browser.mjs";
import { pmtiles } from "./tiles.mjs";

let browser;
const here = folder();
const tiles = join(here, "own.pmtiles");
before(async () => {
  browser = await launch();
  const feature = (type, coordinates, properties = {}) => ({ type: "Feature", properties, geometry: { type, coordinates } });
  const all = (...features) => ({ type: "FeatureCollection", features });
  writeFileSync(tiles, pmtiles({
    water: all(feature("Polygon", [[[40, 34], [41, 34], [41, 35], [40, 35], [40, 34]]])),
    roads: all(feature("LineString", [[38, 34], [42, 36]])),
    places: all(feature("Point", [40.5, 35.5], { name: "Own Village" })),
    cables: all(feature("LineString", [[38, 36], [42, 34]])),
  }));
});
after(() => browser.close());

const EUPHRATES = "../scenarios/euphrates-2017.toml";

/** What of the own map is on the screen, by layer of its tiles. */
const onScreen = (page) =>
  page.evaluate(() => {
    const { map } = window.deconflict.picture.map;
    const ours = map.getStyle().layers.filter((layer) => layer.source === "tiles").map((layer) => layer.id);
    return [...new Set(map.queryRenderedFeatures(undefined, { layers: ours }).map((found) => found.sourceLayer))].sort();
  });

test("a report has the map that it was given in it, and a reader can lay another one under it", async () => {
  const html = join(here, "own.html");
  deconflict("check", EUPHRATES, "--html", html, "--basemap", tiles);
  const { page, wrong, context } = await opened(browser, `file://${html}`);
  await drawn(page);
  await page.waitForFunction(() => window.deconflict.picture.underlaid);
  const everyLayer = async () => (await onScreen(page)).join() === "cables,places,roads,water";
  for (let tries = 0; tries < 200 && !(await everyLayer()); tries++) await page.waitForTimeout(50);
  assert.deepEqual(await onScreen(page), ["cables", "places", "roads", "water"]);
  // It stays where the page takes on other colours.
  await page.emulateMedia({ colorScheme: "dark" });
  for (let tries = 0; tries < 200 && !(await everyLayer()); tries++) await page.waitForTimeout(50);
  assert.deepEqual(await onScreen(page), ["cables", "places", "roads", "water"]);
  await page.screenshot({ path: join(here, "own.png") });

  writeFileSync(join(here, "other.pmtiles"), "something else");
  await page.setInputFiles("#under input", join(here, "other.pmtiles"));
  await page.waitForFunction(() => document.getElementById("where").textContent.includes("no map tiles"));
  assert.deepEqual(wrong, []);
  await context.close();

  const plain = join(here, "plain.html");
  deconflict("check", EUPHRATES, "--html", plain);
  const bare = await opened(browser, `file://${plain}`);
  await drawn(bare.page);
  assert.deepEqual(await onScreen(bare.page), []);
  await bare.page.setInputFiles("#under input", tiles);
  await bare.page.waitForFunction(() => window.deconflict.picture.underlaid?.layers.length === 4);
  assert.deepEqual(bare.wrong, []);
  await bare.context.close();
});

test("what is no file of map tiles is refused before anything is written", () => {
  for (const [name, content] of [["cut.pmtiles", "PMTiles\u0003"], ["else.pmtiles", "something else"]]) {
    const file = join(here, name);
    writeFileSync(file, content);
    assert.throws(() => deconflict("check", EUPHRATES, "--html", join(here, "never.html"), "--basemap", file), (error) => error.message.includes(name) && error.message.includes("PMTiles"));
  }
});

test("symbols that a plan asks for are drawn, neutral and in the colour of the party", async () => {
  const html = join(here, "symbols.html");
  deconflict("check", EUPHRATES, "--html", html);
  const { page, wrong, context } = await opened(browser, `file://${html}`);
  await drawn(page);
  const [first] = await page.evaluate(() => {
    const { picture, scene } = window.deconflict;
    const flight = scene.claims.find((claim) => claim.kind === "flight" && claim.symbol);
    picture.time = flight.volumes[0][3];
    picture.draw();
    return [flight.id];
  });
  const symbols = () => window.deconflict.picture.map.flat.drawn.get("moving").filter((one) => one.properties.as === "symbol");
  await page.waitForFunction(([of, id]) => new Function(`return (${of})()`)().some((one) => one.properties.id === id), [String(symbols), first]);
  const shown = await page.evaluate((of) => {
    const { picture } = window.deconflict;
    return new Function(`return (${of})()`)().map(({ properties: { id, image } }) => {
      const pixels = picture.map.map.getImage(image).data.data;
      const colour = picture.parties.colour(picture.scene.claims.find((claim) => claim.id === id).party);
      const [r, gr, b] = colour.slice(1).match(/../g).map((two) => parseInt(two, 16));
      let party = 0;
      for (let at = 0; at < pixels.length; at += 4) if (pixels[at] === r && pixels[at + 1] === gr && pixels[at + 2] === b) party += 1;
      return { id, share: party / (pixels.length / 4) };
    });
  }, String(symbols));
  assert.ok(shown.length >= 2 && shown.some((one) => one.id === first), JSON.stringify(shown));
  for (const one of shown) assert.ok(one.share > 0.1, `${one.id}: ${one.share} of it in the colour of its party`);
  assert.deepEqual(wrong, []);
  await context.close();
});

test("from right to left the page is the mirror of itself, and names keep their own direction", async () => {
  const html = join(here, "rtl.html");
  deconflict("check", EUPHRATES, "--html", html);
  const { page, wrong, context } = await opened(browser, `file://${html}`);
  await drawn(page);
  const boxes = () =>
    page.evaluate(() => {
      const box = (selector) => document.querySelector(selector).getBoundingClientRect();
      const [list, map, legend, tools] = ["aside", "main", "#legend", "#tools"].map(box);
      return { width: innerWidth, list, map, legend, tools, overflow: document.documentElement.scrollWidth - innerWidth };
    });
  const left = await boxes();
  await page.evaluate(() => {
    document.documentElement.dir = "rtl";
  });
  const right = await boxes();
  for (const name of ["list", "map", "legend", "tools"]) {
    assert.ok(Math.abs(right[name].left - (left.width - left[name].right)) < 2, `${name}: ${JSON.stringify([left[name], right[name]])}`);
  }
  assert.ok(right.overflow <= 0, `${right.overflow} pixels too wide`);
  // Texts of the engine are English wherever they stand: they begin at their left.
  const direction = await page.$eval("#findings .headline", (headline) => getComputedStyle(headline).unicodeBidi);
  assert.equal(direction, "plaintext");
  await page.screenshot({ path: join(here, "rtl.png") });
  assert.deepEqual(wrong, []);
  await context.close();
});
