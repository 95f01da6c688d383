// What the scripts of the vendors' clients share: named checks, printed as one JSON document {"checks": {name: null | what was wrong}}.
// An exception outside a check ends the script with a code that is not 0.
import { deepStrictEqual, ok as truthy, strictEqual } from 'node:assert';
import { setting } from './steps.mjs';

export const address = setting('DOGANA_ADDRESS');
export const key = setting('DOGANA_KEY');
export const wrongKey = 'wrong-key-0000';
export const talk = 'Hello from the fake upstream.'; // what the fake upstream says

const results = {};

export const same = deepStrictEqual;
export const is = strictEqual;
export const yes = truthy;

export async function check(name, run) {
  if (name in results) throw new Error(`two checks are named ${name}`);
  try {
    await run();
    results[name] = null;
  } catch (error) {
    results[name] = String(error?.stack ?? error);
  }
}

export const print = () => process.stdout.write(`${JSON.stringify({ checks: results })}\n`);

// The requests that arrived at the upstream with a text in their bodies; each body also as JSON.
export async function seen(marker) {
  const answer = await fetch(`${setting('DOGANA_SEEN')}/seen?${new URLSearchParams({ marker })}`);
  return (await answer.json()).map((each) => ({ ...each, json: JSON.parse(each.body) }));
}

export async function seenOnce(marker) {
  const all = await seen(marker);
  is(all.length, 1, `${all.length} requests with ${marker}`);
  return all[0];
}

export async function thrown(run) {
  try {
    await run();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

export async function timed(run) {
  const begun = performance.now();
  const value = await run();
  return { value, ms: performance.now() - begun };
}

// The smallest PNG.
export const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

export const person = {
  type: 'object', properties: { name: { type: 'string' }, age: { type: 'integer' } }, required: ['name', 'age'], additionalProperties: false,
};

export const cityParameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false };
