// Vercel's AI SDK: @ai-sdk/openai (responses by default, and .chat()) and @ai-sdk/azure (responses on …/openai/v1, and chat on the deployments' paths).
import { createAzure } from '@ai-sdk/azure';
import { createOpenAI } from '@ai-sdk/openai';
import { APICallError, embed, embedMany, generateText, Output, RetryError, stepCountIs, streamText, tool } from 'ai';
import { z } from 'zod';
import { address, check, is, key, png, print, same, seen, seenOnce, talk, thrown, timed, wrongKey, yes } from './checks.mjs';

const openai = (apiKey = key) => createOpenAI({ baseURL: `${address}/v1`, apiKey });
const azure = (apiKey = key) => createAzure({ baseURL: `${address}/openai/v1`, apiKey });
const classic = (apiKey = key) => createAzure({ baseURL: `${address}/openai`, useDeploymentBasedUrls: true, apiVersion: '2024-10-21', apiKey });
const surfaces = {
  'openai responses': (model, apiKey) => openai(apiKey)(model),
  'openai chat': (model, apiKey) => openai(apiKey).chat(model),
  'azure responses': (model, apiKey) => azure(apiKey)(model),
  'azure chat': (model, apiKey) => azure(apiKey).chat(model),
  'azure classic chat': (model, apiKey) => classic(apiKey).chat(model),
};
const common = { maxRetries: 0 };
const weather = { get_weather: tool({ description: 'The weather in a city.', inputSchema: z.object({ city: z.string() }), execute: ({ city }) => `sunny in ${city}` }) };
const Person = z.object({ name: z.string(), age: z.number() });

async function drained(result) {
  const gone = { text: '', reasoning: '', calls: [], errors: [], finish: null, usage: null };
  for await (const part of result.fullStream) {
    if (part.type === 'text-delta') gone.text += part.text;
    if (part.type === 'reasoning-delta') gone.reasoning += part.text;
    if (part.type === 'tool-call') gone.calls.push(part);
    if (part.type === 'error') gone.errors.push(part.error);
    if (part.type === 'finish') [gone.finish, gone.usage] = [part.finishReason, part.totalUsage];
  }
  return gone;
}

async function chatChecks(surface, kind) {
  const model = surfaces[surface];
  const at = (feature) => `${surface} on ${kind}: ${feature}`;
  const mark = (feature) => `mark${process.pid}-${surface.replaceAll(' ', '')}-${kind}-${feature}`;

  await check(at('chat whole'), async () => {
    const answer = await generateText({ ...common, model: model(`${kind}-talk`), prompt: 'Say hello.' });
    is(answer.text, talk);
    is(answer.finishReason, 'stop');
    same([answer.usage.inputTokens, answer.usage.outputTokens], [10, 5]);
  });

  await check(at('chat streamed'), async () => {
    const answer = await drained(streamText({ ...common, model: model(`${kind}-talk`), prompt: 'Say hello.' }));
    same(answer.errors, []);
    is(answer.text, talk);
    is(answer.finish, 'stop');
    same([answer.usage.inputTokens, answer.usage.outputTokens], [10, 5]);
  });

  await check(at('tool call and its answer'), async () => {
    const answer = await generateText({
      ...common, model: model(`${kind}-tools`), prompt: mark('tool'), tools: weather, stopWhen: stepCountIs(2),
      prepareStep: ({ stepNumber }) => ({ model: model(stepNumber === 0 ? `${kind}-tools` : `${kind}-talk`) }),
    });
    is(answer.text, talk);
    is(answer.steps.length, 2);
    same(answer.steps[0].toolCalls.map((call) => call.input.city), ['Oslo', 'Rome']);
    const [first, second] = await seen(mark('tool'));
    yes(first && second.body.includes('sunny in Oslo') && second.body.includes('sunny in Rome'));
  });

  await check(at('tool calls streamed, in parallel'), async () => {
    const answer = await drained(streamText({ ...common, model: model(`${kind}-tools`), prompt: 'The weather?', tools: weather }));
    same(answer.errors, []);
    same(answer.calls.map((call) => [call.toolName, call.input.city]), [['get_weather', 'Oslo'], ['get_weather', 'Rome']]);
    is(answer.finish, 'tool-calls');
  });

  await check(at('structured output'), async () => {
    const answer = await generateText({ ...common, model: model(`${kind}-json`), prompt: mark('json'), output: Output.object({ schema: Person }) });
    same(answer.output, { name: 'Ada', age: 36 });
    yes((await seenOnce(mark('json'))).body.includes('"schema"'));
  });

  await check(at('vision part'), async () => {
    await generateText({ ...common, model: model(`${kind}-talk`), messages: [{ role: 'user', content: [{ type: 'text', text: mark('vision') }, { type: 'image', image: png, mediaType: 'image/png' }] }] });
    yes((await seenOnce(mark('vision'))).body.includes(png));
  });

  await check(at('cut'), async () => {
    const answer = await drained(streamText({ ...common, model: model(`${kind}-cut`), prompt: 'Say hello.', onError: () => {} })).catch((error) => ({ errors: [error], finish: null }));
    yes(answer.errors.length > 0 || answer.finish === 'error', JSON.stringify(answer));
  });

  if (surface.includes('responses')) {
    await check(at('reasoning'), async () => {
      const providerOptions = { openai: { reasoningEffort: 'low', reasoningSummary: 'auto', forceReasoning: true, store: false } };
      const answer = await generateText({ ...common, model: model(`${kind}-think`), prompt: mark('think'), providerOptions });
      is(answer.text, 'Done.');
      is(answer.reasoningText, 'Let me see.');
      const part = await drained(streamText({ ...common, model: model(`${kind}-think`), prompt: 'Think.', providerOptions }));
      is(part.reasoning, 'Let me see.');
      yes((await seenOnce(mark('think'))).body.includes('"low"'));
    });
  }
}

