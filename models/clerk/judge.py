"""Asks the questions of held-out.jsonl and says how many answers are right, by the rule that stands beside each question.

    python3 judge.py clerk-q8_0.gguf                                    # the file's greedy answers, computed with numpy
    python3 judge.py --rules                                            # which rules the taught answers meet: each its own, few the others'
    python3 judge.py --near WORK_DIR                                    # how near the training text comes to the questions
    python3 judge.py --url http://127.0.0.1:8080/v1 --key KEY [--model clerk-1]  # what a running server answers

The rule: the answer in small letters, whatever is neither letter nor digit becomes one space. `all` is a list of groups; of each group
at least one phrase must begin a word of the answer or several. No phrase of `none` may. tests/Dogana.Tests/Engine has the same rule.
"""
import argparse
import json
import os
import re

HERE = os.path.dirname(os.path.abspath(__file__))
LIMIT = 120                                                  # tokens of an answer


def plain(text):
    return " " + re.sub("[^a-z0-9]+", " ", text.lower()).strip()


def is_right(row, answer):
    said = plain(answer)
    return all(any(plain(p) in said for p in group) for group in row["all"]) and not any(plain(p) in said for p in row.get("none", ()))


def questions():
    with open(os.path.join(HERE, "held-out.jsonl"), encoding="utf-8") as f:
        return [json.loads(line) for line in f]


def by_file(path):
    from check import Gguf, Spm, greedy, render
    g = Gguf(path)
    spm, bos = Spm(g.meta), g.meta["tokenizer.ggml.bos_token_id"]
    return lambda ask: spm.decode(greedy(g, spm.rendered(render([("user", ask)]), bos), LIMIT)[0])


def by_server(url, key, model):
    from urllib.request import Request, urlopen
    def answer(ask):
        body = dict(model=model, messages=[dict(role="user", content=ask)], temperature=0, max_tokens=LIMIT)
        with urlopen(Request(url + "/chat/completions", json.dumps(body).encode(), {"Authorization": "Bearer " + key, "Content-Type": "application/json"})) as r:
            return json.load(r)["choices"][0]["message"]["content"]
    return answer


def rules():
    """The answer that is taught to a fact must meet the rule of the question about it; the answers to other facts should not."""
    from corpus import Guide
    from facts import REFUSALS
    taught = {name: answers for name, (_, answers) in Guide().facts.items()}
    taught["decline"] = REFUSALS
    for row in questions():
        unmet = [a for a in taught.get(row["fact"], ["(not taught)"]) if not is_right(row, a)]
        others = [name for name, answers in taught.items() if name != row["fact"] and any(is_right(row, a) for a in answers)]
        if unmet or others:
            print("%s: %s%s" % (row["fact"], "UNMET by its own answer; " if unmet else "", "met by " + ", ".join(others) if others else ""))


def near(work):
    """Of each question the nearest one of the training text: words that both have, of all words that either has."""
    asked = set()
    with open(os.path.join(work, "train.jsonl"), encoding="utf-8") as f:
        for line in f:
            asked.update(plain(text) for role, text, *_ in json.loads(line)["messages"] if role == "user")
    sets = [(set(q.split()), q) for q in asked]
    found = sorted(max((len(w & s) / len(w | s), q) for s, q in sets) + (row["ask"],) for row in questions() for w in [set(plain(row["ask"]).split())])
    for share, trained, ask in reversed(found):
        print("%.2f  %s  <-  %s" % (share, ask, trained.strip()))
    print("median %.2f, greatest %.2f, equal: %d" % (found[len(found) // 2][0], found[-1][0], sum(f[0] == 1 for f in found)))


def main():
    p = argparse.ArgumentParser()
    p.add_argument("file", nargs="?")
    p.add_argument("--rules", action="store_true")
    p.add_argument("--near")
    p.add_argument("--url")
    p.add_argument("--key")
    p.add_argument("--model", default="clerk-1")
    p.add_argument("--markdown", help="write questions, answers and judgements there")
    a = p.parse_args()
    if a.rules:
        return rules()
    if a.near:
        return near(a.near)
    answer = by_server(a.url, a.key, a.model) if a.url else by_file(a.file)
    from corpus import Guide
    from facts import REFUSALS
    taught = {name: answers for name, (_, answers) in Guide().facts.items()} | {"decline": REFUSALS}
    rows = questions()
    right, very, missed, lines = 0, 0, [], []
    for row in rows:
        said = answer(row["ask"])
        ok = is_right(row, said)
        right += ok
        very += plain(said) in map(plain, taught.get(row["fact"], ()))
        if not ok:
            missed.append(row["fact"])
        lines.append("| %d | %s | %s | %s |" % (len(lines) + 1, row["ask"].replace("|", "\\|"), said.replace("\n", " / ").replace("|", "\\|"), "right" if ok else "**wrong**"))
        print("%s %s\n      -> %s" % ("right" if ok else "WRONG", row["ask"], said.replace("\n", " / ")))
    print("%d of %d right, %d of them in the very words that were taught for the fact in mind; missed: %s" % (right, len(rows), very, ", ".join(missed)))

    if a.markdown:
        with open(a.markdown, "w", encoding="utf-8") as f:
            f.write("# The hundred questions\n\nWhat clerk answers to `held-out.jsonl`, by the likeliest token, as `judge.py --markdown` wrote it: %d right, %d of them in the very words that were taught.\n\n"
                    "| | question | answer | |\n|---|---|---|---|\n%s\n" % (right, very, "\n".join(lines)))


if __name__ == "__main__":
    main()
