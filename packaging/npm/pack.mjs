// Makes the npm packages from release archives:
//
//   node packaging/npm/pack.mjs ARCHIVES OUT
//
// ARCHIVES is a folder with what packaging/build.sh made. For each archive of a platform below there
// is a package with nothing but the program and its licences; `assize` itself is a starter that
// depends on all of them as optional. Nothing is published.

import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** Targets of rustc, best first, and what npm calls their platforms. */
const PLATFORMS = [
  ["x86_64-unknown-linux-musl", "linux", "x64"],
  ["aarch64-unknown-linux-musl", "linux", "arm64"],
  ["x86_64-apple-darwin", "darwin", "x64"],
  ["aarch64-apple-darwin", "darwin", "arm64"],
];

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, "../..");
const starter = path.join(here, "assize");
const manifest = JSON.parse(fs.readFileSync(path.join(starter, "package.json"), "utf8"));

function run(command, ...words) {
  return execFileSync(command, words, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
}

function pack(folder, out) {
  const [packed] = JSON.parse(
    run("npm", "pack", "--json", "--ignore-scripts", "--pack-destination", out, folder),
  );
  console.log(path.join(out, packed.filename));
}

/** The package of one platform, from its archive. */
function platform(archive, target, system, processor, work) {
  const folder = path.join(work, `${system}-${processor}`);
  fs.mkdirSync(path.join(folder, "bin"), { recursive: true });
  run("tar", "-xzf", archive, "-C", work);
  const unpacked = path.join(work, `assize-${target}`);
  fs.copyFileSync(path.join(unpacked, "assize"), path.join(folder, "bin/assize"));
  fs.chmodSync(path.join(folder, "bin/assize"), 0o755);
  for (const notice of ["LICENSE-MIT", "LICENSE-APACHE", "NOTICES.txt"]) {
    fs.copyFileSync(path.join(unpacked, notice), path.join(folder, notice));
  }
  const fields = {
    name: `@assize/${system}-${processor}`,
    version: manifest.version,
    description: `The program of the package assize for ${system} on ${processor}.`,
    license: manifest.license,
    repository: manifest.repository,
    files: ["bin", "LICENSE-MIT", "LICENSE-APACHE", "NOTICES.txt"],
    os: [system],
    cpu: [processor],
    preferUnplugged: true,
  };
  fs.writeFileSync(path.join(folder, "package.json"), `${JSON.stringify(fields, null, 2)}\n`);
  return folder;
}

function main(archives, out) {
  fs.mkdirSync(out, { recursive: true });
  const work = fs.mkdtempSync(path.join(os.tmpdir(), "assize-npm-"));
  try {
    for (const [target, system, processor] of PLATFORMS) {
      const archive = path.join(archives, `assize-${target}.tar.gz`);
      if (fs.existsSync(archive)) {
        pack(platform(archive, target, system, processor, work), out);
      }
    }
    const copy = path.join(work, "starter");
    fs.cpSync(starter, copy, { recursive: true });
    for (const notice of ["LICENSE-MIT", "LICENSE-APACHE"]) {
      fs.copyFileSync(path.join(root, notice), path.join(copy, notice));
    }
    pack(copy, out);
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
}

const [archives, out] = process.argv.slice(2);
if (out === undefined) {
  console.error("usage: node packaging/npm/pack.mjs ARCHIVES OUT");
  process.exit(2);
}
main(path.resolve(archives), path.resolve(out));
