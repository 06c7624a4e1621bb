// The urgency of every patient by cql-execution: reads {library, patients}, prints {seconds, levels}.
const { readFileSync } = require("node:fs");
const cql = require("cql-execution");

async function main() {
  const given = JSON.parse(readFileSync(process.argv[2], "utf8"));
  const library = new cql.Library(given.library);
  const patients = new cql.PatientSource([]);
  const levels = [];
  const urgency = async (parameters) => {
    const results = await new cql.Executor(library, null, parameters).exec(patients);
    return results.unfilteredResults.Urgency;
  };
  for (const parameters of given.patients.slice(0, 50)) await urgency(parameters);
  const start = process.cpuUsage();
  for (const parameters of given.patients) levels.push(await urgency(parameters));
  const used = process.cpuUsage(start);
  console.log(JSON.stringify({ seconds: (used.user + used.system) / 1e6, levels }));
}

main();
