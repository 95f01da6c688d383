// Anthropic's client: with apiKey it sends Authorization: Bearer or x-api-key, as its version has it; here each is also sent by force.
import Anthropic from '@anthropic-ai/sdk';
import { address, check, cityParameters, is, key, person, png, print, same, seen, seenOnce, talk, thrown, timed, wrongKey, yes } from './checks.mjs';

const surfaces = {
  Bearer: (apiKey = key, more = {}) => new Anthropic({ baseURL: address, apiKey: null, authToken: apiKey, maxRetries: 0, timeout: 20_000, ...more }),
  apiKey: (apiKey = key, more = {}) => new Anthropic({ baseURL: address, apiKey, maxRetries: 0, timeout: 20_000, ...more }),
};
const tools = [{ name: 'get_weather', description: 'The weather in a city.', input_schema: cityParameters }];
const ask = (content = 'Say hello.') => ({ max_tokens: 500, messages: [{ role: 'user', content }] });

async function messageChecks(surface, kind) {
  const client = surfaces[surface]();
  const at = (feature) => `Anthropic by ${surface} on ${kind}: ${feature}`;
  const mark = (feature) => `mark${process.pid}-anthropic-${surface}-${kind}-${feature}`;
  const isNative = kind === 'anthropic';

  await check(at('message whole'), async () => {
    const answer = await client.messages.create({ model: `${kind}-talk`, ...ask(mark('whole')), system: 'Be kind.' });
    is(answer.type, 'message');
    is(answer.role, 'assistant');
    same(answer.content.map((block) => [block.type, block.text]), [['text', talk]]);
    is(answer.stop_reason, 'end_turn');
    same([answer.usage.input_tokens, answer.usage.output_tokens], [10, 5]);
    const { path, json, headers } = await seenOnce(mark('whole'));
    if (isNative) {
      is(path, '/v1/messages');
      is(json.system, 'Be kind.');
      yes(headers['anthropic-version']);
    } else if (path.endsWith('/chat/completions')) {
      is(json.messages[0].content, 'Be kind.');
    }
  });

  await check(at('message streamed'), async () => {
    const types = [];
    let text = '';
    for await (const event of await client.messages.create({ model: `${kind}-talk`, ...ask(), stream: true })) {
      types.push(event.type);
      if (event.type === 'content_block_delta') text += event.delta.text;
    }
    is(text, talk);
    is(types[0], 'message_start');
    is(types.at(-1), 'message_stop');
    yes(types.filter((type) => type === 'content_block_delta').length > 3);
  });

  await check(at('stream helper'), async () => {
    const stream = client.messages.stream({ model: `${kind}-talk`, ...ask() });
    let text = '';
    stream.on('text', (piece) => (text += piece));
    const final = await stream.finalMessage();
    is(text, talk);
    is(final.content[0].text, talk);
    is(final.stop_reason, 'end_turn');
    same([final.usage.input_tokens, final.usage.output_tokens], [10, 5]);
    is(await client.messages.stream({ model: `${kind}-talk`, ...ask() }).finalText(), talk);
  });

  await check(at('tool call and its answer'), async () => {
    const first = await client.messages.create({ model: `${kind}-tool`, ...ask(), tools, tool_choice: { type: 'any' } });
    is(first.stop_reason, 'tool_use');
    const call = first.content.find((block) => block.type === 'tool_use');
    is(call.name, 'get_weather');
    same(call.input, { city: 'Oslo' });
    const second = await client.messages.create({
      model: `${kind}-talk`, max_tokens: 500, tools,
      messages: [...ask().messages, { role: 'assistant', content: first.content }, { role: 'user', content: [{ type: 'tool_result', tool_use_id: call.id, content: mark('result') }] }],
    });
    is(second.content[0].text, talk);
    const { json, path } = await seenOnce(mark('result'));
    if (isNative) is(json.messages.at(-1).content[0].tool_use_id, call.id);
    else if (path.endsWith('/chat/completions')) is(json.messages.at(-1).tool_call_id, call.id);
    else is(json.input.at(-1).call_id, call.id);
  });

  await check(at('tool calls streamed, in parallel'), async () => {
    const stream = client.messages.stream({ model: `${kind}-tools`, ...ask(), tools });
    let json = '';
    stream.on('inputJson', (piece) => (json += piece));
    const final = await stream.finalMessage();
    same(final.content.map((block) => [block.type, block.input]), [['tool_use', { city: 'Oslo' }], ['tool_use', { city: 'Rome' }]]);
    yes(final.content[0].id !== final.content[1].id);
    is(json.replaceAll(' ', ''), '{"city":"Oslo"}{"city":"Rome"}');
    is(final.stop_reason, 'tool_use');
  });

  await check(at('structured output'), async () => {
    const answer = await client.messages.parse({ model: `${kind}-json`, ...ask(mark('json')), output_config: { format: { type: 'json_schema', schema: person } } });
    same(JSON.parse(answer.content[0].text), { name: 'Ada', age: 36 });
    yes((await seenOnce(mark('json'))).body.includes('"integer"'));
  });

  await check(at('vision part'), async () => {
    await client.messages.create({ model: `${kind}-talk`, ...ask([{ type: 'text', text: mark('vision') }, { type: 'image', source: { type: 'base64', media_type: 'image/png', data: png } }]) });
    yes((await seenOnce(mark('vision'))).body.includes(png));
  });

  await check(at('thinking'), async () => {
    const thinking = { type: 'enabled', budget_tokens: 1024 };
    const answer = await client.messages.create({ model: `${kind}-think`, max_tokens: 2000, thinking, messages: ask(mark('think')).messages });
    same(answer.content.map((block) => block.type), ['thinking', 'text']);
    is(answer.content[0].thinking, 'Let me see.');
    is(answer.content[1].text, 'Done.');
    const stream = client.messages.stream({ model: `${kind}-think`, max_tokens: 2000, thinking, messages: ask().messages });
    let thought = '';
    stream.on('thinking', (piece) => (thought += piece));
    same((await stream.finalMessage()).content.map((block) => block.type), ['thinking', 'text']);
    is(thought, 'Let me see.');
    const { json } = await seenOnce(mark('think'));
    if (isNative) same(json.thinking, thinking);
    else yes(json.reasoning_effort || json.reasoning?.effort, JSON.stringify(json));
  });

  await check(at('count_tokens'), async () => {
    const few = await client.messages.countTokens({ model: `${kind}-talk`, messages: [{ role: 'user', content: 'one' }] });
    const many = await client.messages.countTokens({ model: `${kind}-talk`, system: 'Be kind.', tools, messages: [{ role: 'user', content: 'one two three four five six' }] });
    yes(few.input_tokens > 0 && many.input_tokens > few.input_tokens);
  });

  await check(at('output limit, stop sequence, refusal, filter results'), async () => {
    const short = await client.messages.create({ model: `${kind}-talk`, max_tokens: 2, stop_sequences: ['END'], messages: ask(mark('limit')).messages });
    same([short.content[0].text, short.stop_reason], ['Hello from', 'max_tokens']);
    is((await client.messages.stream({ model: `${kind}-talk`, max_tokens: 2, messages: ask().messages }).finalMessage()).stop_reason, 'max_tokens');
    yes((await seenOnce(mark('limit'))).body.includes('"END"'));
    is((await client.messages.create({ model: `${kind}-refusal`, ...ask() })).content[0].text, 'I will not.');
    is(await client.messages.stream({ model: `${kind}-filtered`, ...ask() }).finalText(), talk);
  });

  await check(at('beta messages'), async () => {
    const answer = await client.beta.messages.create({ model: `${kind}-talk`, ...ask(mark('beta')), betas: ['interleaved-thinking-2025-05-14'] });
    is(answer.content[0].text, talk);
    if (isNative) is((await seenOnce(mark('beta'))).headers['anthropic-beta'], 'interleaved-thinking-2025-05-14');
  });

  await check(at('runner of tools'), async () => {
    const runner = client.beta.messages.toolRunner({
      model: `runner-anthropic-${surface}-${kind}`.toLowerCase(), ...ask(),
      tools: [{ ...tools[0], type: 'custom', parse: (input) => input, run: ({ city }) => `sunny in ${city}` }],
    });
    // It would keep the conversation at the provider, in an account that all customers share; refused in words that it knows, it sends all of it.
    is((await runner).content[0].text, talk);
    const error = await thrown(() => client.beta.messages.create({ model: `${kind}-talk`, ...ask(), thread: { type: 'continue', previous_message_id: 'msg_1' } }));
    yes(error instanceof Anthropic.BadRequestError, String(error));
    is(error.error.error.details.error_code, 'thread_unsupported_request');
  });

  await check(at('models'), async () => {
    const ids = [];
    for await (const model of client.models.list()) ids.push(model.id);
    yes(ids.includes(`${kind}-talk`));
    is((await client.models.retrieve(`${kind}-talk`)).id, `${kind}-talk`);
  });

  await check(at('cut'), async () => {
    const error = await thrown(async () => {
      for await (const _ of await client.messages.create({ model: `${kind}-cut`, ...ask(), stream: true }));
    });
    yes(error instanceof Anthropic.APIError || error instanceof Anthropic.AnthropicError, String(error));
    yes((await thrown(() => client.messages.stream({ model: `${kind}-cut`, ...ask() }).finalMessage())) instanceof Anthropic.AnthropicError);
  });

  if (isNative) {
    await check(at('unknown fields'), async () => {
      const answer = await client.messages.create({ model: `${kind}-unknown`, ...ask(mark('unknown')), x_unknown: { deep: ['ü', null] } });
      is(answer.x_fake_text, 'unknown');
      yes((await seenOnce(mark('unknown'))).body.includes('"x_unknown":{"deep":["ü",null]}'));
    });
  }

  await check(at('errors'), async () => {
    const wrong = await thrown(() => surfaces[surface](wrongKey).messages.create({ model: `${kind}-talk`, ...ask() }));
    yes(wrong instanceof Anthropic.AuthenticationError, String(wrong));
    is(wrong.error.error.type, 'authentication_error');
    yes(wrong.requestID);
    const unknown = await thrown(() => client.messages.create({ model: 'no-such-model', ...ask() }));
    yes(unknown instanceof Anthropic.NotFoundError, String(unknown));
    is(unknown.error.error.type, 'not_found_error');
    for (const bad of [{ model: `${kind}-talk`, ...ask(), temperature: 3 }, { model: `${kind}-bad`, ...ask() }, { model: `${kind}-talk`, messages: ask().messages }]) {
      const error = await thrown(() => client.messages.create(bad));
      yes(error instanceof Anthropic.BadRequestError, String(error));
      is(error.error.error.type, 'invalid_request_error');
    }
    // another model would answer, at its own price
    const priceless = await thrown(() => client.beta.messages.create({ model: `${kind}-talk`, ...ask(), fallbacks: 'default' }));
    yes(priceless instanceof Anthropic.APIError && priceless.message.includes("'fallbacks'"), String(priceless));
  });
}

