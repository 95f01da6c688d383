// The openai package's classes against every kind of upstream: OpenAI (…/v1), OpenAI on Azure's v1 paths (…/openai/v1), AzureOpenAI (classic paths).
import OpenAI, { AzureOpenAI } from 'openai';
import { zodResponseFormat, zodTextFormat } from 'openai/helpers/zod';
import { z } from 'zod';
import { address, check, cityParameters, is, key, person, png, print, same, seen, seenOnce, talk, thrown, timed, wrongKey, yes } from './checks.mjs';

const ask = (text = 'Say hello.') => [{ role: 'user', content: text }];
const tools = [{ type: 'function', function: { name: 'get_weather', description: 'The weather in a city.', parameters: cityParameters, strict: true } }];
const responseTools = [{ type: 'function', name: 'get_weather', description: 'The weather in a city.', parameters: cityParameters, strict: true }];
const Person = z.object({ name: z.string(), age: z.number().int() });

const make = {
  OpenAI: (apiKey = key, more = {}) => new OpenAI({ baseURL: `${address}/v1`, apiKey, maxRetries: 0, timeout: 20_000, ...more }),
  OpenAIOnAzure: (apiKey = key, more = {}) => new OpenAI({ baseURL: `${address}/openai/v1`, apiKey, maxRetries: 0, timeout: 20_000, ...more }),
  AzureOpenAI: (apiKey = key, more = {}) => new AzureOpenAI({ endpoint: address, apiVersion: '2024-10-21', apiKey, maxRetries: 0, timeout: 20_000, ...more }),
};

async function streamed(client, body) {
  const gone = { text: '', reasoning: '', finish: null, usage: null, calls: [], chunks: [] };
  for await (const chunk of await client.chat.completions.create({ ...body, stream: true })) {
    gone.chunks.push(chunk);
    const choice = chunk.choices?.[0];
    gone.text += choice?.delta?.content ?? '';
    gone.reasoning += choice?.delta?.reasoning_content ?? '';
    gone.finish = choice?.finish_reason ?? gone.finish;
    gone.usage = chunk.usage ?? gone.usage;
    for (const call of choice?.delta?.tool_calls ?? []) {
      const known = (gone.calls[call.index] ??= { id: '', name: '', arguments: '' });
      known.id += call.id ?? '';
      known.name += call.function?.name ?? '';
      known.arguments += call.function?.arguments ?? '';
    }
  }
  return gone;
}

