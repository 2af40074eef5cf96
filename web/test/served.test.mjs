// The served page: two parties in two browsers, one service, real requests.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { pmtiles } from "./tiles.mjs";
import { DECONFLICT, atRest, deconflict, drawn, folder, launch, opened } from "./browser.mjs";

const HOSTILE = "<script>document.title = 'taken'</script>";
const here = folder();
const tiles = join(here, "own.pmtiles");
let browser;
let service;
let url;

/** Starts the service on what is stored here; the port stays the same. */
async function start(port = "0") {
  const data = join(here, "data");
  mkdirSync(data, { recursive: true });
  service = spawn(DECONFLICT, ["serve", "--data", data, "--public-key", `${here}/key.pem`, "--audience", "localhost", "--listen", `127.0.0.1:${port}`, "--log-level", "warn", "--basemap", tiles], { stdio: ["ignore", "pipe", "inherit"] });
  for await (const line of createInterface({ input: service.stdout })) {
    const found = line.match(/http:\/\/[\d.]+:\d+/);
    if (found) {
      url = found[0];
      return;
    }
  }
  throw new Error("the service ended before it was ready");
}

async function stop() {
  const ended = new Promise((done) => service.once("exit", done));
  service.kill("SIGKILL");
  await ended;
}

const token = (who, scope) => deconflict("token", "--key", `${here}/key.key`, "--sub", who, "--aud", "localhost", "--scope", scope).trim();

async function ask(who, method, path, body) {
  const scope = who === "operator" ? "deconflict.operator" : "deconflict.party";
  const answer = await fetch(url + path, { method, headers: { authorization: `Bearer ${token(who, scope)}` }, body: body && JSON.stringify(body) });
  const said = await answer.json();
  assert.equal(answer.status, 200, `${method} ${path}: ${JSON.stringify(said)}`);
  return said;
}

const flight = (id, lower, upper) => ({
  claim: {
    id, kind: "flight", lower: `${lower} m`, upper: `${upper} m`, start: hours(2), end: hours(4),
    outline: { circle: { at: { lat: 34, lng: 40 }, radius: "3 km" } },
  },
  disclosure: { others: "conflict-only" },
});
const hours = (n) => new Date(Math.floor(Date.now() / 60_000) * 60_000 + n * 3_600_000).toISOString().replace(".000Z", "Z");

/** A browser of its own, signed in as a party. */
async function signedIn(who) {
  const { page, wrong } = await opened(browser, url, (asked) => asked.startsWith(`${url}/`));
  await page.fill("#token", token(who, "deconflict.party"));
  await page.fill("#role", "duty officer");
  await page.click("#enter button");
  await page.waitForSelector("#state.live");
  await drawn(page);
  return { page, wrong };
}

before(async () => {
  browser = await launch();
  deconflict("keygen", "--out", `${here}/key`);
  writeFileSync(tiles, pmtiles({ roads: { type: "FeatureCollection", features: [{ type: "Feature", properties: {}, geometry: { type: "LineString", coordinates: [[39, 33], [41, 35]] } }] } }));
  await start();
  await ask("operator", "PUT", "/api/v1/frame", {
    plan: {
      plan: { id: "valley", title: "Valley", as_of: hours(-1), horizon: "10 d", altitude_reference: "W84" },
      parties: [{ id: "A", name: "Air A" }, { id: "B", name: HOSTILE }],
      channels: [{ id: "AB", from: "A", to: "B" }],
      places: [{ name: "Ford", lat: 33.9, lng: 39.9 }, { name: "Mill", lat: 34.2, lng: 40.2 }],
      minima: [{ kinds: ["flight", "flight"], lateral: "1 km", vertical: "300 m", time: "5 min" }],
    },
  });
});
after(async () => {
  await browser.close();
  service.kill("SIGKILL");
});

test("the service's own map lies under the picture, for those who have a token", async () => {
  const { page, wrong } = await signedIn("A");
  await page.waitForFunction(() => window.deconflict.picture.underlaid?.layers.join() === "roads");
  await page.waitForFunction(() => {
    const { map } = window.deconflict.picture.map;
    return map.isSourceLoaded("tiles") && map.querySourceFeatures("tiles", { sourceLayer: "roads" }).length > 0;
  });
  const part = (headers) => fetch(`${url}/basemap.pmtiles`, { headers });
  const bearer = { authorization: `Bearer ${token("A", "deconflict.party")}` };
  assert.equal((await part({ range: "bytes=0-126" })).status, 401);
  assert.equal((await part(bearer)).status, 400);
  const answer = await part({ ...bearer, range: "bytes=0-6" });
  assert.equal(answer.status, 206);
  assert.equal(await answer.text(), "PMTiles");
  assert.equal((await part({ ...bearer, range: "bytes=99999999-" })).status, 416);
  assert.deepEqual(wrong, []);
  await page.context().close();
});

