// Holds what the server sends against OpenAI's OpenAPI document (DOGANA_OPENAI_SPEC, a .json.gz): every endpoint, whole and each streamed event.
import { address, check, cityParameters, is, key, print, yes } from './checks.mjs';
import { document, valid } from './spec.mjs';

// An event by its own schema, which is the one with its type: the union's errors name all of its members.
const eventSchemas = new Map();
for (const { $ref } of document.components.schemas.ResponseStreamEvent.anyOf) {
  const name = $ref.split('/').at(-1);
  for (const type of document.components.schemas[name].properties?.type?.enum ?? []) eventSchemas.set(type, name);
}

const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
const post = (path, body, more = headers) => fetch(`${address}${path}`, { method: 'POST', headers: more, body: typeof body === 'string' ? body : JSON.stringify(body) });

async function whole(path, body, status = 200, more = headers) {
  const answer = await post(path, body, more);
  const text = await answer.text();
  is(answer.status, status, text);
  return JSON.parse(text);
}

async function events(path, body) {
  const answer = await post(path, { ...body, stream: true });
  const text = await answer.text();
  is(answer.status, 200, text);
  const all = text.split('\n\n').filter((block) => block.length > 0).map((block) => {
    const lines = block.split('\n');
    const name = lines.find((line) => line.startsWith('event:'))?.slice(6).trim();
    return { name, data: lines.find((line) => line.startsWith('data:')).slice(5).trim() };
  });
  return all.filter((one) => one.data !== '[DONE]').map((one) => ({ name: one.name, value: JSON.parse(one.data) }));
}

const chatTools = [{ type: 'function', function: { name: 'get_weather', parameters: cityParameters } }];
const responseTools = [{ type: 'function', name: 'get_weather', parameters: cityParameters, strict: true }];
const messages = [{ role: 'system', content: 'Be kind.' }, { role: 'user', content: 'Say hello.' }];
const upstreams = ['compat', 'openai', 'anthropic', 'azure', 'azurev1'];
const features = ['talk', 'tool', 'tools', 'json', 'think', 'refusal', 'filtered', 'unknown'];

for (const kind of upstreams) {
  for (const feature of features) {
    const tools = feature.startsWith('tool');
    const chat = { model: `${kind}-${feature}`, messages, ...(tools && { tools: chatTools }) };
    await check(`chat on ${kind}-${feature}`, async () => valid('CreateChatCompletionResponse', await whole('/v1/chat/completions', chat)));
    await check(`chat streamed on ${kind}-${feature}`, async () => {
      const all = await events('/v1/chat/completions', { ...chat, stream_options: { include_usage: true } });
      yes(all.length > 3);
      // Azure's word on the prompt comes as an object of no kind, and passes as it came
      for (const { value } of all.filter((one) => one.value.object !== '')) valid('CreateChatCompletionStreamResponse', value);
      yes(all.at(-1).value.usage);
    });
    const response = { model: `${kind}-${feature}`, input: 'Say hello.', instructions: 'Be kind.', ...(tools && { tools: responseTools }), ...(feature === 'think' && kind !== 'azure' && { reasoning: { summary: 'auto' } }) };
    await check(`response on ${kind}-${feature}`, async () => valid('Response', await whole('/v1/responses', response)));
    await check(`response streamed on ${kind}-${feature}`, async () => {
      const all = await events('/v1/responses', response);
      yes(all.length > 5);
      all.forEach(({ name, value }, index) => {
        is(name, value.type);
        is(value.sequence_number, index);
        yes(eventSchemas.has(value.type), value.type);
        valid(eventSchemas.get(value.type), value);
      });
    });
  }
  await check(`completion on ${kind}`, async () => valid('CreateCompletionResponse', await whole('/v1/completions', { model: `${kind}-talk`, prompt: 'Once' })));
  await check(`completion streamed on ${kind}`, async () => {
    for (const { value } of await events('/v1/completions', { model: `${kind}-talk`, prompt: 'Once' })) valid('CreateCompletionResponse', value);
  });
  if (kind !== 'anthropic') {
    await check(`embeddings on ${kind}`, async () => valid('CreateEmbeddingResponse', await whole('/v1/embeddings', { model: `${kind}-embed`, input: ['one', 'two'] })));
  }
}

await check('chat with several choices and logprobs', async () => {
  const body = { model: 'compat-talk', messages, n: 2, logprobs: true, top_logprobs: 2, max_completion_tokens: 3 };
  valid('CreateChatCompletionResponse', await whole('/v1/chat/completions', body));
  for (const { value } of await events('/v1/chat/completions', body)) valid('CreateChatCompletionStreamResponse', value);
});
for (const kind of ['compat', 'openai', 'anthropic']) {
  await check(`response with logprobs, cut short, on ${kind}`, async () => {
    const body = { model: `${kind}-talk`, input: 'Say hello.', max_output_tokens: 3, ...(kind !== 'anthropic' && { include: ['message.output_text.logprobs'], top_logprobs: 2 }) };
    valid('Response', await whole('/v1/responses', body));
    for (const { value } of await events('/v1/responses', body)) valid(eventSchemas.get(value.type), value);
  });
}

