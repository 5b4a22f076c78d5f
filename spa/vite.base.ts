import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import type { UserConfig } from "vite";

/** The gateway of a local run; the dev servers pass everything that is not theirs on to it. */
const gateway = process.env.ANTEROOM_GATEWAY ?? "http://127.0.0.1:8080";

/**
 * What the three apps share.
 * @param dir the app's folder, as import.meta.url of its vite.config.ts
 * @param base the path the gateway serves the app under, with slashes at both ends
 */
export function appConfig(dir: string, base: string): UserConfig {
  return {
    root: fileURLToPath(new URL(".", dir)),
    base,
    plugins: [react(), tailwindcss()],
    resolve: { alias: { "@": fileURLToPath(new URL("./src", dir)) } },
    server: {
      proxy: Object.fromEntries(
        ["/api/", "/admin/api/", "/waitroom/", "/.well-known/"].map((path) => [path, { target: gateway }]),
      ),
    },
    build: { target: "es2022", sourcemap: false, reportCompressedSize: true },
  };
}
