// Reports open from disk, without a network, and show what the engine found.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { deconflict, drawn, folder, launch, metres, opened } from "./browser.mjs";
import { randomPlan } from "./plans.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const here = folder();
const made = join(here, "made-up.json");
const HOSTILE = "<script>document.title = 'taken'</script>";
const plan = randomPlan(7, 24, 3, HOSTILE);
plan.parties[0].name = HOSTILE;
writeFileSync(made, JSON.stringify(plan));

function reportOf(file, name) {
  const html = join(here, `${name}.html`);
  const json = JSON.parse(deconflict("check", file, "--format", "json", "--html", html));
  return { html, json, url: `file://${html}` };
}

/** Where the engine has the heads of a plan at these times. */
const heads = (file, times) => JSON.parse(execFileSync(process.env.HEADS, [file, ...times.map(String)], { encoding: "utf8" }));

for (const [name, file] of [["al-qaim-2016", "../scenarios/al-qaim-2016.toml"], ["euphrates-2017", "../scenarios/euphrates-2017.toml"], ["made-up", made]]) {
  test(`${name}: every finding is listed, and heads are where the engine has them`, async () => {
    const { json, url, html } = reportOf(file, name);
    const { page, wrong, context } = await opened(browser, url);
    await drawn(page);
    const listed = await page.$$eval("#findings > li", (items) => items.map((item) => item.dataset.id));
    const found = json.findings.filter((finding) => !finding.excused).map((finding) => finding.id);
    assert.deepEqual(listed, found);
    assert.ok(found.length > 0);

    const [from, to] = await page.evaluate(() => window.deconflict.scene.span);
    const times = [0, 0.13, 0.37, 0.5, 0.81, 1].map((share) => Math.round(from + (to - from) * share));
    const engine = heads(file, times);
    for (const [index, time] of times.entries()) {
      await page.$eval("#slider", (slider, time) => {
        slider.step = "1";
        slider.value = String(time);
        slider.dispatchEvent(new Event("input"));
      }, time);
      await page.waitForFunction((time) => window.deconflict.picture.drawnAt === time, time);
      const onMap = await page.evaluate(() => window.deconflict.picture.drawnHeads());
      assert.deepEqual(Object.keys(onMap).sort(), Object.keys(engine).sort());
      for (const [claim, places] of Object.entries(engine)) {
        const apart = metres(places[index], onMap[claim]);
        assert.ok(apart < 1, `${claim} at ${new Date(time).toISOString()}: ${apart} m from where the engine has it`);
      }
    }
    assert.deepEqual(wrong, []);
    assert.ok(statSync(html).size < 3 << 20, `${statSync(html).size} bytes`);
    await context.close();
  });
}

for (const name of ["al-qaim-2016", "euphrates-2017"]) {
  test(`${name} prints as one sheet with every finding on it`, async () => {
    const { json, url } = reportOf(`../scenarios/${name}.toml`, `${name}-printed`);
    const { page, context } = await opened(browser, url);
    await drawn(page);
    const pdf = (await page.pdf({ preferCSSPageSize: true, printBackground: true })).toString("latin1");
    assert.equal(pdf.match(/\/Type\s*\/Page[^s]/g).length, 1);
    // As wide and high as the sheet within its margins: what is below that is not on it.
    await page.setViewportSize({ width: 703, height: 1032 });
    await page.emulateMedia({ media: "print" });
    const bottoms = await page.$$eval("#findings > li", (items) => items.map((item) => item.getBoundingClientRect().bottom));
    assert.equal(bottoms.length, json.findings.filter((finding) => !finding.excused).length);
    assert.ok(Math.max(...bottoms) <= 1032, `${Math.max(...bottoms)}`);
    await context.close();
  });
}

test("a hostile name is text", async () => {
  const { page, context } = await opened(browser, reportOf(made, "hostile").url);
  await drawn(page);
  assert.equal(await page.textContent("#title"), HOSTILE);
  assert.equal(await page.title(), `Deconflict: ${HOSTILE}`);
  assert.equal(await page.$$eval("body script", (scripts) => scripts.length), 5);
  await context.close();
});

test("a choice sets the time, opens the facts, and previews move the claims that the engine moved", async () => {
  const { page, wrong, context } = await opened(browser, reportOf("../scenarios/euphrates-2017.toml", "chosen").url);
  await drawn(page);
  const id = await page.evaluate(() => window.deconflict.scene.findings.find((found) => found.previews.some((preview) => preview.claims.length)).id);
  await page.click(`#findings > li[data-id="${id}"] .headline`);
  const state = () => page.evaluate(() => ({ chosen: window.deconflict.picture.chosen?.id, time: window.deconflict.picture.time, claims: window.deconflict.picture.shownClaims() }));
  const chosen = await state();
  const finding = await page.evaluate((id) => window.deconflict.scene.findings.find((found) => found.id === id), id);
  assert.equal(chosen.chosen, id);
  assert.ok(finding.ms[0] <= chosen.time && chosen.time <= finding.ms[1]);
  assert.ok(await page.isVisible(`#findings > li[data-id="${id}"] dl`));
  await page.click(`#findings > li[data-id="${id}"] .previews button[data-preview="0"]`);
  const moved = (await state()).claims;
  const [after] = finding.previews[0].claims;
  assert.deepEqual(moved.find((claim) => claim.id === after.id), after);
  assert.notDeepEqual(moved, chosen.claims);
  assert.deepEqual(wrong, []);
  await context.close();
});

test("the keyboard alone reaches and opens a finding; tilt, notation and zone answer", async () => {
  const { page, wrong, context } = await opened(browser, reportOf("../scenarios/al-qaim-2016.toml", "keys").url, undefined, { colorScheme: "dark" });
  await drawn(page);
  await page.focus("#findings > li");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelector("#findings > li").getAttribute("aria-current") === "true");
  await page.click("#tilt");
  await page.waitForFunction(() => document.getElementById("tilt").textContent === "Flat");
  await page.click("#zone");
  await page.waitForFunction(() => !document.getElementById("now").textContent.endsWith("Z"));
  await page.selectOption("#notation", "mgrs");
  await page.mouse.move(300, 300);
  await page.waitForFunction(() => /^\d{2}[A-Z] [A-Z]{2} \d{5} \d{5}$/.test(document.getElementById("where").textContent));
  assert.deepEqual(wrong, []);
  await context.close();
});

test("on a phone held sideways the map has most of the height, and nothing lies on anything", async () => {
  const { page, wrong, context } = await opened(browser, reportOf("../scenarios/euphrates-2017.toml", "phone").url, undefined, { viewport: { width: 800, height: 360 } });
  await drawn(page);
  const boxes = await page.evaluate(() => ["#map", "#tools", "#legend", ".maplibregl-ctrl-top-right", "#time", "aside"].map((selector) => document.querySelector(selector).getBoundingClientRect().toJSON()));
  const [map, tools, legend, zoom, time, list] = boxes;
  assert.ok(map.height > 360 * 0.6, `${map.height} pixels of map`);
  const apart = (a, b) => a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
  for (const [a, b] of [[tools, legend], [tools, zoom], [legend, zoom], [map, time], [map, list]]) assert.ok(apart(a, b), JSON.stringify([a, b]));
  assert.ok(time.bottom <= 361 && list.right <= 801, JSON.stringify([time, list]));
  assert.deepEqual(wrong, []);
  await context.close();
});
