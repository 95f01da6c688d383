// The AzureOpenAI client: DOGANA_ENDPOINT (no path), DOGANA_KEY, DOGANA_DEPLOYMENT, DOGANA_EMBEDDING_DEPLOYMENT (as DOGANA_DEPLOYMENT when not set),
// DOGANA_API_VERSION (2024-10-21), DOGANA_MAX_RETRIES (0).
import { AzureOpenAI } from 'openai';
import { chatSteps, run, setting } from './steps.mjs';

const endpoint = setting('DOGANA_ENDPOINT');
const key = setting('DOGANA_KEY');
const deployment = setting('DOGANA_DEPLOYMENT');
const apiVersion = setting('DOGANA_API_VERSION', '2024-10-21');
const maxRetries = Number(setting('DOGANA_MAX_RETRIES', '0'));
const make = (apiKey = key) => new AzureOpenAI({ endpoint, apiKey, apiVersion, maxRetries, timeout: 20_000 });

await run('azure', chatSteps(make, deployment, setting('DOGANA_EMBEDDING_DEPLOYMENT', deployment)));
