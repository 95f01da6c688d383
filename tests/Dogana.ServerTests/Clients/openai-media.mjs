// The openai package's images and audio: OpenAI (…/v1), OpenAI on Azure's v1 paths (…/openai/v1), AzureOpenAI (classic paths). Where OpenAI's OpenAPI document is to be had
// (DOGANA_OPENAI_SPEC), every JSON answer and event is held against it.
import OpenAI, { AzureOpenAI, toFile } from 'openai';
import { address, check, is, key, print, same, talk, thrown, wrongKey, yes } from './checks.mjs';
import { setting } from './steps.mjs';

const more = { maxRetries: 0, timeout: 20_000 };
const surfaces = {
  openai: (apiKey = key) => new OpenAI({ baseURL: `${address}/v1`, apiKey, ...more }),
  azure: (apiKey = key) => new OpenAI({ baseURL: `${address}/openai/v1`, apiKey, ...more }),
  'azure-classic': (apiKey = key) => new AzureOpenAI({ endpoint: address, apiVersion: '2024-10-21', apiKey, ...more }),
};
const valid = process.env.DOGANA_OPENAI_SPEC ? (await import('./spec.mjs')).valid : () => {};
const wave = Buffer.from(setting('DOGANA_WAVE'), 'base64');
const sound = Buffer.from(Array.from({ length: 5000 }, (_, index) => index % 251));
const file = () => toFile(wave, 'words.wav', { type: 'audio/wav' });
const gathered = async (stream) => {
  const all = [];
  for await (const event of stream) all.push(event);
  return all;
};

for (const [name, make] of Object.entries(surfaces)) {
  const client = make();
  const model = (kind) => setting(`DOGANA_${kind}_${name}`);
  const prompt = 'A customs house.';
  await check(`${name}: images in base64, two at once`, async () => {
    const answer = await client.images.generate({ model: model('PAINTER'), prompt, n: 2, size: '1024x1024', response_format: 'b64_json' });
    valid('ImagesResponse', answer);
    same(answer.data.map((image) => Buffer.from(image.b64_json, 'base64').toString()), [`${talk} 0`, `${talk} 1`]);
  });
  await check(`${name}: an image's address`, async () => {
    const answer = await client.images.generate({ model: model('PAINTER'), prompt, response_format: 'url' });
    valid('ImagesResponse', answer);
    yes(answer.data[0].url.startsWith('https://images.example/'));
  });
  await check(`${name}: images by the token say their usage`, async () => {
    const answer = await client.images.generate({ model: model('SKETCHER'), prompt });
    valid('ImagesResponse', answer);
    is(answer.usage.output_tokens, 1056);
  });
  await check(`${name}: a streamed image`, async () => {
    const events = await gathered(await client.images.generate({ model: model('SKETCHER'), prompt, stream: true, partial_images: 1 }));
    same(events.map((event) => event.type), ['image_generation.partial_image', 'image_generation.completed']);
    valid('ImageGenPartialImageEvent', events[0]);
    valid('ImageGenCompletedEvent', events[1]);
  });
  for (const kind of ['READER', 'ACTOR']) {
    await check(`${name}: speech of ${kind}`, async () => {
      const answer = await client.audio.speech.create({ model: model(kind), voice: 'alloy', input: 'Anything to declare?', response_format: 'wav' });
      is(answer.headers.get('content-type'), 'audio/wav');
      yes(Buffer.from(await answer.arrayBuffer()).equals(sound));
    });
  }
  await check(`${name}: speech in events`, async () => {
    const answer = await client.audio.speech.create({ model: model('ACTOR'), voice: 'alloy', input: 'Anything to declare?', stream_format: 'sse' });
    const events = (await answer.text()).split('\n\n').filter(Boolean).map((block) => JSON.parse(block.slice(block.indexOf('data: ') + 6)));
    for (const event of events) valid(event.type === 'speech.audio.done' ? 'SpeechAudioDoneEvent' : 'SpeechAudioDeltaEvent', event);
    yes(Buffer.concat(events.slice(0, -1).map((event) => Buffer.from(event.audio, 'base64'))).equals(sound));
  });
  await check(`${name}: a transcription`, async () => {
    const answer = await client.audio.transcriptions.create({ model: model('LISTENER'), file: await file() });
    valid('CreateTranscriptionResponseJson', answer);
    same([answer.text, answer.usage], [talk, { type: 'duration', seconds: 2 }]);
  });
  await check(`${name}: a long-winded transcription`, async () => {
    const answer = await client.audio.transcriptions.create({ model: model('LISTENER'), file: await file(), response_format: 'verbose_json', timestamp_granularities: ['word', 'segment'] });
    valid('CreateTranscriptionResponseVerboseJson', answer);
    is(answer.duration, 2);
  });
  await check(`${name}: a transcription as text`, async () => is(await client.audio.transcriptions.create({ model: model('LISTENER'), file: await file(), response_format: 'text' }), `${talk}\n`));
  await check(`${name}: a transcription as subtitles`, async () => {
    yes((await client.audio.transcriptions.create({ model: model('LISTENER'), file: await file(), response_format: 'srt' })).includes('-->'));
    yes((await client.audio.transcriptions.create({ model: model('LISTENER'), file: await file(), response_format: 'vtt' })).startsWith('WEBVTT'));
  });
  await check(`${name}: a streamed transcription`, async () => {
    const events = await gathered(await client.audio.transcriptions.create({ model: model('HEARER'), file: await file(), stream: true }));
    for (const event of events) valid(event.type === 'transcript.text.done' ? 'TranscriptTextDoneEvent' : 'TranscriptTextDeltaEvent', event);
    is(events.filter((event) => event.type === 'transcript.text.delta').map((event) => event.delta).join(''), talk);
    same(events.at(-1).usage.input_token_details, { text_tokens: 10, audio_tokens: 20 });
  });
  await check(`${name}: a wrong key`, async () => is((await thrown(async () => make(wrongKey).audio.transcriptions.create({ model: model('LISTENER'), file: await file() }))).status, 401));
}
print();
