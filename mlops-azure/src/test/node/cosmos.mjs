// @vercel/cosmosdb-server with what the Java client needs and it lacks: query plans, 404 for a missing document, the
// partition key inside a batch, an index by partition, and a file in which everything stays when it is told to stop
// with SIGTERM and is there again at the next start. POST /__throttle/n answers the next n document requests with 429,
// POST /__drop/n hangs up on them, GET /__counts tells how many were throttled and dropped. Arguments: port, file.
import { closeSync, existsSync, openSync, readFileSync, unlinkSync, writeSync } from "node:fs";
import { createRequire } from "node:module";
import { Readable } from "node:stream";

const require = createRequire(import.meta.url);
const [port, file] = process.argv.slice(2);

// The account lives in a closure of the server: keep it when it is made.
const accounts = require("@vercel/cosmosdb-server/lib/account/index.js");
let account;
accounts.default = class extends accounts.default {
  constructor(...address) {
    super(...address);
    account = this;
  }
};

// A query of one partition runs over its documents, not over the whole container, and its pages are counted: the
// emulator looks for the next one by comparing resource ids as texts, which do not grow as documents are added, so that
// the pages of a large partition repeat without end. Later pages are of what the first found: a query of many pages costs
// one look at its partition, not one for each page. All of a partition is found without the emulator's query engine,
// which takes half a minute for 30,000 documents.
const Documents = require("@vercel/cosmosdb-server/lib/account/documents.js").default;
const { _set: set, delete: remove, query } = Documents.prototype;
Documents.prototype._set = function (data) {
  const stored = set.call(this, data);
  this.partitions ??= new Map();
  const key = this._getPartition(data);
  if (!this.partitions.has(key)) this.partitions.set(key, new Map());
  this.partitions.get(key).set(data._rid, this._data.get(data._rid));
  return stored;
};
Documents.prototype.delete = function (id, partition) {
  const data = this._item("/id", id, partition).read();
  remove.call(this, id, partition);
  this.partitions.get(this._getPartition(data)).delete(data._rid);
};
Documents.prototype.query = function (parameters, options) {
  const key = parameters.parameters?.find(({ name }) => name === "@pk");
  if (!key || !/\bc\.pk = @pk\b/.test(parameters.query)) return query.call(this, parameters, options);
  this.queries ??= new Map();
  const name = JSON.stringify(parameters);
  const found = (options.continuation && this.queries.get(name)) || this.inPartition(key.value, parameters);
  const from = Number(options.continuation?.token ?? 0);
  const to = options.maxItemCount > 0 ? from + options.maxItemCount : found.length;
  const more = to < found.length;
  if (more) this.queries.set(name, found); else this.queries.delete(name);
  return { result: found.slice(from, to), continuation: more ? { token: String(to), range: { min: "", max: "FF" } } : null };
};
Documents.prototype.inPartition = function (key, parameters) {
  if (parameters.query === "SELECT * FROM c WHERE c.pk = @pk") {
    return [...(this.partitions?.get(key)?.values() ?? [])].map((item) => item.read());
  }
  const all = this._data;
  this._data = this.partitions?.get(key) ?? new Map();
  try {
    return query.call(this, parameters, {}).result;
  } finally {
    this._data = all;
  }
};

// One line per database, container and document, each as it was, with its id, etag and time.
const save = () => {
  const out = openSync(file, "w");
  const items = (parent) => [...parent._data.values()];
  const line = (kind, data, count) => writeSync(out, JSON.stringify({ kind, data, count }) + "\n");
  for (const database of items(account.databases)) {
    line("database", database.read());
    for (const collection of items(database.collections)) {
      line("collection", collection.read(), collection.documents._ridCount);
      for (const document of items(collection.documents)) line("document", document.read());
    }
  }
  closeSync(out);
};
const load = () => {
  let database;
  let collection;
  const add = (parent, data) => {
    parent._set(data);
    return parent._data.get(data._rid);
  };
  for (const text of readFileSync(file, "utf8").split("\n").filter(Boolean)) {
    const { kind, data, count } = JSON.parse(text);
    if (kind === "database") {
      database = add(account.databases, data);
      account.databases._ridCount++;
    } else if (kind === "collection") {
      collection = add(database.collections, data);
      database.collections._ridCount++;
      collection.documents._ridCount = count;
    } else {
      add(collection.documents, data);
    }
  }
  unlinkSync(file);
};

const { createHttpServer } = require("@vercel/cosmosdb-server/lib/index.js");
const server = createHttpServer({ keepAlive: true });
const [emulator] = server.listeners("request");
server.removeAllListeners("request");
let throttle = 0;
let drop = 0;
const counts = { throttled: 0, dropped: 0 };

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
  if (req.url === "/__counts") return void res.end(JSON.stringify(counts));
  const chunks = [];
  for await (const chunk of req) chunks.push(chunk);
  let body = Buffer.concat(chunks);
  if (/\/docs/.test(req.url)) {
    if (drop > 0) { drop--; counts.dropped++; return void req.socket.destroy(); }
    if (throttle > 0) {
      throttle--;
      counts.throttled++;
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
    // The service takes documents of 2 MB; the client sends one that is larger in a batch of its own.
    if (operations.every(({ resourceBody }) => JSON.stringify(resourceBody ?? null).length > 2 << 20)) {
      res.writeHead(200, { "content-type": "application/json" });
      return void res.end(JSON.stringify(operations.map(() => ({ statusCode: 413, requestCharge: 0 }))));
    }
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

// Before the first request: the emulator's own listener, which makes the account, was added before.
server.on("listening", () => {
  if (file && existsSync(file)) load();
});
server.listen(Number(port), "127.0.0.1");
process.on("SIGTERM", () => {
  if (file) save();
  process.exit(0);
});
