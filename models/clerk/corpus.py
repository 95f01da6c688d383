"""Writes clerk's whole training text from what was written by hand in guide/*.txt, facts.py and offtopic.py. Same seed, same bytes.

    python3 corpus.py OUT_DIR [--count 200000] [--seed 1]

OUT_DIR/train.jsonl     conversations, one a line: {"messages": [[role, text], ..., ["assistant", text, fact]]}
OUT_DIR/held_out.jsonl  the same facts, asked in phrasings that never occur in train.jsonl: training looks at it, and learns nothing from it

A question of held-out.jsonl, the hundred that judge.py asks, is never written: not in other spelling and not with typing slips.
"""
import argparse
import glob
import json
import os
import random
import re

from facts import (DIFFERENCES, FIRMS_A, FIRMS_B, HELLO, HELLO_TAIL, LISTS, NAME_ASKED, NAME_HELLO, REFUSALS, STEPS, SUMS, TALK, TERMS, THANKS, THANKS_TAIL, TOPICS)
from offtopic import CODE, COUNTRIES, NAMES, OTHER_QUESTIONS, THINGS, made_up_word
from wording import (A_DEFINE, A_EXAMPLE, A_WHY, ABOUT, AND, ASK_ABOUT, B_DEFINE, DIFFER, LEAD, LIST_ASK, MACROS, OFF_ASK, PLURAL_DEFINE, SMALL, STEP_ASK, STEP_NAME, SYNONYMS, SYSTEMS, TAIL)

HERE = os.path.dirname(os.path.abspath(__file__))


def plain(text):
    return re.sub("[^a-z0-9]+", " ", text.lower()).strip()


def near(a, b):
    """The same word, or one typing slip away: a letter more, less or another, or two changed places."""
    if a == b:
        return True
    if abs(len(a) - len(b)) > 1 or len(a) < 3:
        return False
    i = 0
    while i < min(len(a), len(b)) and a[i] == b[i]:
        i += 1
    return a[i + 1:] == b[i + 1:] or a[i:] == b[i + 1:] or a[i + 1:] == b[i:] or (a[i:i + 2] == b[i:i + 2][::-1] and a[i + 2:] == b[i + 2:])


class Withheld:
    """The hundred questions that must not be taught."""

    def __init__(self, path=os.path.join(HERE, "held-out.jsonl")):
        with open(path, encoding="utf-8") as f:
            self.questions = [plain(json.loads(line)["ask"]).split() for line in f]
        self.joined = {"".join(q) for q in self.questions}
        self.by_length = {}
        for q in self.questions:
            self.by_length.setdefault(len(q), []).append(q)
        self.refused = 0

    def __contains__(self, text):
        words = plain(text).split()
        found = "".join(words) in self.joined or any(all(map(near, words, q)) for q in self.by_length.get(len(words), ()))
        self.refused += found
        return found


