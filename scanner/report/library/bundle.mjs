// Makes plot.min.js: what marks.mjs names, of Observable Plot and of what that
// uses, as one minified script, with the licence of every package in it on top.
// scripts/renew_report_library calls it where the packages are installed.

import {build} from "esbuild";
import {existsSync, readFileSync, readdirSync, writeFileSync} from "node:fs";
import {join} from "node:path";

const output = process.argv[2];

const result = await build({
  entryPoints: ["marks.mjs"],
  bundle: true,
  minify: true,
  format: "iife",
  globalName: "Plot",
  target: "es2020",
  charset: "ascii",
  legalComments: "none",
  metafile: true,
  write: false,
});

function packagesIn(metafile) {
  const bytes = Object.values(metafile.outputs)[0].inputs;
  const used = Object.keys(bytes).filter((file) => bytes[file].bytesInOutput);
  const names = used.map(
      (file) => file.match(/^node_modules\/((?:@[^/]+\/)?[^/]+)\//)?.[1]);
  return [...new Set(names.filter(Boolean))].sort();
}

function licenceOf(name) {
  const folder = join("node_modules", name);
  const file = readdirSync(folder).find((f) => /^(un)?licen[cs]e/i.test(f));
  if (!file || !existsSync(join(folder, file))) {
    throw new Error(`${name} comes without its licence`);
  }
  return readFileSync(join(folder, file), "utf8").trim()
      .replaceAll("\r\n", "\n");
}

// Packages that have the same text share it.
const byLicence = new Map();
for (const name of packagesIn(result.metafile)) {
  const {version} = JSON.parse(
      readFileSync(join("node_modules", name, "package.json"), "utf8"));
  const text = licenceOf(name);
  byLicence.set(text, [...(byLicence.get(text) ?? []), `${name} ${version}`]);
}

const notices = [...byLicence].map(
    ([text, names]) => `${names.join(", ")}\n\n${text}`);
const banner = `Made by scripts/renew_report_library of these packages:\n\n${
  notices.join("\n\n---\n\n")}`;
if (banner.includes("*/")) throw new Error("a licence ends a comment");
writeFileSync(output, `/*!\n${banner}\n*/\n${result.outputFiles[0].text}`);
