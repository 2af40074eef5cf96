// Coordinates for people, against values that are known from elsewhere.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { build } from "vite";

let coordinates;
before(async () => {
  const built = await build({
    configFile: false,
    logLevel: "silent",
    build: { write: false, lib: { entry: new URL("../src/coordinates.ts", import.meta.url).pathname, formats: ["es"], fileName: "coordinates" } },
  });
  const code = built[0].output[0].code;
  ({ coordinates } = await import(`data:text/javascript;base64,${Buffer.from(code).toString("base64")}`));
});

test("decimal, degrees-minutes-seconds and MGRS say the same", () => {
  // The Washington Monument: 18S UJ 23480 06470 (NGA's example of the grid), rounded to a metre.
  const monument = [-77.0352402, 38.8895];
  assert.equal(coordinates(monument, "decimal"), "38.88950N 77.03524W");
  assert.equal(coordinates(monument, "dms"), "38°53′22.2″N 077°02′06.9″W");
  assert.match(coordinates(monument, "mgrs"), /^18S UJ 234\d\d 06[45]\d\d$/);
  // Seconds that round up carry into minutes and degrees.
  assert.equal(coordinates([-0.9999999, 59.9999999], "dms"), "60°00′00.0″N 001°00′00.0″W");
  // Beyond the grid there are degrees, and across the antimeridian the same place has the same name.
  assert.equal(coordinates([10, 85], "mgrs"), "85.00000N 10.00000E");
  assert.equal(coordinates([181, 10], "mgrs"), coordinates([-179, 10], "mgrs"));
});
