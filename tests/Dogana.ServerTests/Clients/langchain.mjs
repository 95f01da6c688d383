// LangChain's ChatOpenAI (chat completions and responses), AzureChatOpenAI and both OpenAIEmbeddings.
import { AzureChatOpenAI, AzureOpenAIEmbeddings, ChatOpenAI, OpenAIEmbeddings } from '@langchain/openai';
import { AIMessageChunk, HumanMessage, ToolMessage } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import { z } from 'zod';
import { address, check, is, key, png, print, same, seen, seenOnce, talk, thrown, timed, wrongKey, yes } from './checks.mjs';

const azure = { azureOpenAIEndpoint: address, azureOpenAIApiVersion: '2024-10-21' };
const surfaces = {
  ChatOpenAI: (model, more = {}) => new ChatOpenAI({ model, apiKey: key, configuration: { baseURL: `${address}/v1` }, maxRetries: 0, ...more }),
  'ChatOpenAI by responses': (model, more = {}) => new ChatOpenAI({ model, apiKey: key, configuration: { baseURL: `${address}/v1` }, maxRetries: 0, useResponsesApi: true, ...more }),
  AzureChatOpenAI: (model, { apiKey = key, ...more } = {}) =>
    new AzureChatOpenAI({ ...azure, azureOpenAIApiKey: apiKey, azureOpenAIApiDeploymentName: model, model, maxRetries: 0, ...more }),
};
const Person = z.object({ name: z.string(), age: z.number() });
const weather = tool(({ city }) => `sunny in ${city}`, { name: 'get_weather', description: 'The weather in a city.', schema: z.object({ city: z.string() }) });

async function chatChecks(surface, make, kind) {
  const at = (feature) => `${surface} on ${kind}: ${feature}`;
  const mark = (feature) => `mark${process.pid}-${surface.replaceAll(' ', '')}-${kind}-${feature}`;

  await check(at('chat whole'), async () => {
    const answer = await make(`${kind}-talk`).invoke('Say hello.');
    is(answer.text, talk);
    same([answer.usage_metadata.input_tokens, answer.usage_metadata.output_tokens, answer.usage_metadata.total_tokens], [10, 5, 15]);
  });

  await check(at('chat streamed'), async () => {
    let all = null;
    let pieces = 0;
    for await (const chunk of await make(`${kind}-talk`).stream('Say hello.')) {
      pieces++;
      all = all === null ? chunk : all.concat(chunk);
    }
    is(all.text, talk);
    yes(all instanceof AIMessageChunk && pieces > 5);
    is(all.usage_metadata.total_tokens, 15);
  });

  await check(at('tool call and its answer'), async () => {
    const first = await make(`${kind}-tool`).bindTools([weather]).invoke('The weather?');
    is(first.tool_calls.length, 1);
    same(first.tool_calls[0].args, { city: 'Oslo' });
    const result = await weather.invoke(first.tool_calls[0]);
    yes(result instanceof ToolMessage);
    const second = await make(`${kind}-talk`).bindTools([weather]).invoke([new HumanMessage(mark('tool')), first, result]);
    is(second.text, talk);
    yes((await seenOnce(mark('tool'))).body.includes('sunny in Oslo'));
  });

  await check(at('tool calls streamed, in parallel'), async () => {
    let all = null;
    for await (const chunk of await make(`${kind}-tools`).bindTools([weather]).stream('The weather?')) all = all === null ? chunk : all.concat(chunk);
    same(all.tool_calls.map((call) => [call.name, call.args]), [['get_weather', { city: 'Oslo' }], ['get_weather', { city: 'Rome' }]]);
    yes(all.tool_calls[0].id !== all.tool_calls[1].id);
  });

  await check(at('structured output'), async () => {
    same(await make(`${kind}-json`).withStructuredOutput(Person, { name: 'person', method: 'jsonSchema' }).invoke(mark('json')), { name: 'Ada', age: 36 });
    yes((await seenOnce(mark('json'))).body.includes('"schema"'));
  });

  await check(at('vision part'), async () => {
    await make(`${kind}-talk`).invoke([new HumanMessage({ content: [{ type: 'text', text: mark('vision') }, { type: 'image_url', image_url: { url: `data:image/png;base64,${png}` } }] })]);
    yes((await seenOnce(mark('vision'))).body.includes(png));
  });

  await check(at('cut'), async () => {
    const error = await thrown(async () => {
      for await (const _ of await make(`${kind}-cut`).stream('Say hello.'));
    });
    yes(error instanceof Error);
  });
}

