// Parses and analyses Kusto queries against a schema. Input: {tables: {name: [[column, type]]}, queries: {name: text}}.
// Output, a JSON line per query: {query, problems, columns: ["table.column"]}.
import fs from "node:fs";
import path from "node:path";
import vm from "node:vm";
import { fileURLToPath } from "node:url";

const home = path.join(path.dirname(fileURLToPath(import.meta.url)), "node_modules/@kusto/language-service-next");
for (const file of ["bridge.min.js", "Kusto.Language.Bridge.min.js"]) {
  vm.runInThisContext(fs.readFileSync(path.join(home, file), "utf8"), { filename: file });
}
const { Kusto } = globalThis;
const { tables, queries } = JSON.parse(fs.readFileSync(0, "utf8"));

const origin = new Map();
const symbols = Object.entries(tables).map(([table, columns]) =>
  new Kusto.Language.Symbols.TableSymbol.$ctor4(table, columns.map(([name, type]) => {
    const column = new Kusto.Language.Symbols.ColumnSymbol(name, Kusto.Language.Symbols.ScalarTypes.GetSymbol(type));
    origin.set(column, `${table}.${name}`);
    return column;
  })));
const database = new Kusto.Language.Symbols.DatabaseSymbol.$ctor2("insights", null, symbols, false);
const globals = Kusto.Language.GlobalState.Default.WithDatabase(database);

for (const [query, text] of Object.entries(queries)) {
  const code = Kusto.Language.KustoCode.ParseAndAnalyze(text, globals);
  const found = code.GetDiagnostics();
  const problems = [];
  for (let i = 0; i < found.Count; i++) {
    const d = found.getItem(i);
    problems.push(`${d.Code} ${d.Message} at ${d.Start}`);
  }
  const columns = new Set();
  Kusto.Language.Syntax.SyntaxElement.WalkNodes(code.Syntax, (node) => {
    if (node.ReferencedSymbol && origin.has(node.ReferencedSymbol)) columns.add(origin.get(node.ReferencedSymbol));
  });
  console.log(JSON.stringify({ query, problems, columns: [...columns].sort() }));
}
