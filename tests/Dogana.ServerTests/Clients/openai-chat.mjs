// The OpenAI client: DOGANA_BASE_URL (…/v1), DOGANA_KEY, DOGANA_MODEL, DOGANA_EMBEDDING_MODEL (as DOGANA_MODEL when not set), DOGANA_MAX_RETRIES (0).
import OpenAI from 'openai';
import { chatSteps, run, setting } from './steps.mjs';

const baseURL = setting('DOGANA_BASE_URL');
const key = setting('DOGANA_KEY');
const model = setting('DOGANA_MODEL');
const maxRetries = Number(setting('DOGANA_MAX_RETRIES', '0'));
const make = (apiKey = key) => new OpenAI({ baseURL, apiKey, maxRetries, timeout: 20_000 });

await run('openai', chatSteps(make, model, setting('DOGANA_EMBEDDING_MODEL', model)));
