// Bundles each face's assets into its ignored folder static/build. Called by script/setup.
//
// Every .js and .css file directly in src/liuhen/faces/<face>/assets is an entry; files in folders below are parts.
// Office machines run old browsers on closed networks: the syntax goes down to those of 2020, and nothing is fetched.
import { build } from "esbuild";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const faces = join(dirname(fileURLToPath(import.meta.url)), "..", "src", "liuhen", "faces");

for (const face of existsSync(faces) ? readdirSync(faces) : []) {
  const assets = join(faces, face, "assets");
  if (!existsSync(assets)) continue;
  const entryPoints = readdirSync(assets).filter((name) => /\.(js|css)$/.test(name)).map((name) => join(assets, name));
  const outdir = join(faces, face, "static", "build");
  rmSync(outdir, { recursive: true, force: true });
  await build({
    entryPoints,
    outdir,
    bundle: true,
    minify: true,
    format: "iife",
    target: ["chrome79", "firefox78", "safari13"],
    charset: "utf8",
    // Licence texts of what was bundled lie beside it.
    legalComments: "linked",
    loader: { ".woff2": "file", ".svg": "dataurl", ".png": "file" },
    logLevel: "warning",
  });
}
