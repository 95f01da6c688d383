// Runs named steps with one client and prints one JSON document: {"client": …, "steps": {name: {"ok": true, …} | {"ok": false, "error": …}}}.
// What is asked for comes in by the environment (keys have no place in argv); the names of the steps to run may be given as arguments.
import { readFileSync } from 'node:fs';

export function setting(name, otherwise) {
  const value = process.env[name] ?? otherwise;
  if (value === undefined) {
    process.stderr.write(`${name} is not set\n`);
    process.exit(2);
  }
  return value;
}

export const messages = [{ role: 'user', content: 'Say hello.' }];

const named = (error) => ({
  class: error?.constructor?.name ?? typeof error,
  status: error?.status ?? null,
  code: error?.code ?? null,
  type: error?.type ?? null,
  param: error?.param ?? null,
  message: String(error?.message ?? error),
  requestId: error?.requestID ?? null,
  retryAfter: error?.headers?.get?.('retry-after') ?? null,
});

export async function run(client, steps) {
  const wanted = process.argv.slice(2);
  for (const name of wanted) {
    if (!(name in steps)) {
      process.stderr.write(`no step ${name}; there are ${Object.keys(steps).join(', ')}\n`);
      process.exit(2);
    }
  }
  const results = {};
  for (const [name, step] of Object.entries(steps)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const begun = performance.now();
    try {
      results[name] = { ok: true, ...(await step()) };
    } catch (error) {
      results[name] = { ok: false, error: named(error) };
    }
    results[name].ms = Math.round(performance.now() - begun);
  }
  const { version } = JSON.parse(readFileSync(new URL('./node_modules/openai/package.json', import.meta.url)));
  process.stdout.write(`${JSON.stringify({ client: `${client} ${version}`, steps: results })}\n`);
}

// The steps that OpenAI and AzureOpenAI share; `make` gives a client, with another key when one is given.
export function chatSteps(make, model, embeddingModel) {
  const client = make();
  const whole = async (one, name) => {
    const { data, response } = await one.chat.completions.create({ model: name, messages }).withResponse();
    const choice = data.choices[0];
    return {
      id: data.id, model: data.model, text: choice.message.content, finish: choice.finish_reason, usage: data.usage ?? null,
      requestId: response.headers.get('x-request-id'), remainingTokens: response.headers.get('x-ratelimit-remaining-tokens'),
    };
  };
  const streamed = async (options) => {
    let [text, chunks, finish, usage, usageChunks] = ['', 0, null, null, 0];
    for await (const chunk of await client.chat.completions.create({ model, messages, stream: true, ...options })) {
      chunks++;
      text += chunk.choices?.[0]?.delta?.content ?? '';
      finish = chunk.choices?.[0]?.finish_reason ?? finish;
      if (chunk.usage) [usage, usageChunks] = [chunk.usage, usageChunks + 1];
    }
    return { text, chunks, finish, usage, usageChunks };
  };
  const numbers = (data) => ({
    count: data.data.length, dimensions: data.data[0].embedding.length, first: data.data[0].embedding[0], usage: data.usage ?? null,
  });
  return {
    chat: () => whole(client, model),
    chatLimited: async () => {
      const answer = await client.chat.completions.create({ model, messages, max_completion_tokens: 2 });
      return { text: answer.choices[0].message.content, finish: answer.choices[0].finish_reason, usage: answer.usage ?? null };
    },
    stream: () => streamed({}),
    streamUsage: () => streamed({ stream_options: { include_usage: true } }),
    streamHelper: async () => {
      const stream = client.chat.completions.stream({ model, messages, stream_options: { include_usage: true } });
      return { text: await stream.finalContent(), usage: (await stream.totalUsage()) ?? null };
    },
    // The caller goes away after the first chunk.
    streamAborted: async () => {
      const stream = await client.chat.completions.create({ model, messages, stream: true });
      let chunks = 0;
      for await (const _ of stream) {
        chunks++;
        break;
      }
      return { chunks };
    },
    embeddings: async () => numbers(await client.embeddings.create({ model: embeddingModel, input: ['one', 'two'] })),
    embeddingsFloat: async () => numbers(await client.embeddings.create({ model: embeddingModel, input: ['one', 'two'], encoding_format: 'float' })),
    models: async () => ({ ids: (await client.models.list()).data.map((each) => each.id) }),
    wrongKey: () => whole(make('wrong-key-0000'), model),
    unknownModel: () => whole(client, 'no-such-model'),
    noMessages: async () => ({ id: (await client.chat.completions.create({ model })).id }),
  };
}