async function chatChecks(surface, client, kind) {
  const at = (feature) => `${surface} on ${kind}: ${feature}`;
  const mark = (feature) => `mark${process.pid}-${surface}-${kind}-${feature}`;
  const isNative = kind !== 'anthropic';

  await check(at('chat whole'), async () => {
    const answer = await client.chat.completions.create({ model: `${kind}-talk`, messages: ask() });
    is(answer.choices[0].message.content, talk);
    is(answer.choices[0].message.role, 'assistant');
    is(answer.choices[0].finish_reason, 'stop');
    is(answer.usage.prompt_tokens, 10);
    is(answer.usage.completion_tokens, 5);
    is(answer.usage.total_tokens, 15);
    yes(answer._request_id);
  });

  await check(at('chat streamed'), async () => {
    const plain = await streamed(client, { model: `${kind}-talk`, messages: ask() });
    is(plain.text, talk);
    is(plain.finish, 'stop');
    is(plain.usage, null);
    yes(plain.chunks.length > 5);
    const asked = await streamed(client, { model: `${kind}-talk`, messages: ask(), stream_options: { include_usage: true } });
    is(asked.text, talk);
    is(asked.usage.total_tokens, 15);
  });

  await check(at('chat stream helper'), async () => {
    const stream = client.chat.completions.stream({ model: `${kind}-talk`, messages: ask(), stream_options: { include_usage: true } });
    is(await stream.finalContent(), talk);
    is((await stream.totalUsage()).total_tokens, 15);
  });

  await check(at('tool call and its answer'), async () => {
    const first = await client.chat.completions.create({ model: `${kind}-tool`, messages: ask(), tools });
    const message = first.choices[0].message;
    is(first.choices[0].finish_reason, 'tool_calls');
    is(message.tool_calls.length, 1);
    is(message.tool_calls[0].type, 'function');
    is(message.tool_calls[0].function.name, 'get_weather');
    same(JSON.parse(message.tool_calls[0].function.arguments), { city: 'Oslo' });
    const second = await client.chat.completions.create({
      model: `${kind}-talk`, tools, messages: [...ask(), message, { role: 'tool', tool_call_id: message.tool_calls[0].id, content: mark('tool-result') }],
    });
    is(second.choices[0].message.content, talk);
    const { json } = await seenOnce(mark('tool-result'));
    const id = message.tool_calls[0].id;
    if (isNative) {
      is(json.messages.at(-1).tool_call_id, id);
      is(json.messages.at(-2).tool_calls[0].id, id);
    } else {
      is(json.messages.at(-1).content[0].tool_use_id, id);
      is(json.messages.at(-2).content.at(-1).id, id);
      same(json.tools[0].input_schema, cityParameters);
    }
  });

  await check(at('tool calls streamed, in parallel'), async () => {
    const answer = await streamed(client, { model: `${kind}-tools`, messages: ask(), tools });
    is(answer.finish, 'tool_calls');
    same(answer.calls.map((call) => [call.name, JSON.parse(call.arguments)]), [['get_weather', { city: 'Oslo' }], ['get_weather', { city: 'Rome' }]]);
    yes(answer.calls[0].id && answer.calls[0].id !== answer.calls[1].id);
  });

  await check(at('tool calls in parallel'), async () => {
    const answer = await client.chat.completions.create({ model: `${kind}-tools`, messages: ask(mark('parallel')), tools, tool_choice: 'required', parallel_tool_calls: false });
    is(answer.choices[0].message.tool_calls.length, 2);
    const { json } = await seenOnce(mark('parallel'));
    if (isNative) {
      is(json.tool_choice, 'required');
      is(json.parallel_tool_calls, false);
    } else {
      is(json.tool_choice.type, 'any');
      is(json.tool_choice.disable_parallel_tool_use, true);
    }
  });

  await check(at('structured output'), async () => {
    const answer = await client.chat.completions.parse({ model: `${kind}-json`, messages: ask(mark('json')), response_format: zodResponseFormat(Person, 'person') });
    same(answer.choices[0].message.parsed, { name: 'Ada', age: 36 });
    const { json } = await seenOnce(mark('json'));
    if (isNative) is(json.response_format.json_schema.schema.properties.age.type, 'integer');
    else is((json.output_config?.format ?? json.output_format).schema.properties.age.type, 'integer');
  });

  await check(at('vision part'), async () => {
    const url = `data:image/png;base64,${png}`;
    await client.chat.completions.create({ model: `${kind}-talk`, messages: [{ role: 'user', content: [{ type: 'text', text: mark('vision') }, { type: 'image_url', image_url: { url, detail: 'low' } }] }] });
    const { json } = await seenOnce(mark('vision'));
    if (isNative) same(json.messages[0].content[1], { type: 'image_url', image_url: { url, detail: 'low' } });
    else same(json.messages[0].content[1], { type: 'image', source: { type: 'base64', media_type: 'image/png', data: png } });
  });

  await check(at('reasoning'), async () => {
    const whole = await client.chat.completions.create({ model: `${kind}-think`, messages: ask(mark('think')), reasoning_effort: 'low' });
    is(whole.choices[0].message.content, 'Done.');
    is(whole.choices[0].message.reasoning_content, 'Let me see.');
    const part = await streamed(client, { model: `${kind}-think`, messages: ask(), reasoning_effort: 'low' });
    is(part.reasoning, 'Let me see.');
    is(part.text, 'Done.');
    const { json } = await seenOnce(mark('think'));
    if (isNative) is(json.reasoning_effort, 'low');
    else yes(json.thinking || json.output_config?.effort);
  });

  await check(at('output limit'), async () => {
    const whole = await client.chat.completions.create({ model: `${kind}-talk`, messages: ask(mark('limit')), max_completion_tokens: 2, stop: ['END'] });
    is(whole.choices[0].message.content, 'Hello from');
    is(whole.choices[0].finish_reason, 'length');
    const part = await streamed(client, { model: `${kind}-talk`, messages: ask(), max_tokens: 2 });
    same([part.text, part.finish], ['Hello from', 'length']);
    const { json } = await seenOnce(mark('limit'));
    same(json.stop ?? json.stop_sequences, ['END']);
  });

  await check(at('refusal'), async () => {
    const whole = await client.chat.completions.create({ model: `${kind}-refusal`, messages: ask() });
    is(whole.choices[0].message.refusal ?? whole.choices[0].message.content, 'I will not.');
    const stream = client.chat.completions.stream({ model: `${kind}-refusal`, messages: ask() });
    const { message } = (await stream.finalChatCompletion()).choices[0];
    is(message.refusal ?? message.content, 'I will not.');
    if (isNative) is(message.refusal, 'I will not.');
  });

  await check(at("Azure's filter results"), async () => {
    const whole = await client.chat.completions.create({ model: `${kind}-filtered`, messages: ask() });
    is(whole.choices[0].message.content, talk);
    const stream = client.chat.completions.stream({ model: `${kind}-filtered`, messages: ask() });
    is(await stream.finalContent(), talk);
    if (isNative) {
      yes(whole.prompt_filter_results && whole.choices[0].content_filter_results);
      yes((await streamed(client, { model: `${kind}-filtered`, messages: ask() })).chunks.some((chunk) => chunk.prompt_filter_results));
    }
  });

  if (isNative) {
    await check(at('n and logprobs'), async () => {
      const answer = await client.chat.completions.create({ model: `${kind}-talk`, messages: ask(), n: 3, logprobs: true, top_logprobs: 2 });
      is(answer.choices.length, 3);
      same(answer.choices.map((choice) => choice.index), [0, 1, 2]);
      is(answer.choices[2].message.content, `${talk} (2)`);
      is(answer.choices[0].logprobs.content.map((one) => one.token).join(''), `${talk} (0)`);
      is(answer.choices[0].logprobs.content[0].top_logprobs.length, 2);
      const texts = ['', ''];
      for await (const chunk of await client.chat.completions.create({ model: `${kind}-talk`, messages: ask(), n: 2, logprobs: true, stream: true })) {
        for (const choice of chunk.choices) texts[choice.index] += (choice.logprobs?.content ?? []).map((one) => one.token).join('');
      }
      same(texts, [`${talk} (0)`, `${talk} (1)`]);
    });

    await check(at('unknown fields'), async () => {
      const answer = await client.chat.completions.create({
        model: `${kind}-unknown`, messages: [{ role: 'user', content: mark('unknown'), x_of_message: { deep: [1.50, null] } }], x_unknown: { 'a "b"': [1e2, 'ü\u2028😀'] },
      });
      same(answer.x_fake, { list: [1, null, 'two'], flag: true });
      same(answer.choices[0].message.x_fake_text, 'unknown');
      const part = await streamed(client, { model: `${kind}-unknown`, messages: ask() });
      yes(part.chunks.every((chunk) => chunk.x_fake_text === 'unknown'));
      const { json, body } = await seenOnce(mark('unknown'));
      same(json.x_unknown, { 'a "b"': [100, 'ü\u2028😀'] });
      same(json.messages[0].x_of_message, { deep: [1.5, null] });
      // byte for byte: what this client's own JSON.stringify makes
      yes(body.includes(JSON.stringify({ x_unknown: { 'a "b"': [1e2, 'ü\u2028😀'] } }).slice(1, -1)), body);
    });
  }
}

