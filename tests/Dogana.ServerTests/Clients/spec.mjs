// OpenAI's OpenAPI document (DOGANA_OPENAI_SPEC, a .json.gz) as something to hold values against.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import Ajv2020 from 'ajv/dist/2020.js';
import { yes } from './checks.mjs';
import { setting } from './steps.mjs';

export const document = JSON.parse(gunzipSync(readFileSync(setting('DOGANA_OPENAI_SPEC'))));

// OpenAPI 3.1 is JSON Schema 2020-12 but for what the document has left over from before: 'nullable', 'discriminator', '$recursiveRef'.
const asTheyAre = new Set(['enum', 'const', 'default', 'required']);
function modern(node, root, isByName = false) {
  if (Array.isArray(node)) return node.map((each) => modern(each, root));
  if (node === null || typeof node !== 'object') return node;
  if (isByName) return Object.fromEntries(Object.entries(node).map(([name, schema]) => [name, modern(schema, root)]));
  const { nullable, discriminator, $recursiveRef, $recursiveAnchor, example, examples, ...rest } = node;
  const made = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, asTheyAre.has(name) ? value : modern(value, root, name === 'properties')]));
  if ($recursiveRef) made.$ref = `#/components/schemas/${root}`;
  return nullable === true ? { anyOf: [made, { type: 'null' }] } : made;
}

// Where the service itself sends null and the document has no room for it: a choice of a streamed completion before its end, usage before the end,
// and a user that was not named.
const orNull = (schema) => ({ anyOf: [schema, { type: 'null' }] });
const schemas = Object.fromEntries(Object.entries(document.components.schemas).map(([name, schema]) => [name, modern(schema, name)]));
const completion = schemas.CreateCompletionResponse.properties;
completion.choices.items.properties.finish_reason = orNull(completion.choices.items.properties.finish_reason);
completion.usage = orNull(completion.usage);
for (const [name, field] of [['ResponseProperties', 'user'], ['ModelResponseProperties', 'user'], ['Response', 'usage'], ['ResponseProperties', 'usage']]) {
  for (const part of [schemas[name], ...(schemas[name].allOf ?? [])]) {
    if (part.properties?.[field]) part.properties[field] = orNull(part.properties[field]);
  }
}

const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false, inlineRefs: false });
ajv.addSchema({ $id: 'https://spec/', components: { schemas } });
const validators = {};
const validator = (name) => (validators[name] ??= ajv.getSchema(`https://spec/#/components/schemas/${name}`));

export function valid(name, value) {
  const validate = validator(name);
  yes(validate, `no schema ${name}`);
  if (!validate(value)) throw new Error(`not a ${name}: ${JSON.stringify(validate.errors.slice(0, 6).map((one) => `${one.instancePath} ${one.message} ${JSON.stringify(one.params)}`), null, 1)}\n${JSON.stringify(value).slice(0, 1500)}`);
}
