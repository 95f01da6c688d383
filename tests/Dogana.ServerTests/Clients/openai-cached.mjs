// openai-node and a project's response cache: whole, streamed, by-passed, another API. DOGANA_ADDRESS, DOGANA_KEY, DOGANA_MODEL.
import OpenAI from 'openai';
import { address, check, is, key, print, same, talk, yes } from './checks.mjs';
import { setting } from './steps.mjs';

const model = setting('DOGANA_MODEL');
const client = new OpenAI({ baseURL: `${address}/v1`, apiKey: key, maxRetries: 0 });
const pause = () => new Promise((resolve) => setTimeout(resolve, 50));
const asked = { model, messages: [{ role: 'user', content: 'Say hello to Node.' }] };

// Answers are kept behind their calls.
async function untilHit(call) {
  const first = await call();
  is(first.response.headers.get('x-dogana-cache'), 'miss');
  const id = first.request_id;
  for (let tries = 0; tries < 100; tries++) {
    await pause();
    const again = await call();
    if (again.response.headers.get('x-dogana-cache') === 'hit') {
      yes(again.request_id !== id);
      yes(Number(again.response.headers.get('age')) >= 0);
      return [first.data, again.data];
    }
  }
  throw new Error('no hit');
}

await check('whole', async () => {
  const [first, again] = await untilHit(() => client.chat.completions.create(asked).withResponse());
  same(again, first);
});

await check('streamed', async () => {
  const stream = async () => {
    const answer = await client.chat.completions.create({ ...asked, stream: true, stream_options: { include_usage: true } }).withResponse();
    const chunks = [];
    for await (const chunk of answer.data) chunks.push(chunk);
    return { ...answer, data: chunks };
  };
  const [first, again] = await untilHit(stream);
  same(again, first);
  is(again.map((chunk) => chunk.choices[0]?.delta.content ?? '').join(''), talk);
});

await check('responses that are not stored', async () => {
  const [first, again] = await untilHit(() => client.responses.create({ model, input: 'Say hello to Node.', store: false }).withResponse());
  same(again, first);
});

await check('not wanted', async () => {
  const answer = await client.chat.completions.create(asked, { headers: { 'Cache-Control': 'no-cache, no-store' } }).withResponse();
  is(answer.response.headers.get('x-dogana-cache'), 'miss');
});

print();