async function responseChecks(surface, client, kind) {
  const at = (feature) => `${surface} on ${kind}: responses ${feature}`;
  const mark = (feature) => `mark${process.pid}-${surface}-${kind}-responses-${feature}`;
  const isNative = kind === 'openai' || kind.startsWith('azure');

  await check(at('whole'), async () => {
    const answer = await client.responses.create({ model: `${kind}-talk`, instructions: 'Be kind.', input: mark('whole') });
    is(answer.output_text, talk);
    is(answer.status, 'completed');
    is(answer.object, 'response');
    is(answer.usage.total_tokens, 15);
    const { path, json } = await seenOnce(mark('whole'));
    if (isNative) {
      yes(path.endsWith('/responses'), path);
      is(json.input, mark('whole'));
    } else {
      same(json[kind === 'anthropic' ? 'system' : 'messages'].length > 0, true);
    }
  });

  await check(at('streamed'), async () => {
    const types = [];
    let [text, last, final] = ['', -1, null];
    for await (const event of await client.responses.create({ model: `${kind}-talk`, input: 'Say hello.', stream: true })) {
      types.push(event.type);
      is(event.sequence_number, last + 1);
      last = event.sequence_number;
      if (event.type === 'response.output_text.delta') text += event.delta;
      if (event.type === 'response.completed') final = event.response;
    }
    is(text, talk);
    is(types[0], 'response.created');
    is(types.at(-1), 'response.completed');
    for (const type of ['response.output_item.added', 'response.content_part.added', 'response.output_text.done', 'response.content_part.done', 'response.output_item.done']) {
      yes(types.includes(type), type);
    }
    is(final.usage.total_tokens, 15);
    is(final.output[0].content[0].text, talk);
  });

  await check(at('stream helper'), async () => {
    const stream = client.responses.stream({ model: `${kind}-talk`, input: 'Say hello.' });
    is((await stream.finalResponse()).output_text, talk);
  });

  await check(at('function call and its output'), async () => {
    const first = await client.responses.create({ model: `${kind}-tool`, input: 'The weather?', tools: responseTools, store: false });
    const call = first.output.find((item) => item.type === 'function_call');
    is(call.name, 'get_weather');
    same(JSON.parse(call.arguments), { city: 'Oslo' });
    const second = await client.responses.create({
      model: `${kind}-talk`, tools: responseTools, store: false,
      input: [{ role: 'user', content: 'The weather?' }, ...first.output, { type: 'function_call_output', call_id: call.call_id, output: mark('result') }],
    });
    is(second.output_text, talk);
    const { json } = await seenOnce(mark('result'));
    if (isNative) is(json.input.at(-1).call_id, call.call_id);
    else if (kind === 'compat') is(json.messages.at(-1).tool_call_id, call.call_id);
    else is(json.messages.at(-1).content[0].tool_use_id, call.call_id);
  });

  await check(at('function calls streamed'), async () => {
    const calls = {};
    for await (const event of await client.responses.create({ model: `${kind}-tools`, input: 'The weather?', tools: responseTools, stream: true })) {
      if (event.type === 'response.function_call_arguments.delta') calls[event.item_id] = (calls[event.item_id] ?? '') + event.delta;
      if (event.type === 'response.output_item.done' && event.item.type === 'function_call') is(event.item.arguments, calls[event.item.id]);
    }
    same(Object.values(calls).map((text) => JSON.parse(text)), [{ city: 'Oslo' }, { city: 'Rome' }]);
  });

  await check(at('structured output'), async () => {
    const answer = await client.responses.parse({ model: `${kind}-json`, input: mark('json'), text: { format: zodTextFormat(Person, 'person') } });
    same(answer.output_parsed, { name: 'Ada', age: 36 });
    const { body } = await seenOnce(mark('json'));
    yes(body.includes('"integer"'));
  });

  await check(at('reasoning'), async () => {
    const answer = await client.responses.create({ model: `${kind}-think`, input: mark('think'), reasoning: { effort: 'low', summary: 'auto' } });
    is(answer.output_text, 'Done.');
    yes(JSON.stringify(answer.output.find((item) => item.type === 'reasoning')).includes('Let me see.'));
    const { json } = await seenOnce(mark('think'));
    if (isNative) is(json.reasoning.effort, 'low');
    else if (kind === 'compat') is(json.reasoning_effort, 'low');
    else yes(json.thinking || json.output_config?.effort);
  });

  await check(at('vision part'), async () => {
    const url = `data:image/png;base64,${png}`;
    await client.responses.create({ model: `${kind}-talk`, input: [{ role: 'user', content: [{ type: 'input_text', text: mark('vision') }, { type: 'input_image', image_url: url, detail: 'auto' }] }] });
    yes((await seenOnce(mark('vision'))).body.includes(png));
  });

  await check(at('output limit'), async () => {
    const whole = await client.responses.create({ model: `${kind}-talk`, input: 'Say hello.', max_output_tokens: 2 });
    same([whole.output_text, whole.status, whole.incomplete_details.reason], ['Hello from', 'incomplete', 'max_output_tokens']);
    let last = null;
    for await (const event of await client.responses.create({ model: `${kind}-talk`, input: 'Say hello.', max_output_tokens: 2, stream: true })) last = event;
    is(last.type, 'response.incomplete');
    is(last.response.incomplete_details.reason, 'max_output_tokens');
  });

  await check(at('refusal and filter results'), async () => {
    const refused = await client.responses.create({ model: `${kind}-refusal`, input: 'Say hello.' });
    const part = refused.output.find((item) => item.type === 'message').content[0];
    is(part.refusal ?? part.text, 'I will not.');
    if (kind !== 'anthropic') is(part.type, 'refusal');
    is((await client.responses.stream({ model: `${kind}-refusal`, input: 'Say hello.' }).finalResponse()).output[0].content[0].type, part.type);
    is((await client.responses.stream({ model: `${kind}-filtered`, input: 'Say hello.' }).finalResponse()).output_text, talk);
  });

  if (kind !== 'anthropic') {
    await check(at('logprobs'), async () => {
      const body = { model: `${kind}-talk`, input: 'Say hello.', include: ['message.output_text.logprobs'], top_logprobs: 2 };
      const { logprobs } = (await client.responses.create(body)).output[0].content[0];
      is(logprobs.map((one) => one.token).join(''), talk);
      is(logprobs[0].top_logprobs.length, 2);
      let tokens = '';
      for await (const event of await client.responses.create({ ...body, stream: true })) {
        if (event.type === 'response.output_text.delta') tokens += event.logprobs.map((one) => one.token).join('');
      }
      is(tokens, talk);
    });
  }

  await check(at('cut'), async () => {
    const error = await thrown(async () => {
      for await (const _ of await client.responses.create({ model: `${kind}-cut`, input: 'Say hello.', stream: true }));
    });
    yes(error instanceof Error);
  });
}

