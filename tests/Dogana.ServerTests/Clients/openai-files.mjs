// The openai package's files and batches, on OpenAI's, Azure's v1 and Azure's classic paths.
import OpenAI, { AzureOpenAI, toFile } from 'openai';
import { address, check, is, key, print, same, talk, thrown, yes } from './checks.mjs';

const make = {
  OpenAI: () => new OpenAI({ baseURL: `${address}/v1`, apiKey: key, maxRetries: 0, timeout: 20_000 }),
  OpenAIOnAzure: () => new OpenAI({ baseURL: `${address}/openai/v1`, apiKey: key, maxRetries: 0, timeout: 20_000 }),
  AzureOpenAI: () => new AzureOpenAI({ endpoint: address, apiVersion: '2024-10-21', apiKey: key, maxRetries: 0, timeout: 20_000 }),
};

const line = (id, url, body) => JSON.stringify({ custom_id: id, method: 'POST', url, body });
const endpoints = {
  '/v1/chat/completions': [{ model: 'compat-talk', messages: [{ role: 'user', content: 'Say hello.' }] }, (body) => is(body.choices[0].message.content, talk)],
  '/v1/completions': [{ model: 'compat-talk', prompt: 'Say hello.' }, (body) => is(body.choices[0].text, talk)],
  '/v1/responses': [{ model: 'anthropic-talk', input: 'Say hello.' }, (body) => is(body.output.at(-1).content[0].text, talk)],
  '/v1/embeddings': [{ model: 'openai-embed', input: 'Say hello.' }, (body) => is(body.object, 'list')],
};

async function ended(client, id) {
  for (let asked = 0; asked < 120; asked++) {
    const batch = await client.batches.retrieve(id);
    if (['completed', 'failed', 'expired', 'cancelled'].includes(batch.status)) return batch;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error('the batch did not end');
}

for (const [name, start] of Object.entries(make)) {
  const client = start();
  let file;
  const text = `{"a":"${'ü'.repeat(100)}"}\n`;

  await check(`${name}: a file is uploaded, found, listed and read`, async () => {
    file = await client.files.create({ file: await toFile(Buffer.from(text), 'my file.jsonl'), purpose: 'batch', expires_after: { anchor: 'created_at', seconds: 3600 } });
    is(file.filename, 'my file.jsonl');
    is(file.bytes, Buffer.byteLength(text));
    is(file.expires_at - file.created_at, 3600);
    same(await client.files.retrieve(file.id), file);
    const listed = [];
    for await (const each of client.files.list({ purpose: 'batch', limit: 1, order: 'asc' })) listed.push(each.id);
    yes(listed.includes(file.id));
    is(new Set(listed).size, listed.length);
    is(await (await client.files.content(file.id)).text(), text);
  });
  await check(`${name}: a file of several megabytes`, async () => {
    const large = Buffer.alloc(3_000_000, 'abcdefg');
    const made = await client.files.create({ file: await toFile(large, 'large'), purpose: 'user_data' });
    yes(Buffer.from(await (await client.files.content(made.id)).arrayBuffer()).equals(large));
    is((await client.files.delete(made.id)).deleted, true);
  });
  await check(`${name}: a file that is deleted is gone`, async () => {
    same(await client.files.delete(file.id), { id: file.id, object: 'file', deleted: true });
    is((await thrown(() => client.files.retrieve(file.id))).status, 404);
  });

  for (const [endpoint, [body, look]] of Object.entries(endpoints)) {
    await check(`${name}: a batch of ${endpoint}`, async () => {
      const input = await client.files.create({
        purpose: 'batch', file: await toFile(Buffer.from([line('one', endpoint, body), line('two', endpoint, body), line('bad', endpoint, { ...body, temperature: 9 })].join('\n')), 'in.jsonl'),
      });
      // a model, where the client has one to name: AzureOpenAI then writes it into the path
      const made = await client.batches.create({ input_file_id: input.id, endpoint, completion_window: '24h', metadata: { run: name }, ...(name === 'AzureOpenAI' && { model: body.model }) });
      is(made.object, 'batch');
      const batch = await ended(client, made.id);
      is(batch.status, 'completed', JSON.stringify(batch));
      same(batch.request_counts, { total: 3, completed: 2, failed: 1 });
      same(batch.metadata, { run: name });
      const lines = (await (await client.files.content(batch.output_file_id)).text()).trim().split('\n').map((each) => JSON.parse(each));
      same(lines.map((each) => each.custom_id), ['one', 'two']);
      for (const each of lines) {
        is(each.response.status_code, 200);
        look(each.response.body);
      }
      const [wrong] = (await (await client.files.content(batch.error_file_id)).text()).trim().split('\n').map((each) => JSON.parse(each));
      same([wrong.custom_id, wrong.response.status_code, wrong.response.body.error.param], ['bad', 400, 'temperature']);
    });
  }
  await check(`${name}: batches are listed, and one that ended is not cancelled`, async () => {
    const listed = [];
    for await (const each of client.batches.list({ limit: 2 })) listed.push(each);
    yes(listed.length >= 4);
    is((await thrown(() => client.batches.cancel(listed[0].id))).status, 409);
    is((await thrown(() => client.batches.retrieve('batch_none'))).status, 404);
  });
  await check(`${name}: a wrong order is refused by name`, async () => {
    const refused = await thrown(() => client.batches.create({ input_file_id: 'file-none', endpoint: '/v1/chat/completions', completion_window: '24h' }));
    is(refused.status, 404);
    is((await thrown(() => client.batches.create({ input_file_id: 'file-none', endpoint: '/v1/videos', completion_window: '24h' }))).status, 400);
    is((await thrown(async () => client.files.create({ file: await toFile(Buffer.from('a'), 'a'), purpose: 'batch_output' }))).status, 400);
  });
}
print();
