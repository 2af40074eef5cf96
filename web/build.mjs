// Builds the program of the page, its style and the worker of its map into `dist`, or where the first argument says.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { build } from "vite";

const here = (path) => new URL(path, import.meta.url);
const out = process.argv[2] ?? here("dist").pathname;

const built = await build({
  root: here(".").pathname,
  configFile: false,
  logLevel: "warn",
  define: { "process.env.NODE_ENV": JSON.stringify("production") },
  // Its index takes every set of symbols; the page takes what it draws.
  resolve: { alias: { "milsymbol/index.mjs": here("node_modules/milsymbol/index.mjs").pathname } },
  build: {
    write: false,
    target: "es2022",
    minify: true,
    assetsInlineLimit: 1 << 20,
    cssCodeSplit: false,
    rolldownOptions: { output: { codeSplitting: false } },
    lib: { entry: here("src/main.ts").pathname, formats: ["es"], fileName: () => "app.js", cssFileName: "app" },
  },
});
const files = Object.fromEntries(built.flatMap((bundle) => bundle.output).map((file) => [file.fileName, file.code ?? file.source]));
const names = Object.keys(files).sort().join();
if (names !== "app.css,app.js") throw new Error(`expected one script and one style, found ${names}`);

// The worker of the map comes built; a map would not say that it is missing.
const worker = readFileSync(here("node_modules/maplibre-gl/dist/maplibre-gl-worker.mjs"), "utf8").replace(/\/\/# sourceMappingURL=.*/, "");
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
writeFileSync(`${out}/app.js.gz`, gzipSync(files["app.js"], { level: 9 }));
writeFileSync(`${out}/worker.js.gz`, gzipSync(worker, { level: 9 }));
writeFileSync(`${out}/app.css`, files["app.css"]);
