// openai-node and responses that are kept: created, gone on from, read, listed, deleted. DOGANA_ADDRESS, DOGANA_OTHER (another node), DOGANA_KEY, DOGANA_MODEL.
import OpenAI, { AzureOpenAI } from 'openai';
import { address, check, is, key, print, same, yes } from './checks.mjs';
import { setting } from './steps.mjs';

const model = setting('DOGANA_MODEL');
const here = new OpenAI({ baseURL: `${address}/v1`, apiKey: key, maxRetries: 0 });
const there = new OpenAI({ baseURL: `${setting('DOGANA_OTHER', address)}/v1`, apiKey: key, maxRetries: 0 });
const azure = new AzureOpenAI({ endpoint: address, apiKey: key, apiVersion: '2025-03-01-preview', maxRetries: 0 });

let first;
await check('created', async () => {
  first = await here.responses.create({ model, input: 'My name is Ada.', max_output_tokens: 50 });
  is(first.store, true);
  is(first.previous_response_id, null);
  yes(first.id.startsWith('resp_'));
});

await check('retrieved on another node', async () => {
  const kept = await there.responses.retrieve(first.id);
  is(kept.id, first.id);
  is(kept.output_text, first.output_text);
  same(kept.usage, first.usage);
});

let second;
await check('gone on from', async () => {
  second = await there.responses.create({ model, input: [{ role: 'user', content: 'What is my name?' }], previous_response_id: first.id, max_output_tokens: 50 });
  is(second.previous_response_id, first.id);
  yes(second.id !== first.id);
});

await check('its input is the whole conversation', async () => {
  const items = [];
  for await (const item of here.responses.inputItems.list(second.id, { order: 'asc', limit: 2 })) items.push(item);
  same(items.map((item) => [item.role, item.content[0].text]), [['user', 'My name is Ada.'], ['assistant', first.output_text], ['user', 'What is my name?']]);
});

await check('a stream goes on and is kept', async () => {
  const ids = new Set();
  let last;
  for await (const event of await here.responses.create({ model, input: 'Again.', previous_response_id: second.id, stream: true, max_output_tokens: 50 })) {
    if (event.response) ids.add(event.response.id);
    if (event.type === 'response.completed') last = event.response;
  }
  is(ids.size, 1);
  is(last.previous_response_id, second.id);
  const kept = await there.responses.retrieve(last.id);
  is(kept.output_text, last.output.flatMap((item) => item.content ?? []).map((part) => part.text).join(''));
});

await check('not kept when it says so', async () => {
  const plain = await here.responses.create({ model, input: 'Forget this.', store: false, max_output_tokens: 50 });
  is(plain.store, false);
  const error = await here.responses.retrieve(plain.id).catch((each) => each);
  is(error.status, 404);
});

await check('Azure', async () => {
  const made = await azure.responses.create({ model, input: 'Hello.', max_output_tokens: 50 });
  is((await azure.responses.retrieve(made.id)).id, made.id);
});

await check('deleted', async () => {
  await here.responses.delete(first.id);
  const error = await there.responses.retrieve(first.id).catch((each) => each);
  is(error.status, 404);
  const gone = await there.responses.create({ model, input: 'x', previous_response_id: first.id }).catch((each) => each);
  is(gone.status, 400);
  is(gone.code, 'previous_response_not_found');
  is(gone.param, 'previous_response_id');
  is((await here.responses.create({ model, input: 'Still here?', previous_response_id: second.id, max_output_tokens: 50 })).previous_response_id, second.id);
});

print();