await messageChecks('apiKey', 'anthropic');
await messageChecks('apiKey', 'compat');
await messageChecks('Bearer', 'anthropic');
await messageChecks('Bearer', 'openai');

await check('Anthropic by apiKey: where the key stands', async () => {
  const sent = [];
  const fetched = (url, init) => {
    sent.push(new Headers(init.headers));
    return fetch(url, init);
  };
  await surfaces.apiKey(key, { fetch: fetched }).messages.create({ model: 'compat-talk', ...ask() });
  await new Anthropic({ baseURL: address, apiKey: null, authToken: null, defaultHeaders: { 'x-api-key': key, authorization: null }, maxRetries: 0, fetch: fetched }).messages.create({ model: 'compat-talk', ...ask() });
  yes(sent[0].get('authorization') === `Bearer ${key}` || sent[0].get('x-api-key') === key);
  is(sent[1].get('x-api-key'), key);
  is(sent[1].get('authorization'), null);
});

await check('Anthropic on embedded: message whole and streamed', async () => {
  const client = surfaces.apiKey();
  const whole = await client.messages.create({ model: 'clerk-1', max_tokens: 12, temperature: 0, messages: [{ role: 'user', content: 'What is a price book?' }] });
  const part = await client.messages.stream({ model: 'clerk-1', max_tokens: 12, temperature: 0, messages: [{ role: 'user', content: 'What is a price book?' }] }).finalMessage();
  yes(whole.content[0].text.length > 0);
  is(part.content[0].text, whole.content[0].text);
  is(part.stop_reason, whole.stop_reason);
  same([part.usage.input_tokens, part.usage.output_tokens], [whole.usage.input_tokens, whole.usage.output_tokens]);
});

for (const why of ['busy', 'overloaded']) {
  await check(`Anthropic on compat: ${why}, then served`, async () => {
    const mark = `mark${process.pid}-anthropic-${why}`;
    const { value, ms } = await timed(() => surfaces.apiKey(key, { maxRetries: 2 }).messages.create({ model: `${why}-anthropic`, ...ask(mark) }));
    is(value.content[0].text, talk);
    is((await seen(mark)).length, 2);
    yes(ms >= 950, `waited ${ms} ms`);
  });
}

await check('Anthropic on compat: rate limit', async () => {
  const error = await thrown(async () => {
    for (let i = 0; i < 3; i++) await surfaces.apiKey().messages.create({ model: 'limited-anthropic', ...ask() });
  });
  yes(error instanceof Anthropic.RateLimitError, String(error));
  is(error.error.error.type, 'rate_limit_error');
  yes(Number(error.headers.get('retry-after')) >= 1);
});
print();