class Guide:
    """guide/*.txt: `# name` begins a fact, `?` is a way to ask, `@` what one may ask about in many ways, `~` what somebody says who needs the
    answer, `!` an answer; {a|b} is one of them, <name> a way to begin."""

    def __init__(self):
        self.facts = {}
        for path in sorted(glob.glob(os.path.join(HERE, "guide", "*.txt"))):
            with open(path, encoding="utf-8") as f:
                for line in f:
                    mark, text = line[0], line[2:].strip()
                    if mark == "#":
                        assert text not in self.facts, text
                        asks, answers = self.facts[text] = ([], [])
                    elif mark == "?":
                        asks.append(text)
                    elif mark == "@":
                        asks += ["<about> " + text] * 2
                    elif mark == "~":
                        asks.append(text + "<so>")
                    elif mark == "!":
                        answers.append(text)
        for name, (asks, answers) in self.facts.items():
            assert asks and answers, name

    def asks(self, name, held_out):
        """Of every second fact with many ways to ask, one way is kept out of training; which one, follows from the name."""
        ways = self.facts[name][0]
        n = sum(map(ord, name))
        kept_out = ways[n // 2 % len(ways)] if n % 2 and len(ways) >= 6 else None
        return [w for w in ways if (w == kept_out) == held_out]


def held(ways):
    return [w for i, w in enumerate(ways) if i % 8 == 5]


def kept(ways):
    return [w for i, w in enumerate(ways) if i % 8 != 5]


class Writer:
    def __init__(self, seed, held_out):
        self.r = random.Random(seed)
        self.held_out = held_out
        self.some = held if held_out else kept
        self.guide = Guide()
        self.asked = [n for n in self.guide.facts if self.guide.asks(n, held_out)]

    # --- wording -------------------------------------------------------------------------------------------------
    def pick(self, ways):
        return self.r.choice(self.some(ways) or ways)

    def expand(self, text):
        """One reading of {a|b} and <name>, from the inside out."""
        while True:
            found = re.search(r"\{([^{}]*)\}|<(\w+)>", text)
            if not found:
                return re.sub(" +", " ", text)
            if found[1] is not None:
                text = text[:found.start()] + self.r.choice(found[1].split("|")) + text[found.end():]
            elif found[2] in ("what", "about"):
                text = text[:found.start()] + self.pick(A_DEFINE if found[2] == "what" else ASK_ABOUT) % self.expand(text[found.end():]).strip()
            else:
                text = text[:found.start()] + self.r.choice(MACROS[found[2]]) + text[found.end():]

    def dress(self, q):
        """A question as people type it: capital or not, mark or not, other words for the same, slips of the finger."""
        r = self.r
        if r.random() < 0.5:
            q = " ".join(r.choice(SYNONYMS[w.lower()]) if w.lower() in SYNONYMS and r.random() < 0.35 else w for w in q.split(" "))
        if r.random() < 0.06:                                          # as one types into a search box
            w = [x for x in q.split(" ") if x.lower() not in SMALL or r.random() < 0.4]
            q = " ".join(w) or q
        if r.random() < 0.06 and q.count(" ") > 4:                     # a word is missing
            w = q.split(" ")
            del w[r.randrange(len(w))]
            q = " ".join(w)
        short = len(q) < 90 and "\n" not in q
        if short and r.random() < 0.16:
            q = self.expand(self.pick(LEAD)) + q
        if short and r.random() < 0.08:
            q = q + self.pick(TAIL)
        p = r.random()
        q = q[0].upper() + q[1:] if p < 0.5 else q.lower() if p < 0.62 else q
        if r.random() < 0.12 and len(q) > 8:
            for _ in range(r.choice([1, 1, 1, 2, 2, 3])):
                q = self.slip(q)
        asks = re.search(r"(^|, |: |\. )(hello |hi |hey |so |and |but )?(what|who|why|how|can|could|do|does|is|are|when|where|which|may|must|in )\b", q.lower())
        p = r.random()
        if asks:
            q += "?" if p < 0.62 else "" if p < 0.92 else "." if p < 0.95 else "??" if p < 0.98 else " ?"
        else:
            q += "." if p < 0.35 else "" if p < 0.8 else "?" if p < 0.93 else "!"
        return q

    def slip(self, q):
        r = self.r
        i = r.randrange(1, len(q) - 2)
        if not (q[i].isalpha() and q[i + 1].isalpha()):
            return q
        k = r.random()
        if k < 0.4:
            return q[:i] + q[i + 1] + q[i] + q[i + 2:]
        if k < 0.7:
            return q[:i] + q[i + 1:]
        if k < 0.85:
            return q[:i] + q[i] + q[i:]
        return q[:i] + r.choice("abcdefghijklmnopqrstuvwxyz") + q[i + 1:]

    # --- single exchanges: (question, (fact, answer)) ----------------------------------------------------------------
    def guided(self):
        n = self.r.choice(self.asked)
        return self.expand(self.r.choice(self.guide.asks(n, self.held_out))).strip(), (n, self.r.choice(self.guide.facts[n][1]))

    def naming(self, t):
        """The word with its article, and bare: sometimes another name for it."""
        r = self.r
        if t[2] and r.random() < 0.3:
            n = r.choice(t[2])
            return n, n
        name, bare = (t[0], t[0]) if r.random() < 0.12 else (t[1], t[0])
        if len(t[0]) > 5 and r.random() < 0.15:                        # a slip in the very word that is asked for
            slipped = self.slip(t[0])
            return name[:-len(t[0])] + slipped, slipped
        return name, bare

    def meaning(self, t):
        return ("what " + t[0], t[3][0] if self.r.random() < 0.7 else self.r.choice(t[3]))

    def define(self, t=None):
        t = t or self.r.choice(TERMS)
        plural = next((x for x in t[2] if x in (t[0] + "s", t[0][:-1] + "ies")), None)
        if plural and self.r.random() < 0.12:
            return self.pick(PLURAL_DEFINE) % plural, self.meaning(t)
        a, b = self.naming(t)
        return (self.pick(A_DEFINE) % a if self.r.random() < 0.68 else self.pick(B_DEFINE) % b), self.meaning(t)

    def why(self, t=None):
        t = t or self.r.choice(TERMS)
        return (self.pick(A_WHY) % self.naming(t)[0], ("why " + t[0], t[4])) if t[4] else self.define(t)

    def example(self, t=None):
        t = t or self.r.choice(TERMS)
        return (self.pick(A_EXAMPLE) % self.naming(t)[0], ("example " + t[0], t[5])) if t[5] else self.define(t)

    def about(self):
        t = self.r.choice(TERMS)
        if not t[4]:
            return self.define(t)
        return self.pick(ABOUT) % t[1], ("about " + t[0], t[3][0] + " " + t[4])

    def differ(self):
        a, b = self.r.choice(list(DIFFERENCES))
        articles = {t[0]: t[1] for t in TERMS}
        x, y = (articles.get(n, n) if self.r.random() < 0.7 else n for n in ((a, b) if self.r.random() < 0.6 else (b, a)))
        return self.pick(DIFFER) % (x, y), ("difference %s %s" % (a, b), DIFFERENCES[a, b])

    def topic(self):
        q, a = self.r.choice(TOPICS)
        return self.pick(q), (q[0], a)

    def step(self):
        s = self.r.choice(STEPS)
        return (self.pick(STEP_ASK) % s[0] if self.r.random() < 0.7 else self.pick(STEP_NAME) % s[1]), ("step " + s[1], s[2])

    def listing(self):
        names, head, items = self.r.choice(LISTS)
        q = self.pick(LIST_ASK)
        return q % self.r.choice(names), ("list " + names[0], head + "".join("\n%s %s" % ("%d." % (i + 1) if "number" in q else "-", x) for i, x in enumerate(items)))

    def talk(self):
        r, answers = self.r, {q: a for ways, a in TALK for q in ways}
        if r.random() < 0.08:
            return r.choice(THANKS) + r.choice(THANKS_TAIL), ("talk thank you", answers["thank you"])
        if r.random() < 0.08:
            return r.choice(HELLO) + r.choice(HELLO_TAIL), ("talk hello", answers["hello"])
        q, a = r.choice(TALK)
        return r.choice(q), ("talk " + q[0], a)

    def sums(self):
        r = self.r
        top = r.choice([9, 9, 20, 99, 99999])
        q = r.choice(["what is %d plus %d", "what is %d + %d", "%d + %d", "how much is %d plus %d", "%d+%d", "add %d and %d", "calculate %d + %d", "what is %d minus %d", "what is %d - %d", "%d-%d=",
                      "what is %d times %d", "%d * %d", "calculate %d / %d", "what is %d divided by %d", "multiply %d by %d", "what does %d plus %d make", "solve %d + x = %d", "is %d more than %d"])
        return q % (r.randint(0, top), r.randint(0, top)), ("sums", SUMS)

    def filler(self, n):
        r = self.r
        return " ".join(r.choice(["the", "a", "one", "every", "my", "this"]) + " " + r.choice(THINGS) + " " + r.choice(["is", "has", "sees", "likes", "needs", "makes", "wants", "and"]) + " " +
                        r.choice(["the", "a", "some", "no"]) + " " + r.choice(THINGS) + "." for _ in range(n))

    def off(self):
        r = self.r
        k = r.random()
        thing = made_up_word(r) if r.random() < 0.2 else r.choice(THINGS)
        a = ("an " if thing[0] in "aeiou" else "a ") + thing
        if k < 0.22:
            q = (r.choice(A_DEFINE) % r.choice([a, thing, "the " + thing])) if r.random() < 0.6 else r.choice(B_DEFINE) % thing
        elif k < 0.28:
            q = r.choice(A_WHY + A_EXAMPLE) % r.choice([thing, "a " + thing, "the " + thing])
        elif k < 0.78:
            q = self.expand(r.choice(OFF_ASK)).strip().replace("THING", thing).replace("COUNTRY", r.choice(COUNTRIES)).replace("NAME", r.choice(NAMES))
        elif k < 0.84:
            q = r.choice(CODE)
        elif k < 0.88:                                                 # a long text that has nothing to do with the house
            q = r.choice(["", "", "summarise this: ", "read this text. ", "translate: ", "what do you think of this: "]) + self.filler(r.randint(1, 4))
        elif k < 0.90:
            q = "".join(r.choice("abcdefghijklmnopqrstuvwxyz    0123456789?!") for _ in range(r.randint(3, 40))).strip() or "x"
        else:
            q = r.choice(OTHER_QUESTIONS)
        return q, ("decline", REFUSALS[0] if r.random() < 0.8 else r.choice(REFUSALS))

    # --- more than one exchange ------------------------------------------------------------------------------------
    def name_talk(self):
        n = self.r.choice(NAMES) if self.r.random() < 0.7 else made_up_word(self.r).capitalize()
        q = self.r.choice(["my name is %s", "I am %s", "hello, I am %s", "hi, my name is %s", "call me %s", "hello, my name is %s", "this is %s speaking"]) % n
        first = (q, ("name hello", NAME_HELLO))
        if self.r.random() < 0.5:
            return [first]
        return [first, (self.r.choice(["what is my name", "do you know my name", "do you remember my name", "tell me my name", "what am I called"]), ("name asked", NAME_ASKED))]

    def follow(self):
        """A question about a word, then one that only says 'it'."""
        t = self.r.choice([t for t in TERMS if t[4] and t[5]])
        if self.r.random() < 0.5:
            q = self.pick(["why does it matter", "why is that important", "why", "and why", "why do we need it", "what is it good for", "why does that matter", "why is it important", "and why does it matter", "what is it for"])
            return [self.define(t), (q, ("why " + t[0], t[4]))]
        q = self.pick(["give me an example", "for example", "can you give an example", "an example please", "do you have an example", "example", "please give me an example", "show me an example", "and an example", "such as"])
        return [self.define(t), (q, ("example " + t[0], t[5]))]

    def and_word(self):
        """A question, then one that only names another word, or another thing that the guide knows."""
        first = (self.define if self.r.random() < 0.6 else self.guided)()
        t = self.r.choice(TERMS)
        if self.r.random() < 0.6:
            return [first, (self.pick(AND) % self.naming(t)[0], self.meaning(t))]
        n, ways = self.r.choice([(n, w) for n in self.asked for w in [[a[8:] for a in self.guide.asks(n, False) if a.startswith("<about> ")]] if w])
        return [first, (self.pick(AND) % self.expand(self.r.choice(ways)), (n, self.r.choice(self.guide.facts[n][1])))]

    def one(self):
        k = self.r.random()
        return (self.guided if k < 0.80 else self.define if k < 0.88 else self.why if k < 0.895 else self.example if k < 0.91 else self.about if k < 0.915 else self.differ if k < 0.93 else
                self.topic if k < 0.955 else self.step if k < 0.96 else self.listing if k < 0.965 else self.talk)()

    def conversation(self):
        r = self.r
        k = r.random()
        if self.held_out:
            turns = [r.choice([self.guided, self.guided, self.guided, self.guided, self.define, self.why, self.differ, self.topic])()]
        else:
            turns = (self.name_talk() if k < 0.01 else [self.sums()] if k < 0.025 else [self.off()] if k < 0.14 else self.follow() if k < 0.155 else self.and_word() if k < 0.185 else
                     [self.one(), self.one()] if k < 0.205 else [self.talk()] if k < 0.215 else [self.one()])
        messages = []
        if r.random() < 0.08 and not self.held_out:
            messages.append(("system", r.choice(SYSTEMS) % dict(firm=r.choice(FIRMS_A) + " " + r.choice(FIRMS_B))))
        for q, (fact, answer) in turns:
            messages += [("user", self.dress(q)), ("assistant", answer, fact)]
        return messages


def write(path, writer, withheld, count):
    n = 0
    with open(path, "w", encoding="utf-8") as f:
        for _ in range(count):
            m = writer.conversation()
            while any(t[0] == "user" and t[1] in withheld for t in m):
                m = writer.conversation()
            n += sum(len(t[1]) for t in m)
            f.write(json.dumps({"messages": m}, ensure_ascii=False) + "\n")
    print("%s: %d conversations, %.1f M characters, %d withheld questions not written" % (os.path.basename(path), count, n / 1e6, withheld.refused))


def main():
    p = argparse.ArgumentParser()
    p.add_argument("out")
    p.add_argument("--count", type=int, default=200000)
    p.add_argument("--seed", type=int, default=1)
    a = p.parse_args()
    os.makedirs(a.out, exist_ok=True)
    withheld = Withheld()
    write(os.path.join(a.out, "train.jsonl"), Writer(a.seed, False), withheld, a.count)
    write(os.path.join(a.out, "held_out.jsonl"), Writer(a.seed + 1, True), withheld, 2000)
    guide = Guide()
    print("%d facts of the guide with %d ways to ask, %d words" % (len(guide.facts), sum(len(q) for q, _ in guide.facts.values()), len(TERMS)))


if __name__ == "__main__":
    main()
