"""Answers the fixed prompts (or what you type) from a checkpoint, always with the likeliest token.

    python3 chat.py WORK_DIR [--ask "What is a channel?"]
"""
import os
import sys

import torch

from prompts import LIMIT, PROMPTS
from tokenizer import END, Tokenizer
from train import Clerk


def load(work):
    saved = torch.load(os.path.join(work, "checkpoint.pt"), map_location="cpu")
    model = Clerk(saved["config"])
    model.load_state_dict(saved["model"])
    return model.eval(), Tokenizer.load(os.path.join(work, "tokenizer.json"))


def answer(model, tokenizer, messages, limit=LIMIT):
    ids = tokenizer.render(messages)
    begin = len(ids)
    with torch.no_grad():
        while len(ids) - begin < limit and len(ids) < model.c["context"]:
            token = int(model(torch.tensor([ids]))[0, -1].argmax())
            if token == END:
                break
            ids.append(token)
    return ids[begin:]


if __name__ == "__main__":
    torch.set_num_threads(1)
    model, tokenizer = load(sys.argv[1])
    asked = [[("user", sys.argv[3])]] if len(sys.argv) > 3 and sys.argv[2] == "--ask" else PROMPTS
    for messages in asked:
        for role, text in messages:
            print("%s: %s" % (role, text))
        print("=> %s\n" % tokenizer.decode(answer(model, tokenizer, messages)))