for (const [surface, kinds] of Object.entries({
  'openai responses': ['openai', 'compat', 'anthropic'], 'openai chat': ['compat', 'openai', 'anthropic'], 'azure responses': ['azurev1', 'compat'],
  'azure chat': ['azurev1'], 'azure classic chat': ['azure', 'compat'],
})) {
  for (const kind of kinds) await chatChecks(surface, kind);
}

for (const surface of Object.keys(surfaces)) {
  await check(`${surface}: errors`, async () => {
    const [wrong, unknown, bad] = [
      await thrown(() => generateText({ ...common, model: surfaces[surface]('compat-talk', wrongKey), prompt: 'Say hello.' })),
      await thrown(() => generateText({ ...common, model: surfaces[surface]('no-such-model'), prompt: 'Say hello.' })),
      await thrown(() => generateText({ ...common, model: surfaces[surface]('compat-bad'), prompt: 'Say hello.' })),
    ];
    yes([wrong, unknown, bad].every((error) => APICallError.isInstance(error)), [wrong, unknown, bad].join('; '));
    same([wrong.statusCode, unknown.statusCode, bad.statusCode], [401, 404, 400]);
    same([wrong.isRetryable, unknown.isRetryable, bad.isRetryable], [false, false, false]);
  });
}

for (const why of ['busy', 'overloaded']) {
  await check(`openai chat on compat: ${why}, then served`, async () => {
    const mark = `mark${process.pid}-ai-${why}`;
    const { value, ms } = await timed(() => generateText({ maxRetries: 2, model: openai().chat(`${why}-ai`), prompt: mark }));
    is(value.text, talk);
    is((await seen(mark)).length, 2);
    yes(ms >= 950, `waited ${ms} ms`);
  });
}

await check('openai chat on compat: rate limit', async () => {
  const once = () => generateText({ maxRetries: 0, model: openai().chat('limited-ai'), prompt: 'Say hello.' });
  const error = await thrown(async () => {
    for (let i = 0; i < 3; i++) await once();
  });
  yes(APICallError.isInstance(error) || RetryError.isInstance(error), String(error));
  is(error.statusCode, 429);
  is(error.isRetryable, true);
});

for (const [name, model, length] of [
  ['openai on compat', openai().textEmbeddingModel('compat-embed'), 8], ['openai on embedded', openai().textEmbeddingModel('use-lite'), 512],
  ['azure on azurev1', azure().textEmbeddingModel('azurev1-embed'), 8], ['azure classic on azure', classic().textEmbeddingModel('azure-embed'), 8],
]) {
  await check(`${name}: embeddings`, async () => {
    const { embeddings } = await embedMany({ ...common, model, values: ['one', 'two', 'three'] });
    is(embeddings.length, 3);
    is(embeddings[0].length, length);
    same((await embed({ ...common, model, value: 'two' })).embedding, embeddings[1]);
  });
}
print();
