"""Trains clerk: a llama-architecture model, from scratch, on the corpus that corpus.py writes.

    python3 train.py WORK_DIR --minutes 50 [--total-minutes 50] [--resume] [--threads 2]

WORK_DIR holds train.jsonl, held_out.jsonl and tokenizer.json; checkpoints go there too. The learning
rate follows the share of --total-minutes that has been used, over all resumed runs together.
"""
import argparse
import json
import math
import os
import random
import time

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

from tokenizer import ASSISTANT, BOS, END, Tokenizer

CONFIG = dict(vocab=2048, dim=256, layers=6, heads=8, kv_heads=4, ff=704, context=512, rope_base=10000.0, eps=1e-5)


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

    def forward(self, ids, targets=None):
        t = ids.shape[1]
        x = self.embedding(ids)
        cos, sin, mask = self.cos[:, :t], self.sin[:, :t], self.mask[:t, :t]
        for b in self.blocks:
            x = b(x, cos, sin, mask)
        x = self.norm(x)
        if targets is None:
            return F.linear(x, self.embedding.weight)
        at = targets.reshape(-1) >= 0                          # only the answers' tokens reach the output matrix
        logits = F.linear(x.reshape(-1, x.shape[-1])[at], self.embedding.weight)
        return F.cross_entropy(logits.float(), targets.reshape(-1)[at])


def load_conversations(path, tokenizer, context):
    """Token ids and, beside each, whether it is a token the model has to say (the answer and its <|end|>)."""
    out = []
    with open(path, encoding="utf-8") as f:
        for line in f:
            ids, said = [BOS], [0]
            for role, text in json.loads(line)["messages"]:
                e = tokenizer.encode(text) + [END]
                ids += [tokenizer.ids["<|" + role + "|>"]] + e
                said += [0] + [int(role == "assistant")] * len(e)
            if len(ids) <= context:
                out.append((np.array(ids, dtype=np.int16), np.array(said, dtype=bool)))
    return out


def batches(conversations, tokens_a_batch, rng):
    """Conversations of like length together: little padding, and no conversation sees another."""
    order = sorted(range(len(conversations)), key=lambda i: (len(conversations[i][0]) + rng.random() * 8))
    out, batch, longest = [], [], 0
    for i in order:
        n = len(conversations[i][0])
        if batch and max(longest, n) * (len(batch) + 1) > tokens_a_batch:
            out.append(batch)
            batch, longest = [], 0
        batch.append(i)
        longest = max(longest, n)
    if batch:
        out.append(batch)
    rng.shuffle(out)
    return out


def tensors(conversations, batch):
    t = max(len(conversations[i][0]) for i in batch) - 1
    x = np.full((len(batch), t), END, dtype=np.int64)
    y = np.full((len(batch), t), -1, dtype=np.int64)
    for r, i in enumerate(batch):
        ids, said = conversations[i]
        x[r, :len(ids) - 1] = ids[:-1]
        y[r, :len(ids) - 1] = np.where(said[1:], ids[1:], -1)
    return torch.from_numpy(x), torch.from_numpy(y)


def evaluate(model, conversations):
    total = count = 0
    model.eval()
    with torch.no_grad():
        for batch in batches(conversations, 4096, random.Random(0)):
            x, y = tensors(conversations, batch)
            n = int((y >= 0).sum())
            with torch.autocast("cpu", dtype=torch.bfloat16):
                total += model(x, y).item() * n
            count += n
    model.train()
    return total / count


def main():
    p = argparse.ArgumentParser()
    p.add_argument("work")
    p.add_argument("--minutes", type=float, default=50)
    p.add_argument("--total-minutes", type=float)
    p.add_argument("--resume", action="store_true")
    p.add_argument("--threads", type=int, default=2, help="0: two when the machine is idle, else one")
    p.add_argument("--lr", type=float, default=2.5e-3)
    p.add_argument("--batch", type=int, default=3072, help="tokens a step")
    p.add_argument("--seed", type=int, default=1)
    a = p.parse_args()
    total_seconds = (a.total_minutes or a.minutes) * 60
    torch.manual_seed(a.seed)
    torch.set_num_threads(a.threads or 1)
    tokenizer = Tokenizer.load(os.path.join(a.work, "tokenizer.json"))
    data = load_conversations(os.path.join(a.work, "train.jsonl"), tokenizer, CONFIG["context"] + 1)
    held = load_conversations(os.path.join(a.work, "held_out.jsonl"), tokenizer, CONFIG["context"] + 1)
    model = Clerk(CONFIG)
    parameters = sum(q.numel() for q in model.parameters())
    print("parameters %d, conversations %d (%.2f M tokens), held out %d" % (
        parameters, len(data), sum(len(c[0]) for c in data) / 1e6, len(held)), flush=True)
    optimizer = torch.optim.AdamW([
        dict(params=[q for q in model.parameters() if q.dim() > 1], weight_decay=0.05),
        dict(params=[q for q in model.parameters() if q.dim() == 1], weight_decay=0.0)], lr=a.lr, betas=(0.9, 0.98))
    state = dict(step=0, tokens=0, seconds=0.0, epoch=0)
    path = os.path.join(a.work, "checkpoint.pt")
    if a.resume:
        saved = torch.load(path)
        model.load_state_dict(saved["model"])
        optimizer.load_state_dict(saved["optimizer"])
        state = saved["state"]
        torch.manual_seed(a.seed + state["step"])

    def save():
        torch.save(dict(model=model.state_dict(), optimizer=optimizer.state_dict(), state=state, config=CONFIG), path + ".new")
        os.replace(path + ".new", path)

    begun, before = time.time(), state["seconds"]
    next_print = next_save = next_look = 0.0
    running = None
    queue = []
    while True:
        elapsed = time.time() - begun
        state["seconds"] = before + elapsed
        if elapsed >= a.minutes * 60:
            break
        if a.threads == 0 and elapsed >= next_look:
            torch.set_num_threads(2 if os.getloadavg()[0] - torch.get_num_threads() < 0.7 else 1)
            next_look = elapsed + 15
        share = min(1.0, state["seconds"] / total_seconds)
        decay = 1.0 if share < 0.35 else max(0.02, 1 - (share - 0.35) / 0.65)
        lr = a.lr * min(1.0, (state["step"] + 1) / 100) * decay
        for group in optimizer.param_groups:
            group["lr"] = lr
        if not queue:
            state["epoch"] += 1
            queue = batches(data, a.batch, random.Random(a.seed * 1000 + state["epoch"] + state["step"]))
        x, y = tensors(data, queue.pop())
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            loss = model(x, y)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        state["step"] += 1
        state["tokens"] += x.numel()
        running = loss.item() if running is None else 0.98 * running + 0.02 * loss.item()
        if elapsed >= next_print:
            print("%5.0f s  step %d  epoch %d  tokens %.2f M  lr %.5f  loss %.4f  held out %.4f  (%.0f tokens/s, %d threads)" % (
                state["seconds"], state["step"], state["epoch"], state["tokens"] / 1e6, lr, running,
                evaluate(model, held[:400]), state["tokens"] / max(state["seconds"], 1), torch.get_num_threads()), flush=True)
            next_print = elapsed + 60
        if elapsed >= next_save + 300:
            save()
            next_save = elapsed
    save()
    print("end: step %d, tokens %.2f M, loss %.4f, held out (all %d) %.4f, trained %.0f s" % (
        state["step"], state["tokens"] / 1e6, running, len(held), evaluate(model, held), state["seconds"]), flush=True)


if __name__ == "__main__":
    main()