async function sharedChecks(surface, makeOne, kind, library) {
  const at = (feature) => `${surface} on ${kind}: ${feature}`;
  const client = makeOne();

  await check(at('embeddings'), async () => {
    const packed = await client.embeddings.create({ model: `${kind}-embed`, input: ['one', 'two'] });
    const plain = await client.embeddings.create({ model: `${kind}-embed`, input: ['one', 'two'], encoding_format: 'float' });
    is(packed.data.length, 2);
    is(packed.data[1].index, 1);
    is(packed.data[0].embedding.length, 8);
    packed.data.forEach((item, index) => item.embedding.forEach((number, place) => yes(Math.abs(number - plain.data[index].embedding[place]) < 1e-6)));
    yes(Math.abs(packed.data[0].embedding.reduce((sum, number) => sum + number * number, 0) - 1) < 1e-5);
    const short = await client.embeddings.create({ model: `${kind}-embed`, input: 'one', dimensions: 4 });
    is(short.data[0].embedding.length, 4);
    is(packed.usage.prompt_tokens, 10);
  });

  await check(at('completions'), async () => {
    const whole = await client.completions.create({ model: `${kind}-talk`, prompt: 'Once' });
    is(whole.choices[0].text, talk);
    is(whole.object, 'text_completion');
    let text = '';
    for await (const chunk of await client.completions.create({ model: `${kind}-talk`, prompt: 'Once', stream: true })) text += chunk.choices[0]?.text ?? '';
    is(text, talk);
    const several = await client.completions.create({ model: `${kind}-talk`, prompt: ['Once', 'Twice'], n: 2, logprobs: 1, max_tokens: 3 });
    is(several.choices.length, 4);
    is(several.choices[3].logprobs.tokens.length, 3);
    is(several.choices[3].finish_reason, 'length');
  });

  await check(at('completions of an upstream that has none'), async () => {
    is((await client.completions.create({ model: 'anthropic-talk', prompt: 'Once' })).choices[0].text, talk);
    let [text, finish] = ['', null];
    for await (const chunk of await client.completions.create({ model: 'anthropic-talk', prompt: 'Once', stream: true, max_tokens: 2 })) {
      text += chunk.choices[0]?.text ?? '';
      finish = chunk.choices[0]?.finish_reason ?? finish;
    }
    same([text, finish], ['Hello from', 'length']);
  });

  await check(at('runner of tools'), async () => {
    const runner = client.chat.completions.runTools({
      model: `runner-${library}`, messages: ask(), stream: true,
      tools: [{ type: 'function', function: { name: 'get_weather', parameters: cityParameters, parse: JSON.parse, function: ({ city }) => `sunny in ${city}` } }],
    });
    is(await runner.finalContent(), talk);
  });

  await check(at('wrong key'), async () => {
    const error = await thrown(() => makeOne(wrongKey).chat.completions.create({ model: `${kind}-talk`, messages: ask() }));
    yes(error instanceof OpenAI.AuthenticationError, String(error));
    is(error.status, 401);
    yes(!error.message.includes(wrongKey));
  });

  await check(at('unknown model'), async () => {
    const error = await thrown(() => client.chat.completions.create({ model: 'no-such-model', messages: ask() }));
    yes(error instanceof OpenAI.NotFoundError, String(error));
    is(error.code, surface === 'OpenAI' ? 'model_not_found' : 'DeploymentNotFound');
  });

  await check(at('bad request'), async () => {
    const own = await thrown(() => client.chat.completions.create({ model: `${kind}-talk`, messages: ask(), temperature: 3 }));
    yes(own instanceof OpenAI.BadRequestError, String(own));
    is(own.param, 'temperature');
    const upstreams = await thrown(() => client.chat.completions.create({ model: `${kind}-bad`, messages: ask() }));
    yes(upstreams instanceof OpenAI.BadRequestError, String(upstreams));
    is(upstreams.param, 'messages');
  });

  await check(at('cut'), async () => {
    let text = '';
    const error = await thrown(async () => {
      for await (const chunk of await client.chat.completions.create({ model: `${kind}-cut`, messages: ask(), stream: true })) text += chunk.choices[0]?.delta?.content ?? '';
    });
    yes(error instanceof OpenAI.APIError, String(error));
    yes(text.startsWith('word1'), text);
  });

  for (const why of ['busy', 'overloaded']) {
    await check(at(`${why}, then served`), async () => {
      const mark = `mark${process.pid}-${surface}-${why}`;
      const { value, ms } = await timed(() => makeOne(key, { maxRetries: 2 }).chat.completions.create({ model: `${why}-${library}`, messages: ask(mark) }));
      is(value.choices[0].message.content, talk);
      yes(ms >= 950, `waited ${ms} ms`);
      is((await seen(mark)).length, 2);
    });
  }

  await check(at('rate limit'), async () => {
    await client.chat.completions.create({ model: `limited-${library}`, messages: ask() }).catch(() => null);
    const error = await thrown(async () => {
      for (let i = 0; i < 2; i++) await client.chat.completions.create({ model: `limited-${library}`, messages: ask() }); // a minute may end in between
    });
    yes(error instanceof OpenAI.RateLimitError, String(error));
    yes(Number(error.headers.get('retry-after')) >= 1);
    yes(Number(error.headers.get('retry-after-ms')) >= 1);
  });

  await check(at('models'), async () => {
    const ids = [];
    for await (const model of client.models.list()) ids.push(model.id);
    yes(ids.includes(`${kind}-talk`) && ids.includes('clerk-1'));
    if (surface !== 'AzureOpenAI') is((await client.models.retrieve(`${kind}-talk`)).id, `${kind}-talk`);
  });
}

