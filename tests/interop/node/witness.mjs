// Drives the server at argv[2] through the vendor's own SDK, and prints what it saw as one JSON object.
import sdk from "extend-ai";

const [url, token] = process.argv.slice(2);
const client = new sdk.ExtendClient({ token, baseUrl: url });
const stranger = new sdk.ExtendClient({ token: "tok_revoked", baseUrl: url, maxRetries: 0 });
const polling = { maxWaitMs: 20_000, fastPollIntervalMs: 20, initialDelayMs: 20, maxDelayMs: 50 };
const file = { url: "https://a.example/one.pdf" };

const first = async (list) => (await list).data[0].id;
const nameOf = async (call) => {
  try {
    await call;
    return "no error";
  } catch (error) {
    return `${error.constructor.name} ${error.statusCode}`;
  }
};
const ended = async (read) => {
  for (;;) {
    const seen = await read();
    if (!["PENDING", "PROCESSING"].includes(seen.status)) return seen;
    await new Promise((wake) => setTimeout(wake, 20));
  }
};

const extractor = { id: await first(client.extractors.list()) };
const classifier = { id: await first(client.classifiers.list()) };
const splitter = { id: await first(client.splitters.list()) };
const families = {
  extract: [client.extractRuns, { extractor }],
  classify: [client.classifyRuns, { classifier }],
  split: [client.splitRuns, { splitter }],
  parse: [client.parseRuns, {}],
};

const seen = {};
for (const [name, [runs, processor]] of Object.entries(families)) {
  const single = await runs.createAndPoll({ file, ...processor }, polling);
  const submitted = await runs.createBatch({ inputs: [{ file }, { file }], ...processor });
  const batch = await ended(() => client.batchRuns.get(submitted.id));
  const listed = await runs.list({ batchId: batch.id });
  const cancelled = await runs.cancel((await runs.create({ file, ...processor })).id);
  const deleted = await runs.delete(single.id);
  seen[name] = {
    single: single.status,
    batch: batch.status,
    runCount: batch.runCount,
    listed: listed.data.length,
    cancelled: typeof cancelled.status,
    deleted: deleted.id === single.id,
    afterwards: await nameOf(runs.retrieve(single.id)),
  };
}
seen.errors = {
  unknown: await nameOf(client.batchRuns.get("bpr_nothing")),
  stranger: await nameOf(stranger.extractors.list()),
  noInputs: await nameOf(client.extractRuns.createBatch({ extractor, inputs: [] })),
};
console.log(JSON.stringify(seen));
