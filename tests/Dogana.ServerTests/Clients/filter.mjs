// OpenAI's and Anthropic's clients where a content filter withholds a prompt, an answer, a stream: OpenAI (…/v1) and Azure (…/openai/v1).
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { address, check, is, key, print, thrown, yes } from './checks.mjs';
import { setting } from './steps.mjs';

const [bad, fine] = [setting('DOGANA_BAD'), setting('DOGANA_FINE')];
const ask = (content) => [{ role: 'user', content }];

for (const path of ['/v1', '/openai/v1']) {
  const client = new OpenAI({ baseURL: `${address}${path}`, apiKey: key, maxRetries: 0, timeout: 20_000 });

  await check(`${path}: prompt`, async () => {
    const error = await thrown(() => client.chat.completions.create({ model: 'guarded', messages: ask(bad) }));
    is(error.status, 400);
    is(error.code, 'content_filter');
    is(error.error.innererror?.code, path === '/v1' ? undefined : 'ResponsibleAIPolicyViolation');
  });

  await check(`${path}: prompt of a response`, async () => {
    is((await thrown(() => client.responses.create({ model: 'guarded', input: bad }))).code, 'content_filter');
  });

  for (const model of ['guarded', 'guarded-later']) {
    await check(`${path}: stream of ${model}`, async () => {
      let [text, finish] = ['', null];
      for await (const chunk of await client.chat.completions.create({ model, messages: ask('Hello.'), stream: true })) {
        text += chunk.choices[0]?.delta?.content ?? '';
        finish = chunk.choices[0]?.finish_reason ?? finish;
      }
      is(finish, 'content_filter');
      yes(text.startsWith(fine), text);
      if (model === 'guarded') is(text.trim(), fine);
    });
  }

  await check(`${path}: stream of a response`, async () => {
    const events = [];
    for await (const event of await client.responses.create({ model: 'guarded', input: 'Hello.', stream: true })) events.push(event);
    is(events.at(-1).type, 'response.incomplete');
    is(events.at(-1).response.incomplete_details.reason, 'content_filter');
    yes(events.every((event, index) => event.sequence_number === index), JSON.stringify(events.map((event) => event.sequence_number)));
    yes(!JSON.stringify(events).includes('Falcon'));
  });
}

await check('messages: stream', async () => {
  const client = new Anthropic({ baseURL: address, apiKey: key, maxRetries: 0 });
  const message = await client.messages.stream({ model: 'guarded', max_tokens: 999, messages: ask('Hello.') }).finalMessage();
  is(message.stop_reason, 'refusal');
  is(message.content.map((block) => block.text).join('').trim(), fine);
});

print();