async function embeddedChecks(surface, client) {
  await check(`${surface} on embedded: chat and embeddings`, async () => {
    const messages = ask('What is a price book?');
    const whole = await client.chat.completions.create({ model: 'clerk-1', messages, temperature: 0, max_completion_tokens: 12 });
    const part = await streamed(client, { model: 'clerk-1', messages, temperature: 0, max_completion_tokens: 12, stream_options: { include_usage: true } });
    yes(whole.choices[0].message.content.length > 0);
    is(part.text, whole.choices[0].message.content);
    same(part.usage, whole.usage);
    const [packed, plain] = [await client.embeddings.create({ model: 'use-lite', input: 'bill' }), await client.embeddings.create({ model: 'use-lite', input: 'bill', encoding_format: 'float' })];
    is(packed.data[0].embedding.length, 512);
    packed.data[0].embedding.forEach((number, place) => yes(Math.abs(number - plain.data[0].embedding[place]) < 1e-6));
  });
}

const surfaces = { OpenAI: ['compat', 'openai', 'anthropic'], AzureOpenAI: ['azure', 'compat'], OpenAIOnAzure: ['azurev1', 'compat'] };
for (const [surface, kinds] of Object.entries(surfaces)) {
  for (const kind of kinds) await chatChecks(surface, make[surface](), kind);
  for (const kind of surface === 'OpenAIOnAzure' ? ['azurev1'] : kinds) await responseChecks(surface, make[surface](), kind);
  await embeddedChecks(surface, make[surface]());
}
await sharedChecks('OpenAI', make.OpenAI, 'compat', 'openai');
await sharedChecks('AzureOpenAI', make.AzureOpenAI, 'azure', 'azure');
print();