test("one files, the other sees it within a second; both settle it, and it closes for both", async () => {
  const [a, b] = [await signedIn("A"), await signedIn("B")];
  // A draws an area: three corners on the map, the rest in the form.
  await a.page.click("#file");
  const map = await a.page.locator("#map").boundingBox();
  for (const [x, y] of [[0.62, 0.3], [0.8, 0.35], [0.7, 0.6]]) await a.page.mouse.click(map.x + map.width * x, map.y + map.height * y);
  await a.page.fill('#draw [name="id"]', "drawn");
  await a.page.click('#draw [type="submit"]');
  await a.page.waitForFunction(() => window.deconflict.picture.scene.claims.some((claim) => claim.id === "A/drawn"));
  await ask("A", "DELETE", "/api/v1/claims/drawn");

  await ask("A", "PUT", "/api/v1/claims/a", flight("a", 1000, 3000));
  for (const { page } of [a, b]) await atRest(page);
  const seen = a.page.waitForSelector('#findings li[data-id]:has-text("conflict")');
  await ask("B", "PUT", "/api/v1/claims/b", flight("b", 2000, 4000));
  const filed = performance.now();
  await seen;
  const afterMs = performance.now() - filed;
  assert.ok(afterMs < 1000, `seen after ${afterMs} ms`);
  console.log(`figure: B's conflict is on A's page ${Math.round(afterMs)} ms after B's answer`);

  // The map of A has A's claim and the box of what is shared, and nothing of B's.
  await a.page.waitForFunction(() => window.deconflict.picture.scene.claims.some((claim) => claim.id === "A/a"));
  const scene = await a.page.evaluate(() => window.deconflict.picture.scene);
  assert.deepEqual(scene.claims.map((claim) => claim.id), ["A/a"]);
  const conflict = scene.findings.find((found) => found.kind === "conflict");
  assert.deepEqual(conflict.altitude_m, [2000, 3000]);
  assert.equal(conflict.where.type, "Polygon");

  // A filter hides it and shows it again.
  const parties = await a.page.$$eval("#byParty option", (options) => options.map((option) => [option.value, option.textContent]));
  assert.deepEqual(parties, [["", "Every party"], ["B", HOSTILE]]);
  await a.page.selectOption("#byParty", "B");
  await a.page.locator(`#findings li[data-id="${conflict.id}"]`).waitFor();
  await a.page.selectOption("#byParty", "");
  await a.page.selectOption("#byLevel", "critical");
  await a.page.locator(`#findings li[data-id="${conflict.id}"]`).waitFor({ state: "detached" });
  await a.page.selectOption("#byLevel", "");
  await a.page.locator(`#findings li[data-id="${conflict.id}"]`).waitFor();

  // A reads it back: wrong first, which is refused and kept, then right.
  const item = a.page.locator(`#findings li[data-id="${conflict.id}"]`);
  const number = (await item.locator("input").first().getAttribute("id")).split("-")[1];
  const notice = await ask("A", "GET", `/api/v1/notices/${number}`);
  const [from, until] = notice.event.what.window;
  for (const [field, text] of [["claim", "other"], ["from", from], ["until", until]]) await a.page.fill(`#back-${number}-${field}`, text);
  await item.getByText("Compare").click();
  await a.page.waitForSelector("#said:not(:empty)");
  await a.page.fill(`#back-${number}-claim`, "a");
  await item.getByText("Compare").click();
  await item.locator(".done").waitFor();
  const ladder = (await ask("A", "GET", `/api/v1/notices/${number}`)).ladder.map((step) => step.step);
  assert.ok(["displayed", "read-back"].every((step) => ladder.includes(step)), ladder.join());

  // A offers the split that the engine proposes, B accepts it, and the conflict is gone on both pages.
  await item.getByText("What would settle it?").click();
  const offers = item.getByText("Offer this");
  await offers.first().waitFor();
  const rows = await item.locator(".previews p").allTextContents();
  await offers.nth(Math.max(0, rows.findIndex((row) => /m\b/.test(row)))).click();
  await b.page.locator("#offers").getByText("Accept").click();
  for (const { page } of [a, b]) await page.waitForFunction(() => !window.deconflict.picture.scene.findings.some((found) => found.kind === "conflict"));

  // A killed service loses nothing, and both pages come back by themselves.
  await stop();
  await a.page.waitForSelector("#state.reconnecting, #state.stale");
  await start(new URL(url).port);
  for (const { page } of [a, b]) await page.waitForSelector("#state.live");
  await a.page.waitForFunction(() => window.deconflict.picture.scene.claims.length === 1);
  const agreed = await ask("A", "GET", "/api/v1/offers");
  assert.equal(agreed.offers.at(-1).state, "agreed");

  // Whatever a party is called, it is text.
  assert.notEqual(await a.page.title(), "taken");
  assert.ok((await b.page.textContent("body")).includes(HOSTILE) || !(await b.page.content()).includes("<script>document.title"));
  const expected = /ERR_CONNECTION_REFUSED|Failed to load resource|ERR_INCOMPLETE_CHUNKED_ENCODING|net::ERR/;
  for (const { wrong } of [a, b]) assert.deepEqual(wrong.filter((line) => !expected.test(line)), []);
});
