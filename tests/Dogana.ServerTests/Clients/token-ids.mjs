// Prints the token ids that js-tiktoken gives texts: {"cl100k_base": [[…], …], "o200k_base": [[…], …]}.
// DOGANA_TOKENIZER: the folder of js-tiktoken, as the build restored it. DOGANA_TEXTS: a JSON file, an array of strings.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const load = (path) => import(pathToFileURL(join(process.env.DOGANA_TOKENIZER, "dist", path)));
const { Tiktoken } = await load("lite.js");
const texts = JSON.parse(readFileSync(process.env.DOGANA_TEXTS, "utf8"));

const ids = {};
for (const name of ["cl100k_base", "o200k_base"]) {
    const tokenizer = new Tiktoken((await load(`ranks/${name}.js`)).default);
    ids[name] = texts.map((text) => tokenizer.encode(text, [], []));
}

process.stdout.write(JSON.stringify(ids));
