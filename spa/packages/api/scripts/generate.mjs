// Writes the TypeScript types of the three services from their OpenAPI files.
// With --check it writes nothing and fails when a committed file is stale.
import { readFile, writeFile } from "node:fs/promises";
import openapiTS, { astToString } from "openapi-typescript";

const root = new URL("../../../../", import.meta.url);
const check = process.argv.includes("--check");
const stale = [];

for (const service of ["waitroom", "booking", "admin-api"]) {
  const out = new URL(`../src/gen/${service}.ts`, import.meta.url);
  const ast = await openapiTS(new URL(`${service}/openapi.yaml`, root));
  const text = `// Generated from ${service}/openapi.yaml by \`npm run generate\`; do not edit.\n\n${astToString(ast)}`;
  const before = await readFile(out, "utf8").catch(() => "");
  if (before === text) continue;
  if (check) stale.push(service);
  else await writeFile(out, text);
}
if (stale.length > 0) {
  console.error(`stale: ${stale.join(", ")}; run \`npm run generate\` in spa/ and commit the result`);
  process.exit(1);
}
