// Says whether the built files that are committed are those that the source makes. Packed files are compared by what is in them: how they are
// packed hangs on the version of the packer.

import { readFileSync, readdirSync } from "node:fs";
import { gunzipSync } from "node:zlib";

const committed = new URL("dist/", import.meta.url).pathname;
const built = process.argv[2];
const contents = (folder, name) => {
  const bytes = readFileSync(`${folder}/${name}`);
  return name.endsWith(".gz") ? gunzipSync(bytes) : bytes;
};
const names = readdirSync(built).sort();
const problems = [];
if (readdirSync(committed).sort().join() !== names.join()) problems.push(`web/dist has ${readdirSync(committed)}, expected ${names}`);
else for (const name of names) if (!contents(built, name).equals(contents(committed, name))) problems.push(`web/dist/${name} is not what web/src makes`);
if (problems.length) {
  console.error(`${problems.join("\n")}\nrun \`cargo xtask web build\` and commit web/dist`);
  process.exit(1);
}
console.log(`web/dist is what web/src makes: ${names.join(", ")}`);
