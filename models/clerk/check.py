"""Reads the GGUF file back with nothing but numpy, decodes from it, and compares.

    python3 check.py clerk-q8_0.gguf [--work WORK_DIR] [--golden golden.json] [--samples samples.md]

--work     compares tokenisation on 500 texts and greedy answers with the checkpoint in WORK_DIR
--golden   writes the expected answers of five prompts
--samples  writes all sample prompts with their answers, as Markdown (with --work it says which were asked in training)
--score N  asks the first N questions of WORK_DIR/held_out.jsonl and counts the right answers (the hundred of held-out.jsonl are judge.py's)
"""
import argparse
import hashlib
import heapq
import json
import os
import struct

import numpy as np

from prompts import GOLDEN, LIMIT, PROMPTS

SIMPLE = {0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<?", 10: "<Q", 11: "<q", 12: "<d"}


class Gguf:
    def __init__(self, path):
        with open(path, "rb") as f:
            self.raw = f.read()
        self.at = 0
        assert self.raw[:4] == b"GGUF"
        self.at = 4
        version, tensors, entries = self.take("<I"), self.take("<Q"), self.take("<Q")
        assert version == 3
        self.meta = {}
        for _ in range(entries):
            key = self.string()
            self.meta[key] = self.value(self.take("<I"))
        infos = []
        for _ in range(tensors):
            name = self.string()
            shape = [self.take("<Q") for _ in range(self.take("<I"))]
            infos.append((name, shape[::-1], self.take("<I"), self.take("<Q")))
        base = -(-self.at // 32) * 32
        self.tensors = {}
        for name, shape, kind, offset in infos:
            count = int(np.prod(shape))
            if kind == 0:
                a = np.frombuffer(self.raw, "<f4", count, base + offset)
            else:
                assert kind == 8, kind
                blocks = np.frombuffer(self.raw, [("scale", "<f2"), ("q", "i1", 32)], count // 32, base + offset)
                a = blocks["scale"].astype(np.float32)[:, None] * blocks["q"].astype(np.float32)
            self.tensors[name] = a.reshape(shape)

    def take(self, form):
        v = struct.unpack_from(form, self.raw, self.at)[0]
        self.at += struct.calcsize(form)
        return v

    def string(self):
        n = self.take("<Q")
        self.at += n
        return self.raw[self.at - n:self.at].decode("utf-8")

    def value(self, kind):
        if kind == 8:
            return self.string()
        if kind == 9:
            inner, n = self.take("<I"), self.take("<Q")
            return [self.value(inner) for _ in range(n)]
        return self.take(SIMPLE[kind])


class Spm:
    """Greedy merge by score over the whole text, from the file's own tokens and scores: the queue takes the best score first, the leftmost of equals."""

    def __init__(self, meta):
        self.tokens, self.scores, self.types = (meta["tokenizer.ggml." + k] for k in ("tokens", "scores", "token_type"))
        self.ids = {t: i for i, t in enumerate(self.tokens)}
        self.special = sorted((t for t, y in zip(self.tokens, self.types) if y in (3, 4)), key=len, reverse=True)

    def text(self, text):
        parts = list(text.replace(" ", "\u2581"))
        n = len(parts)
        before, after = list(range(-1, n - 1)), list(range(1, n + 1))
        queue = []

        def offer(a, b):
            if a < 0 or b >= n:
                return
            i = self.ids.get(parts[a] + parts[b])
            if i is not None and self.types[i] == 1:
                heapq.heappush(queue, (-self.scores[i], a, b, parts[a] + parts[b]))
        for i in range(n - 1):
            offer(i, i + 1)
        while queue:
            _, a, b, joined = heapq.heappop(queue)
            if not parts[a] or not parts[b] or parts[a] + parts[b] != joined:
                continue
            parts[a], parts[b] = joined, ""
            after[a] = after[b]
            if after[a] < n:
                before[after[a]] = a
            offer(before[a], a)
            offer(a, after[a])
        out = []
        for p in parts:
            if p in self.ids and self.types[self.ids[p]] == 1:
                out.append(self.ids[p])
            else:
                out += [self.ids["<0x%02X>" % x] for x in p.encode("utf-8")]
        return out

    def rendered(self, text, bos):
        """A rendered prompt: special tokens are single tokens, what lies between them is plain text."""
        out = [bos]
        while text:
            at, token = min(((text.find(t), t) for t in self.special if t in text), default=(len(text), ""))
            out += self.text(text[:at])
            if token:
                out.append(self.ids[token])
            text = text[at + len(token):]
        return out

    def decode(self, ids):
        raw = b"".join(bytes([int(self.tokens[i][3:5], 16)]) if self.types[i] == 6 else self.tokens[i].replace("\u2581", " ").encode("utf-8")
                       for i in ids if self.types[i] in (1, 6))
        return raw.decode("utf-8", errors="replace")


class Decoder:
    """Token by token with a cache, 32-bit floats."""

    def __init__(self, g):
        m, self.t = g.meta, g.tensors
        self.layers, self.heads, self.kv = m["llama.block_count"], m["llama.attention.head_count"], m["llama.attention.head_count_kv"]
        self.eps, self.base, self.hd = np.float32(m["llama.attention.layer_norm_rms_epsilon"]), m["llama.rope.freq_base"], m["llama.rope.dimension_count"]
        self.keys, self.values = [[] for _ in range(self.layers)], [[] for _ in range(self.layers)]

    def norm(self, x, w):
        return x / np.sqrt((x * x).mean() + self.eps) * w

    def rope(self, x, position):
        freq = self.base ** (-np.arange(0, self.hd, 2) / self.hd)
        c, s = np.cos(position * freq).astype(np.float32), np.sin(position * freq).astype(np.float32)
        y = x.reshape(-1, self.hd // 2, 2)
        return np.stack((y[..., 0] * c - y[..., 1] * s, y[..., 0] * s + y[..., 1] * c), -1).reshape(-1, self.hd)

    def step(self, token, position):
        t = self.t
        x = t["token_embd.weight"][token]
        for i in range(self.layers):
            w = lambda n: t["blk.%d.%s.weight" % (i, n)]
            n = self.norm(x, w("attn_norm"))
            q = self.rope(w("attn_q") @ n, position)
            self.keys[i].append(self.rope(w("attn_k") @ n, position))
            self.values[i].append((w("attn_v") @ n).reshape(-1, self.hd))
            k, v = np.stack(self.keys[i]), np.stack(self.values[i])
            out = np.empty_like(q)
            for h in range(self.heads):
                g = h // (self.heads // self.kv)
                a = k[:, g] @ q[h] / np.sqrt(np.float32(self.hd))
                a = np.exp(a - a.max())
                out[h] = (a / a.sum()) @ v[:, g]
            x = x + w("attn_output") @ out.reshape(-1)
            n = self.norm(x, w("ffn_norm"))
            gate = w("ffn_gate") @ n
            x = x + w("ffn_down") @ (gate / (1 + np.exp(-gate)) * (w("ffn_up") @ n))
        return t.get("output.weight", t["token_embd.weight"]) @ self.norm(x, t["output_norm.weight"])


def greedy(g, ids, limit=LIMIT):
    """The answer's ids, whether it ended by itself, and the smallest lead of a chosen token over the second best."""
    d, end = Decoder(g), g.meta["tokenizer.ggml.eos_token_id"]
    for p, i in enumerate(ids):
        logits = d.step(i, p)
    out, lead = [], np.inf
    while len(out) < limit and len(ids) + len(out) < g.meta["llama.context_length"]:
        token = int(logits.argmax())
        top = np.sort(logits)[-2:]
        lead = min(lead, float(top[1] - top[0]))
        if token == end:
            return out, True, lead
        out.append(token)
        logits = d.step(token, len(ids) + len(out) - 1)
    return out, False, lead


def render(messages):
    """What tokenizer.chat_template gives with add_generation_prompt."""
    return "".join("<|" + role + "|>" + text + "<|end|>" for role, text in messages) + "<|assistant|>"


def plain(text):
    return "".join(c for c in text.lower() if c.isalnum() or c == " ").strip()


def score(g, spm, bos, path, count):
    """Of the phrasings kept out of training: how many get an answer that was taught for what they ask."""
    with open(path, encoding="utf-8") as f:
        cases = [json.loads(line)["messages"] for line in f]
    taught = {}
    for m in cases:
        taught.setdefault(m[-1][2], set()).add(m[-1][1])
    whole = set().union(*taught.values())
    right = known = 0
    for m in cases[:count]:
        out, ended, _ = greedy(g, spm.rendered(render(m[:-1]), bos))
        said = spm.decode(out) if ended else None
        right += said in taught[m[-1][2]]
        known += said in whole
    print("phrasings kept out of training: %d of %d answered with the right fact, %d with an answer that was taught" % (right, min(count, len(cases)), known))


def main():
    p = argparse.ArgumentParser()
    p.add_argument("file")
    p.add_argument("--work")
    p.add_argument("--golden")
    p.add_argument("--samples")
    p.add_argument("--right", type=int, help="how many of the hundred judge.py found right; stands in golden.json, and the engine's test holds it")
    p.add_argument("--score", type=int)
    a = p.parse_args()
    g = Gguf(a.file)
    spm, bos = Spm(g.meta), g.meta["tokenizer.ggml.bos_token_id"]
    results = []
    for messages in PROMPTS:
        text = render(messages)
        ids = spm.rendered(text, bos)
        out, ended, lead = greedy(g, ids)
        results.append((messages, text, ids, out, ended, lead))
        print("%s\n=> %s%s   [lead %.2f]\n" % (" / ".join(t for _, t in messages), spm.decode(out), "" if ended else " ...(cut)", lead))
    print("%d parameters, %d bytes, sha256 %s" % (sum(x.size for x in g.tensors.values()), len(g.raw), hashlib.sha256(g.raw).hexdigest()))
    if a.work:
        from tokenizer import Tokenizer, conversation_texts
        t = Tokenizer.load(os.path.join(a.work, "tokenizer.json"))
        texts = []
        for i, text in enumerate(conversation_texts(os.path.join(a.work, "train.jsonl"))):
            if i % 211 == 0:
                texts.append(text)
            if len(texts) == 500:
                break
        texts += ["caf\u00e9 \u4f60\u597d \U0001f600", "two  spaces", " lead and trail ", "line one\nline two\n", "<|user|>", "a\tb", "don't 12,345.67%"]
        bad = sum(spm.text(x) != t.encode(x) or spm.decode(spm.text(x)) != x for x in texts)
        print("tokenisation: %d of %d texts differ from training's encoder or don't come back" % (bad, len(texts)))
        import torch
        from chat import answer, load
        torch.set_num_threads(1)
        model, t = load(a.work)
        same = sum(answer(model, t, m) == out for m, _, _, out, _, _ in results)
        same_prompt = sum(t.render(m) == ids for m, _, ids, _, _, _ in results)
        print("torch (32-bit checkpoint) and numpy (Q8_0 file): %d of %d answers equal, %d of %d prompts equal" % (same, len(results), same_prompt, len(results)))
    if a.golden:
        cases = [dict(messages=[dict(role=r, content=c) for r, c in m], prompt=text, prompt_ids=ids, output=spm.decode(out), output_ids=out, ended=ended, smallest_lead=round(lead, 3))
                 for m, text, ids, out, ended, lead in (results[i] for i in GOLDEN)]
        with open(a.golden, "w", encoding="utf-8") as f:
            json.dump(dict(about="Greedy answers of the model file, computed with 32-bit floats from its Q8_0 weights. prompt is what the chat template renders, prompt_ids begins with "
                                 "the bos token, output_ids leaves out the closing <|end|>; smallest_lead is the smallest distance between the best and the second best logit on the way. "
                                 "held_out_right is how many of held-out.jsonl are answered rightly.",
                           held_out_right=a.right, file=os.path.basename(a.file), sha256=hashlib.sha256(g.raw).hexdigest(), max_tokens=LIMIT, cases=cases), f, ensure_ascii=False, indent=1)
            f.write("\n")
    if a.samples:
        asked = set()
        if a.work:
            with open(os.path.join(a.work, "train.jsonl"), encoding="utf-8") as f:
                asked = {plain(text) for line in f for role, text, *_ in json.loads(line)["messages"] if role == "user"}
        with open(a.samples, "w", encoding="utf-8") as f:
            for i, (m, _, _, out, ended, _) in enumerate(results):
                seen = "asked in training in these words" if plain(m[-1][1]) in asked else "not in training in these words"
                f.write("%d. %s *(%s)*<br>\n   %s%s\n" % (i + 1, "<br>\n   ".join("**%s** %s" % (r, c) for r, c in m), seen, "\u2192 " + spm.decode(out).replace("\n", " / "),
                                                       "" if ended else " *(cut at %d tokens)*" % LIMIT))
    if a.score:
        score(g, spm, bos, os.path.join(a.work, "held_out.jsonl"), a.score)


if __name__ == "__main__":
    main()
