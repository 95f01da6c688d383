"""Trains clerk: a llama-architecture model, on the corpus that corpus.py writes.

    python3 train.py WORK_DIR --minutes 50 [--grow FILE.gguf | --resume] [--flat] [--workers 2]

WORK_DIR holds train.jsonl, held_out.jsonl and tokenizer.json; the checkpoint goes there too, and log.jsonl, a line a minute.
--grow begins with the weights of a file, of the same shape or the earlier, smaller one: they stay what they are, and what is new changes nothing until it is trained.
--flat keeps the learning rate; without it the rate falls over the minutes of this run to a fiftieth.
--workers are processes of one thread each: in every step each takes a batch of its own, and the step follows the mean of their gradients. On a machine that others
use too they wait for one another once in a step, where threads would in each operation.
"""
import argparse
import json
import math
import multiprocessing
import os
import random
import time

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

from tokenizer import ASSISTANT, BOS, END, Tokenizer

CONFIG = dict(vocab=2048, dim=256, layers=8, heads=8, kv_heads=4, ff=1024, context=512, rope_base=10000.0, eps=1e-5)
NEW_LAYERS = (3, 6)          # where --grow puts layers that the earlier model has not
NOISE = 0.06                 # of half of the questions' tokens, so many are another one: what is asked must not hang on a single word
CUT = 0.75                   # of the answers, so many are learnt only in their first tokens: these decide which answer it is, and cost little
CHOICE = 0.5                 # weight of the second loss: which fact is asked for, read off where the answer begins; its matrix is not exported


class RmsNorm(nn.Module):
    def __init__(self, dim, eps):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(dim))
        self.eps = eps

    def forward(self, x):
        x = x.float()
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.eps) * self.weight


def rotate(x, cos, sin):
    """RoPE over neighbouring pairs (2i, 2i+1), as GGUF's architecture `llama` has it: no row order to change on export."""
    a, b = x[..., 0::2], x[..., 1::2]
    return torch.stack((a * cos - b * sin, a * sin + b * cos), -1).flatten(-2)


class Block(nn.Module):
    def __init__(self, c):
        super().__init__()
        d, self.h, self.kv = c["dim"], c["heads"], c["kv_heads"]
        self.hd = d // self.h
        self.attn_norm, self.ffn_norm = RmsNorm(d, c["eps"]), RmsNorm(d, c["eps"])
        self.q = nn.Linear(d, d, bias=False)
        self.k = nn.Linear(d, self.kv * self.hd, bias=False)
        self.v = nn.Linear(d, self.kv * self.hd, bias=False)
        self.o = nn.Linear(d, d, bias=False)
        self.gate = nn.Linear(d, c["ff"], bias=False)
        self.up = nn.Linear(d, c["ff"], bias=False)
        self.down = nn.Linear(c["ff"], d, bias=False)

    def forward(self, x, cos, sin, mask):
        b, t, d = x.shape
        n = self.attn_norm(x)
        q = rotate(self.q(n).view(b, t, self.h, self.hd), cos, sin)
        k = rotate(self.k(n).view(b, t, self.kv, self.hd), cos, sin)
        v = self.v(n).view(b, t, self.kv, self.hd)
        # query head i reads key head i // (heads / kv_heads)
        g = self.h // self.kv
        q = q.view(b, t, self.kv, g, self.hd).permute(0, 2, 3, 1, 4).reshape(b, self.kv, g * t, self.hd)
        k, v = k.transpose(1, 2), v.transpose(1, 2)
        a = (torch.matmul(q, k.transpose(-2, -1)) * self.hd ** -0.5).view(b, self.kv, g, t, t) + mask
        y = torch.matmul(a.softmax(-1).to(v.dtype).view(b, self.kv, g * t, t), v)
        y = y.view(b, self.kv, g, t, self.hd).permute(0, 3, 1, 2, 4).reshape(b, t, d)
        x = x + self.o(y)
        n = self.ffn_norm(x)
        return x + self.down(F.silu(self.gate(n)) * self.up(n))


