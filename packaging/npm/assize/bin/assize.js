#!/usr/bin/env node
// Starts the program of this platform's package, and ends as it ends.
"use strict";

const { spawn } = require("node:child_process");
const { constants } = require("node:os");
const { isatty } = require("node:tty");

/** Signals that are meant for the program: it decides what they end. */
const PASSED_ON = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"];

/** Those that a terminal sends to the program as well: it is to see them once. */
const FROM_TERMINAL = [0, 1, 2].some((stream) => isatty(stream)) ? ["SIGINT", "SIGQUIT"] : [];

function program() {
  const name = `@assize/${process.platform}-${process.arch}`;
  try {
    return require.resolve(`${name}/bin/assize`);
  } catch {
    console.error(`assize: the package ${name} is not installed`);
    console.error("  help: install without --omit=optional, on a platform that has a package");
    process.exit(2);
  }
}

const child = spawn(program(), process.argv.slice(2), { stdio: "inherit" });
for (const signal of PASSED_ON) {
  process.on(signal, () => FROM_TERMINAL.includes(signal) || child.kill(signal));
}
child.on("error", (error) => {
  console.error(`assize: cannot start the program: ${error.message}`);
  process.exit(2);
});
child.on("exit", (status, signal) => {
  if (signal === null) {
    process.exitCode = status;
    return;
  }
  // Whoever waits for us is to see the same signal.
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
  process.exitCode = 128 + constants.signals[signal];
});