await chatChecks('ChatOpenAI', surfaces.ChatOpenAI, 'compat');
await chatChecks('ChatOpenAI', surfaces.ChatOpenAI, 'openai');
await chatChecks('ChatOpenAI', surfaces.ChatOpenAI, 'anthropic');
await chatChecks('ChatOpenAI by responses', surfaces['ChatOpenAI by responses'], 'openai');
await chatChecks('ChatOpenAI by responses', surfaces['ChatOpenAI by responses'], 'compat');
await chatChecks('ChatOpenAI by responses', surfaces['ChatOpenAI by responses'], 'anthropic');
await chatChecks('AzureChatOpenAI', surfaces.AzureChatOpenAI, 'azure');
await chatChecks('AzureChatOpenAI', surfaces.AzureChatOpenAI, 'compat');

for (const [surface, kind] of [['ChatOpenAI', 'compat'], ['AzureChatOpenAI', 'azure']]) {
  const make = surfaces[surface];
  const at = (feature) => `${surface} on ${kind}: ${feature}`;

  await check(at('reasoning effort'), async () => {
    const mark = `mark${process.pid}-${surface}-effort`;
    await make(`${kind}-talk`, { modelKwargs: { reasoning_effort: 'low' } }).invoke(mark);
    is((await seenOnce(mark)).json.reasoning_effort, 'low');
  });

  await check(at('n and logprobs'), async () => {
    const result = await make(`${kind}-talk`, { n: 2, logprobs: true, topLogprobs: 1 }).generate([[new HumanMessage('Say hello.')]]);
    is(result.generations[0].length, 2);
    is(result.generations[0][1].text, `${talk} (1)`);
    yes(result.generations[0][0].message.response_metadata.logprobs.content.length > 0);
  });

  await check(at('unknown fields'), async () => {
    const mark = `mark${process.pid}-${surface}-unknown`;
    await make(`${kind}-unknown`, { modelKwargs: { x_unknown: { deep: ['ü', null] } } }).invoke(mark);
    yes((await seenOnce(mark)).body.includes('"x_unknown":{"deep":["ü",null]}'));
  });

  await check(at('errors'), async () => {
    const [wrong, unknown, bad] = [
      await thrown(() => make(`${kind}-talk`, { apiKey: wrongKey }).invoke('Say hello.')),
      await thrown(() => make('no-such-model').invoke('Say hello.')),
      await thrown(() => make(`${kind}-talk`, { temperature: 3 }).invoke('Say hello.')),
    ];
    same([wrong.status, unknown.status, bad.status], [401, 404, 400]);
    is(wrong.lc_error_code, 'MODEL_AUTHENTICATION');
    is(unknown.lc_error_code, 'MODEL_NOT_FOUND');
    is(bad.param, 'temperature');
  });
}

await check('ChatOpenAI on compat: busy, then served', async () => {
  const mark = `mark${process.pid}-langchain-busy`;
  const { value, ms } = await timed(() => surfaces.ChatOpenAI('busy-langchain', { maxRetries: 2 }).invoke(mark));
  is(value.text, talk);
  is((await seen(mark)).length, 2);
  yes(ms >= 500, `waited ${ms} ms`);
});

for (const [name, embeddings] of [
  ['OpenAIEmbeddings on compat', new OpenAIEmbeddings({ model: 'compat-embed', apiKey: key, configuration: { baseURL: `${address}/v1` }, maxRetries: 0 })],
  ['OpenAIEmbeddings on embedded', new OpenAIEmbeddings({ model: 'use-lite', apiKey: key, configuration: { baseURL: `${address}/v1` }, maxRetries: 0 })],
  ['AzureOpenAIEmbeddings on azure', new AzureOpenAIEmbeddings({ azureOpenAIApiVersion: '2024-10-21', azureOpenAIBasePath: `${address}/openai/deployments`, azureOpenAIApiKey: key, azureOpenAIApiEmbeddingsDeploymentName: 'azure-embed', azureOpenAIApiDeploymentName: 'azure-embed', maxRetries: 0 })],
]) {
  await check(`${name}: documents and a query`, async () => {
    const documents = await embeddings.embedDocuments(['one', 'two', 'three']);
    is(documents.length, 3);
    is(documents[0].length, name.includes('embedded') ? 512 : 8);
    (await embeddings.embedQuery('two')).forEach((number, place) => yes(Math.abs(number - documents[1][place]) < 1e-6));
  });
}
print();
