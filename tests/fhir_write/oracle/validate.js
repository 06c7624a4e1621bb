// Reads one FHIR resource a line from standard input and answers each with one line: the validator's messages.
"use strict";

const readline = require("node:readline");
const { Fhir } = require("fhir");

const fhir = new Fhir();
readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const { valid, messages } = fhir.validate(JSON.parse(line), { errorOnUnexpected: true });
  process.stdout.write(JSON.stringify({ valid, messages }) + "\n");
});
