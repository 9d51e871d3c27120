// Prints the request bodies of the published REST examples, as JSON lines {example, body}.
// They come as samples with Microsoft's JavaScript client, each with the path of the example it was made from.
import fs from "node:fs";
import path from "node:path";
import vm from "node:vm";
import { fileURLToPath } from "node:url";

const root = path.join(path.dirname(fileURLToPath(import.meta.url)),
  "node_modules/@azure/arm-machinelearning/dist-esm/samples-dev");

// Runs a compiled async function far enough to see what it passes to the client.
const runAsync = (self, args, promise, generator) => {
  const steps = generator.apply(self, args || []);
  let step = steps.next();
  while (!step.done) step = steps.next(step.value);
  return Promise.resolve(step.value);
};

for (const file of process.argv.slice(2)) {
  const source = fs.readFileSync(path.join(root, file), "utf8");
  const examples = [...source.matchAll(/x-ms-original-file: (\S+)/g)].map((m) => m[1]);
  const calls = [...source.matchAll(/^(\w+)\(\)\.catch\(console\.error\);$/gm)].map((m) => m[1]);
  const plain = source.replace(/^import .*$/gm, "").replace(/^\w+\(\)\.catch\(console\.error\);$/gm, "");
  calls.forEach((call, i) => {
    let body;
    const operation = (...args) => { body = args.at(-1); };
    const operations = new Proxy({}, { get: () => operation });
    vm.runInNewContext(`${plain}\n${call}()`, {
      AzureMachineLearningWorkspaces: function () { return new Proxy({}, { get: () => operations }); },
      DefaultAzureCredential: class {},
      console: { log() {}, error() {} },
      __awaiter: runAsync,
    });
    console.log(JSON.stringify({ example: examples[i], body }));
  });
}
