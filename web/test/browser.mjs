// A browser without a network, and the program under test. `cargo xtask web` sets the variables.

import { execFileSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

export const DECONFLICT = needed("DECONFLICT");
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const FLAGS = [
  "--no-sandbox",
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
  "--ignore-gpu-blocklist",
  "--disable-background-networking",
  "--disable-dev-shm-usage",
];

function needed(name) {
  if (!process.env[name]) throw new Error(`${name} is not set: run these tests with cargo xtask web`);
  return process.env[name];
}

export const launch = () => chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
export const folder = () => mkdtempSync(join(tmpdir(), "deconflict-web-"));

/** Runs the program; what it printed, whatever it found. */
export function deconflict(...args) {
  try {
    return execFileSync(DECONFLICT, args, { encoding: "utf8", maxBuffer: 1 << 28 });
  } catch (error) {
    if (error.status === 1) return error.stdout;
    throw new Error(`deconflict ${args.join(" ")}: ${error.stderr}`);
  }
}

/** A page that may ask only where `mayAsk` says, and notes everything else, and every error. */
export async function opened(browser, url, mayAsk = () => false, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  const wrong = [];
  page.setDefaultTimeout(30_000);
  page.on("pageerror", (error) => wrong.push(`error: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error") wrong.push(`console: ${message.text()}`);
  });
  await page.route(/^(https?|wss?):/, (route) => {
    if (mayAsk(route.request().url())) return route.continue();
    wrong.push(`asked for ${route.request().url()}`);
    return route.abort();
  });
  await page.goto(url);
  return { page, wrong, context };
}

/** Waits until the picture of a page is drawn. */
export async function drawn(page) {
  await page.waitForFunction(() => window.deconflict?.picture);
  await page.evaluate(() => window.deconflict.picture.ready);
}

/** Waits until a page has nothing to do: without a graphics card, drawing a map keeps it busy for a second. */
export async function atRest(page) {
  await page.evaluate(async () => {
    for (let calm = 0; calm < 5; ) {
      const asked = performance.now();
      await new Promise((done) => setTimeout(done, 50));
      calm = performance.now() - asked < 120 ? calm + 1 : 0;
    }
  });
}

/** Metres between two places, on a sphere: good enough to say that they are one. */
export function metres([lng, lat], [otherLng, otherLat]) {
  const radians = Math.PI / 180;
  const [x, y] = [(otherLng - lng) * Math.cos(lat * radians), otherLat - lat];
  return Math.hypot(x, y) * radians * 6_371_000;
}

/** Numbers that are the same with every run. */
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 1 | state) + 0x6d2b79f5) >>> 0;
    return ((state ^ (state >>> 14)) >>> 0) / 4294967296;
  };
}
