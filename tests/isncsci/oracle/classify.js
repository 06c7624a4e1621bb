// Reads one examination a line from standard input and answers each with one line: the classification or an error.
"use strict";

const readline = require("node:readline");
const { ISNCSCI } = require("isncsci");

function answer(line) {
  try {
    const { classification, totals } = new ISNCSCI(JSON.parse(line));
    return { classification, totals };
  } catch (error) {
    return { error: String(error) };
  }
}

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  process.stdout.write(JSON.stringify(answer(line)) + "\n");
});
