// @vercel/cosmosdb-server with what the Java client needs and it lacks: query plans, 404 for a missing document, the
// partition key inside a batch. POST /__throttle/n answers the next n document requests with 429, POST /__drop/n
// hangs up on them. Arguments: port.
import { createRequire } from "node:module";
import { Readable } from "node:stream";

const require = createRequire(import.meta.url);
const { createHttpServer } = require("@vercel/cosmosdb-server/lib/index.js");
const server = createHttpServer({ keepAlive: true });
const [emulator] = server.listeners("request");
server.removeAllListeners("request");
let throttle = 0;
let drop = 0;

const PLAN = JSON.stringify({
  partitionedQueryExecutionInfoVersion: 2,
  queryInfo: {
    distinctType: "None", top: null, offset: null, limit: null, orderBy: [], orderByExpressions: [],
    groupByExpressions: [], groupByAliases: [], aggregates: [], groupByAliasToAggregateType: {},
    rewrittenQuery: "", hasSelectValue: false, dCountInfo: null,
  },
  queryRanges: [{ min: "", max: "FF", isMinInclusive: true, isMaxInclusive: false }],
});

const replay = (req, body) => {
  const again = Readable.from([body]);
  return Object.assign(again, { method: req.method, url: req.url, headers: req.headers, socket: req.socket });
};

server.on("request", async (req, res) => {
  const control = req.url.match(/^\/__(throttle|drop)\/(\d+)$/);
  if (control) {
    if (control[1] === "throttle") throttle = Number(control[2]); else drop = Number(control[2]);
    return void res.end("ok");
  }
  const chunks = [];
  for await (const chunk of req) chunks.push(chunk);
  let body = Buffer.concat(chunks);
  if (/\/docs/.test(req.url)) {
    if (drop > 0) { drop--; return void req.socket.destroy(); }
    if (throttle > 0) {
      throttle--;
      res.writeHead(429, { "content-type": "application/json", "x-ms-retry-after-ms": "50", "x-ms-substatus": "3200" });
      return void res.end('{"code":"TooManyRequests","message":"throttled"}');
    }
  }
  if (String(req.headers["x-ms-cosmos-is-query-plan-request"]).toLowerCase() === "true") {
    res.writeHead(200, { "content-type": "application/json" });
    return void res.end(PLAN);
  }
  if (req.headers["x-ms-documentdb-isquery"] || /query\+json/.test(req.headers["content-type"] ?? "")) {
    req.headers["x-ms-documentdb-query-enablecrosspartition"] = "true";
  }
  if (String(req.headers["x-ms-cosmos-is-batch-request"]).toLowerCase() === "true") {
    const operations = JSON.parse(body);
    const key = req.headers["x-ms-documentdb-partitionkey"];
    for (const operation of operations) operation.partitionKey ??= key;
    body = Buffer.from(JSON.stringify(operations));
    req.headers["content-length"] = String(body.length);
  }
  if (req.method === "GET" && /\/docs\/[^/]+$/.test(req.url)) {
    const end = res.end.bind(res);
    res.end = (text) => {
      if (res.statusCode === 500) res.statusCode = 404;
      return end(text);
    };
  }
  emulator(replay(req, body), res);
});

server.listen(Number(process.argv[2]), "127.0.0.1");
process.on("SIGTERM", () => process.exit(0));
