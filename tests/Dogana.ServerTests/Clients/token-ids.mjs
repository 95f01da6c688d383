// Prints how js-tiktoken cuts texts, for each encoding: {"cl100k_base": {"pieces": [[…], …], "ids": [[…], …]}, …}.
// Pieces are lengths in UTF-8 bytes: what the encoding's pattern splits off before pairs are joined.
// DOGANA_TOKENIZER: the folder of js-tiktoken, as the build restored it. DOGANA_TEXTS: a JSON file, an array of strings.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setting } from './steps.mjs';

const load = (path) => import(pathToFileURL(join(setting('DOGANA_TOKENIZER'), 'dist', path)));
const { Tiktoken } = await load('lite.js');
const texts = JSON.parse(readFileSync(setting('DOGANA_TEXTS'), 'utf8'));

const cuts = {};
for (const name of ['cl100k_base', 'o200k_base']) {
    const ranks = (await load(`ranks/${name}.js`)).default;
    const tokenizer = new Tiktoken(ranks);
    const pattern = new RegExp(ranks.pat_str, 'gu');
    cuts[name] = {
        pieces: texts.map((text) => (text.match(pattern) ?? []).map((piece) => Buffer.byteLength(piece))),
        ids: texts.map((text) => tokenizer.encode(text, [], [])),
    };
}

process.stdout.write(JSON.stringify(cuts));
