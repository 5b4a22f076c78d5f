import { spawn } from "node:child_process";
import { once } from "node:events";
import { basename, join } from "node:path";

const root = new URL("../..", import.meta.url).pathname;

/**
 * The programs of these packages, as paths: built into a folder, or those of this run of the tests, which .ci/test has built once for all of
 * them and named in E2E_PROGRAMS.
 */
export async function build(dir, ...packages) {
  const built = process.env.E2E_PROGRAMS;
  if (!built) {
    const [code] = await once(
      spawn("go", ["build", "-o", `${dir}/`, ...packages], { cwd: root, stdio: "inherit" }),
      "exit",
    );
    if (code !== 0) throw new Error(`${packages.join(" ")} did not build`);
  }
  return packages.map((one) => join(built || dir, basename(one)));
}