class Clerk(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.c = c
        self.embedding = nn.Embedding(c["vocab"], c["dim"])
        self.blocks = nn.ModuleList(Block(c) for _ in range(c["layers"]))
        self.norm = RmsNorm(c["dim"], c["eps"])
        hd = c["dim"] // c["heads"]
        freq = 1.0 / c["rope_base"] ** (torch.arange(0, hd, 2).float() / hd)
        angle = torch.arange(c["context"]).float()[:, None] * freq
        self.register_buffer("cos", angle.cos()[None, :, None, :], persistent=False)
        self.register_buffer("sin", angle.sin()[None, :, None, :], persistent=False)
        self.register_buffer("mask", torch.full((c["context"], c["context"]), -1e9).triu(1), persistent=False)
        for name, p in self.named_parameters():
            if p.dim() > 1:
                std = 0.02 / math.sqrt(2 * c["layers"]) if name.endswith(("o.weight", "down.weight")) else 0.02 if "embedding" in name else 0.04
                nn.init.normal_(p, 0, std)

    def hidden(self, ids):
        t = ids.shape[1]
        x = self.embedding(ids)
        cos, sin, mask = self.cos[:, :t], self.sin[:, :t], self.mask[:t, :t]
        for b in self.blocks:
            x = b(x, cos, sin, mask)
        return self.norm(x)

    def forward(self, ids):
        return F.linear(self.hidden(ids), self.embedding.weight)


def losses(model, choice, x, y, facts):
    """The loss over the answers' tokens, the one over which fact is asked for, and how often that is found."""
    h = model.hidden(x)
    flat, at = h.reshape(-1, h.shape[-1]), y.reshape(-1) >= 0      # only the answers' tokens reach the output matrix
    said = F.cross_entropy(F.linear(flat[at], model.embedding.weight).float(), y.reshape(-1)[at])
    asked = facts.reshape(-1) >= 0
    scores, wanted = choice(flat[asked]).float(), facts.reshape(-1)[asked]
    return said, F.cross_entropy(scores, wanted), (scores.argmax(-1) == wanted).float().mean()


def grow(model, path):
    """Takes over the weights of a file. New layers and new columns of `down` put out nothing at first."""
    from check import Gguf
    old = Gguf(path)
    names = dict(attn_norm="attn_norm", ffn_norm="ffn_norm", q="attn_q", k="attn_k", v="attn_v", o="attn_output", gate="ffn_gate", up="ffn_up", down="ffn_down")
    with torch.no_grad():
        model.embedding.weight.copy_(torch.tensor(old.tensors["token_embd.weight"]))
        model.norm.weight.copy_(torch.tensor(old.tensors["output_norm.weight"]))
        new = NEW_LAYERS if old.meta["llama.block_count"] < len(model.blocks) else ()
        kept = [b for i, b in enumerate(model.blocks) if i not in new]
        assert len(kept) == old.meta["llama.block_count"]
        for i in new:
            model.blocks[i].o.weight.zero_()
            model.blocks[i].down.weight.zero_()
        for i, block in enumerate(kept):
            block.down.weight.zero_()
            for mine, its in names.items():
                w = torch.tensor(old.tensors["blk.%d.%s.weight" % (i, its)])
                target = getattr(block, mine).weight
                target[tuple(slice(0, n) for n in w.shape)] = w


def load_conversations(path, tokenizer, context, names):
    """Token ids; beside each, whether the model has to say it (the answer and its <|end|>); and where an answer begins, the fact it is of, as
    its place in `names`, which grows by those that are new."""
    numbers = {name: i for i, name in enumerate(names)}
    out = []
    with open(path, encoding="utf-8") as f:
        for line in f:
            ids, said, facts = [BOS], [0], [-1]
            for role, text, *fact in json.loads(line)["messages"]:
                e = tokenizer.encode(text) + [END]
                ids += [tokenizer.ids["<|" + role + "|>"]] + e
                said += [0] + [int(role == "assistant")] * len(e)
                facts += [numbers.setdefault(fact[0], len(numbers)) if fact else -1] + [-1] * len(e)
            if len(ids) <= context:
                out.append((np.array(ids, dtype=np.int16), np.array(said, dtype=bool), np.array(facts, dtype=np.int16)))
    names[:] = numbers
    return out


def batches(conversations, tokens_a_batch, rng, cut=0.0):
    """Conversations of like length together: little padding, and no conversation sees another. Some end early in their last answer."""
    ends = [len(c[0]) for c in conversations]
    if cut:
        for i, (ids, said, _) in enumerate(conversations):
            if rng.random() < cut:
                begin = len(ids) - int(np.argmin(said[::-1])) if not said.all() else 0
                ends[i] = min(ends[i], begin + rng.randint(2, 9))
    order = sorted(range(len(conversations)), key=lambda i: ends[i] + rng.random() * 8)
    out, batch, longest = [], [], 0
    for i in order:
        n = ends[i]
        if batch and max(longest, n) * (len(batch) + 1) > tokens_a_batch:
            out.append(batch)
            batch, longest = [], 0
        batch.append((i, n))
        longest = max(longest, n)
    if batch:
        out.append(batch)
    rng.shuffle(out)
    return out


def tensors(conversations, batch, noise=None, vocab=0):
    t = max(n for _, n in batch) - 1
    x = np.full((len(batch), t), END, dtype=np.int64)
    y = np.full((len(batch), t), -1, dtype=np.int64)
    z = np.full((len(batch), t), -1, dtype=np.int64)
    for r, (i, n) in enumerate(batch):
        ids, said, facts = conversations[i]
        x[r, :n - 1] = ids[:n - 1]
        if noise is not None and noise.random() < 0.5:
            at = (noise.random(n - 1) < NOISE) & ~said[:n - 1] & (ids[:n - 1] > END)
            x[r, :n - 1][at] = noise.integers(END + 1, vocab, at.sum())
        y[r, :n - 1] = np.where(said[1:n], ids[1:n], -1)
        z[r, :n - 1] = facts[:n - 1]
    return torch.from_numpy(x), torch.from_numpy(y), torch.from_numpy(z)


def evaluate(model, choice, conversations):
    """Loss of the answers, and the part of questions whose fact is found."""
    total = found = 0.0
    count = asked = 0
    model.eval()
    with torch.no_grad():
        for batch in batches(conversations, 4096, random.Random(0)):
            x, y, z = tensors(conversations, batch)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                said, _, right = losses(model, choice, x, y, z)
            n, k = int((y >= 0).sum()), int((z >= 0).sum())
            total += said.item() * n
            found += right.item() * k
            count += n
            asked += k
    model.train()
    return total / count, found / asked


def main():
    p = argparse.ArgumentParser()
    p.add_argument("work")
    p.add_argument("--minutes", type=float, default=50)
    p.add_argument("--resume", action="store_true")
    p.add_argument("--grow")
    p.add_argument("--flat", action="store_true")
    p.add_argument("--workers", type=int, default=1)
    p.add_argument("--lr", type=float, default=1e-3)
    p.add_argument("--batch", type=int, default=2048, help="tokens a step of each worker")
    p.add_argument("--seed", type=int, default=1)
    a = p.parse_args()
    torch.manual_seed(a.seed)
    torch.set_num_threads(1)
    at = lambda name: os.path.join(a.work, name)
    tokenizer = Tokenizer.load(at("tokenizer.json"))
    saved = torch.load(at("checkpoint.pt")) if a.resume else None
    facts = list(saved["facts"]) if saved else []
    data = load_conversations(at("train.jsonl"), tokenizer, CONFIG["context"] + 1, facts)
    held = load_conversations(at("held_out.jsonl"), tokenizer, CONFIG["context"] + 1, facts)
    model, choice = Clerk(CONFIG), nn.Linear(CONFIG["dim"], len(facts), bias=False)
    state = dict(step=0, tokens=0, seconds=0.0)
    if a.grow:
        grow(model, a.grow)
    optimizer = torch.optim.AdamW([
        dict(params=[q for q in [*model.parameters(), choice.weight] if q.dim() > 1], weight_decay=0.05),
        dict(params=[q for q in model.parameters() if q.dim() == 1], weight_decay=0.0)], lr=a.lr, betas=(0.9, 0.98))
    if saved:
        model.load_state_dict(saved["model"])
        state = saved["state"]
        torch.manual_seed(a.seed + state["step"])
        with torch.no_grad():
            choice.weight[:len(saved["facts"])] = saved["choice"]["weight"]
        optimizer.load_state_dict(saved["optimizer"])
        for key in ("exp_avg", "exp_avg_sq"):                          # further facts have no past
            past = optimizer.state[choice.weight][key]
            optimizer.state[choice.weight][key] = F.pad(past, (0, 0, 0, len(facts) - len(past)))
    print("parameters %d, conversations %d (%.2f M tokens), held out %d, facts %d" % (
        sum(q.numel() for q in model.parameters()), len(data), sum(len(c[0]) for c in data) / 1e6, len(held), len(facts)), flush=True)

    def save():
        torch.save(dict(model=model.state_dict(), choice=choice.state_dict(), optimizer=optimizer.state_dict(), state=state, config=CONFIG, facts=facts), at("checkpoint.pt.new"))
        os.replace(at("checkpoint.pt.new"), at("checkpoint.pt"))

    begun, before, first = time.time(), state["seconds"], state["step"]
    next_print, next_save = 60.0, 240.0
    average = {}
    parameters = [*model.parameters(), choice.weight]

    def learner(number):
        """Each call takes one more batch and leaves its gradients."""
        queue, noise = [], np.random.default_rng([a.seed, state["step"], number])
        shuffled = random.Random(a.seed * 1000 + state["step"] + 500 * number)
        while True:
            if not queue:
                queue = batches(data, a.batch, shuffled, CUT)
            x, y, z = tensors(data, queue.pop(), noise, CONFIG["vocab"])
            for q in parameters:
                q.grad = None
            with torch.autocast("cpu", dtype=torch.bfloat16):
                said, asked, right = losses(model, choice, x, y, z)
            (said + CHOICE * asked).backward()
            yield x.numel(), said.item(), right.item()

    def work(number):
        for count, _, _ in learner(number):
            tokens[number] = count
            for theirs, q in zip(gradients[number], parameters):
                theirs.copy_(q.grad)
            done.wait(600)
            begin.wait(600)                                            # broken when the first worker has died

    fork = multiprocessing.get_context("fork")
    begin, done = fork.Barrier(a.workers), fork.Barrier(a.workers)
    tokens = torch.zeros(a.workers, dtype=torch.int64).share_memory_()
    for q in parameters:
        q.data.share_memory_()
    gradients = [None] + [[torch.zeros_like(q).share_memory_() for q in parameters] for _ in range(1, a.workers)]
    for number in range(1, a.workers):
        fork.Process(target=work, args=(number,), daemon=True).start()
    mine = learner(0)
    while time.time() - begun < a.minutes * 60:
        elapsed = time.time() - begun
        share = elapsed / (a.minutes * 60)
        lr = a.lr * min(1.0, (state["step"] - first + 1) / 100) * (1.0 if a.flat else max(0.02, 1 - share))
        for group in optimizer.param_groups:
            group["lr"] = lr
        tokens[0], said, right = next(mine)
        done.wait(600)
        for theirs in gradients[1:]:
            for q, g in zip(parameters, theirs):
                q.grad += g
        for q in parameters:
            q.grad /= a.workers
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        state["step"] += 1
        state["tokens"] += int(tokens.sum())
        begin.wait(600)
        state["seconds"] = before + time.time() - begun
        for name, value in dict(loss=said, facts=right).items():
            average[name] = value if name not in average else 0.98 * average[name] + 0.02 * value
        if elapsed >= next_print:
            loss, found = evaluate(model, choice, held[:400])
            row = dict(seconds=round(state["seconds"]), step=state["step"], tokens=state["tokens"], lr=round(lr, 6), loss=round(average["loss"], 4), facts=round(average["facts"], 4),
                       held_out_loss=round(loss, 4), held_out_facts=round(found, 4), workers=a.workers)
            with open(at("log.jsonl"), "a", encoding="utf-8") as f:
                f.write(json.dumps(row) + "\n")
            print(row, flush=True)
            next_print = elapsed + 60
        if elapsed >= next_save:
            save()
            next_save = elapsed + 240
    save()
    print("end: step %d, tokens %.2f M, held out (all %d): loss %.4f, facts %.4f, trained %.0f s" % (
        state["step"], state["tokens"] / 1e6, len(held), *evaluate(model, choice, held), state["seconds"]), flush=True)


if __name__ == "__main__":
    main()