// what this server makes itself
const own = { model: 'clerk-1', max_completion_tokens: 8, messages: [{ role: 'user', content: 'What is a bill?' }] };
await check('chat on embedded', async () => valid('CreateChatCompletionResponse', await whole('/v1/chat/completions', own)));
await check('chat streamed on embedded', async () => {
  for (const { value } of await events('/v1/chat/completions', { ...own, stream_options: { include_usage: true } })) valid('CreateChatCompletionStreamResponse', value);
});
await check('response on embedded', async () => valid('Response', await whole('/v1/responses', { model: 'clerk-1', max_output_tokens: 16, input: 'What is a bill?' })));
await check('response streamed on embedded', async () => {
  for (const { value } of await events('/v1/responses', { model: 'clerk-1', max_output_tokens: 16, input: 'What is a bill?' })) valid(eventSchemas.get(value.type), value);
});
await check('completion on embedded', async () => valid('CreateCompletionResponse', await whole('/v1/completions', { model: 'clerk-1', max_tokens: 8, prompt: 'A bill is' })));
await check('embeddings on embedded', async () => valid('CreateEmbeddingResponse', await whole('/v1/embeddings', { model: 'use-lite', input: ['one', 'two'] })));
await check('models', async () => {
  const list = await (await fetch(`${address}/v1/models`, { headers })).json();
  valid('ListModelsResponse', list);
  valid('Model', await (await fetch(`${address}/v1/models/${list.data[0].id}`, { headers })).json());
});

// files and batches
const get = async (path) => (await fetch(`${address}${path}`, { headers })).json();
async function upload(text) {
  const form = new FormData();
  form.append('purpose', 'batch');
  form.append('file', new Blob([text]), 'in.jsonl');
  return (await fetch(`${address}/v1/files`, { method: 'POST', headers: { authorization: headers.authorization }, body: form })).json();
}
async function batchOf(text, status) {
  const file = await upload(text);
  let batch = await whole('/v1/batches', { input_file_id: file.id, endpoint: '/v1/chat/completions', completion_window: '24h' });
  valid('Batch', batch);
  for (let asked = 0; asked < 120 && batch.status !== status; asked++) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    batch = await get(`/v1/batches/${batch.id}`);
    valid('Batch', batch);
  }
  is(batch.status, status, JSON.stringify(batch));
  return batch;
}
const asLine = (id, body) => `${JSON.stringify({ custom_id: id, method: 'POST', url: '/v1/chat/completions', body })}\n`;
await check('file', async () => {
  const file = await upload(asLine('a', { model: 'compat-talk', messages }));
  valid('OpenAIFile', file);
  valid('OpenAIFile', await get(`/v1/files/${file.id}`));
  valid('ListFilesResponse', await get('/v1/files'));
  valid('ListFilesResponse', await get('/v1/files?purpose=vision'));
  valid('DeleteFileResponse', await (await fetch(`${address}/v1/files/${file.id}`, { method: 'DELETE', headers })).json());
  valid('ErrorResponse', await get(`/v1/files/${file.id}`));
});
await check('batch', async () => {
  const batch = await batchOf(asLine('a', { model: 'compat-talk', messages }) + asLine('b', { model: 'compat-talk', messages, temperature: 9 }), 'completed');
  valid('OpenAIFile', await get(`/v1/files/${batch.output_file_id}`));
  const [answer] = (await (await fetch(`${address}/v1/files/${batch.output_file_id}/content`, { headers })).text()).split('\n');
  valid('CreateChatCompletionResponse', JSON.parse(answer).response.body);
  const [error] = (await (await fetch(`${address}/v1/files/${batch.error_file_id}/content`, { headers })).text()).split('\n');
  valid('ErrorResponse', JSON.parse(error).response.body);
  valid('ListBatchesResponse', await get('/v1/batches'));
});
await check('batch that failed', async () => yes((await batchOf('{\n', 'failed')).errors.data[0].line));

for (const [name, path, body, status, more] of [
  ['wrong key', '/v1/chat/completions', { model: 'compat-talk', messages }, 401, { ...headers, authorization: 'Bearer wrong' }],
  ['no key', '/v1/responses', { model: 'compat-talk', input: 'a' }, 401, { 'content-type': 'application/json' }],
  ['unknown model', '/v1/chat/completions', { model: 'no-such-model', messages }, 404],
  ['unknown path', '/v1/nothing', {}, 404],
  ['no JSON', '/v1/embeddings', '{', 400],
  ['wrong parameter', '/v1/completions', { model: 'compat-talk', prompt: 'a', temperature: 3 }, 400],
  ["the upstream's refusal", '/v1/chat/completions', { model: 'openai-bad', messages }, 400],
  ['what cannot be translated', '/v1/responses', { model: 'compat-talk', input: 'a', previous_response_id: 'resp_1' }, 400],
]) {
  await check(`error: ${name}`, async () => valid('ErrorResponse', await whole(path, body, status, more)));
}

await check('error in a stream: chat', async () => {
  const text = await cut('/v1/chat/completions', { model: 'compat-cut', messages });
  valid('ErrorResponse', JSON.parse(text.split('\n\n').at(-2).replace(/^data: /, '')));
});
await check('error in a stream: response', async () => {
  for (const model of ['compat-cut', 'openai-cut']) {
    const text = await cut('/v1/responses', { model, input: 'Say hello.' });
    const values = text.split('\n\n').slice(0, -1).map((block) => JSON.parse(block.slice(block.indexOf('data: ') + 6)));
    is(values.at(-1).type, 'error');
    values.forEach((value, index) => {
      valid(eventSchemas.get(value.type), value);
      is(value.sequence_number, index, `${model}: ${value.type}`);
    });
  }
});

async function cut(path, body) {
  const answer = await post(path, { ...body, stream: true });
  let text = '';
  try {
    const decoder = new TextDecoder();
    for await (const piece of answer.body) text += decoder.decode(piece, { stream: true });
  } catch {
    return text;
  }
  throw new Error('the connection was not cut');
}
print();
