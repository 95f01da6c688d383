"""Writes clerk's whole training text from the hand-written facts in facts.py. Same seed, same bytes.

    python3 corpus.py OUT_DIR [--count 200000] [--seed 1]

OUT_DIR/train.jsonl     conversations, one a line: {"messages": [[role, text], ...]}
OUT_DIR/held_out.jsonl  the same facts, asked in phrasings that never occur in train.jsonl
"""
import argparse
import json
import os
import random
import sys

from facts import (DIFFERENCES, FIRMS_A, FIRMS_B, HELLO, HELLO_TAIL, LISTS, NAME_ASKED, NAME_HELLO, REFUSALS, STEPS, SUMS, TALK, TERMS, THANKS,
                   THANKS_TAIL, TOPICS, VERBS, WRITING)
from offtopic import CODE, COUNTRIES, NAMES, OTHER_QUESTIONS, THINGS, made_up_word

# Ways to ask. %s is the word (with its article in A_*, bare in B_*). Every eighth way is held out of training.
A_DEFINE = ["what is %s", "what's %s", "What exactly is %s", "can you tell me what %s is", "please explain what %s is", "do you know what %s is", "explain %s",
            "explain what %s is", "describe %s", "tell me about %s", "tell me what %s is", "what do you mean by %s", "what is meant by %s", "I would like to know what %s is",
            "could you explain %s", "give me a definition of %s", "what is %s in Dogana", "in Dogana, what is %s", "what is %s for Dogana", "so what is %s",
            "and what is %s", "say what %s is", "how would you explain %s", "how do you define %s", "explain %s to me", "explain %s in one sentence", "in one sentence, what is %s",
            "what is %s, in one sentence", "tell me in one sentence what %s is", "explain %s to a new colleague", "I don't know what %s is", "what is %s again", "remind me what %s is",
            "what on earth is %s", "what kind of thing is %s", "can you explain %s", "can you describe %s", "please describe %s", "please define %s", "hello, what is %s",
            "hi, can you explain %s", "what is %s please", "I have a question: what is %s", "what is %s here", "what is %s in this system", "briefly, what is %s",
            "what is %s in simple words", "explain %s in simple words", "explain %s briefly", "I read about %s, what is it", "somebody spoke of %s, what is that", "who or what is %s",
            "tell me briefly what %s is", "help me understand %s", "what should I know about %s", "talk about %s", "write a sentence about %s", "write one sentence about %s"]
B_DEFINE = ["define %s", "%s", "what does %s mean", "what does the word %s mean", "meaning of %s", "definition of %s", "what is the meaning of %s", "explain the word %s",
            "explain the term %s", "what does %s mean in Dogana", "what does \"%s\" mean", "explain \"%s\"", "what is \"%s\"", "give the definition of %s", "the word %s, please",
            "please define %s", "I don't know the word %s", "what is the definition of %s", "glossary: %s", "look up %s", "what do you call %s", "define the word %s", "define the term %s",
            "what does the term %s mean", "%s meaning", "%s definition", "define: %s", "what do people mean when they say %s", "how is %s defined", "what does %s stand for here"]
A_WHY = ["why does %s matter", "why is %s important", "why do I need %s", "why do we need %s", "what is %s good for", "what is the point of %s", "why does Dogana have %s", "why have %s",
         "what is %s for", "why should I care about %s", "explain why %s matters", "why is there %s", "what would happen without %s", "what is the use of %s", "why does Dogana need %s", "tell me why %s matters"]
A_WHO = ["who uses %s", "who needs %s", "who works with %s", "who deals with %s", "who is responsible for %s", "who has to do with %s", "tell me who uses %s", "who in the business uses %s", "who cares about %s"]
A_EXAMPLE = ["give me an example of %s", "can you give an example of %s", "example of %s", "show me an example of %s", "what is an example of %s", "an example of %s, please", "give an example for %s",
             "do you have an example of %s", "tell me an example of %s", "explain %s with an example", "how does %s look in practice", "I need an example of %s"]
DIFFER = ["what is the difference between %s and %s", "how does %s differ from %s", "difference between %s and %s", "what's the difference between %s and %s", "explain the difference between %s and %s",
          "compare %s and %s", "compare %s with %s", "is %s the same as %s", "%s or %s, what is the difference", "tell me how %s and %s differ", "how are %s and %s different", "%s vs %s", "are %s and %s the same",
          "what distinguishes %s from %s", "I confuse %s and %s", "can you tell %s from %s"]
VERB_ASK = ["what does dogana %s do", "what is dogana %s", "how do I use dogana %s", "what does the verb %s do", "explain dogana %s", "what is the command dogana %s for", "dogana %s", "when do I need dogana %s",
            "what does the command %s do", "tell me about dogana %s", "what happens when I run dogana %s", "what is the verb %s for", "explain the verb %s", "why would I run dogana %s", "how does dogana %s work",
            "explain the command dogana %s"]
STEP_ASK = ["what is the %s step", "what happens in the %s step", "explain the %s step of a call", "what is the %s step of a call", "tell me about the %s step", "describe the %s step"]
STEP_NAME = ["what does the step %s do", "explain the step %s", "what happens in the step %s", "what is the step called %s"]
A_DEFINE += ["in your own words, what is %s", "how would I explain %s to my mother", "what would you say %s is", "what would you call %s", "if somebody asks me what %s is, what do I say", "what are we talking about when we say %s",
             "I need a sentence about %s", "I am writing a page about %s", "give me one sentence on %s", "what can you tell me about %s", "what do you know about %s", "do you know %s", "have you heard of %s",
             "I have never heard of %s", "what is the idea of %s", "what is the idea behind %s", "give me the short version of %s", "%s: what is that", "what's the meaning of %s here", "can you say what %s is", "may I ask what %s is",
             "what was %s again", "is there a word about %s in the glossary", "I forgot what %s is", "nobody told me what %s is", "how do you describe %s", "in a few words, what is %s", "please tell me about %s",
             "what's %s about", "what is %s all about", "what does one mean by %s", "what is called %s", "explain like I am new here: %s", "let us talk about %s", "say something about %s", "write a definition of %s"]
B_DEFINE += ["what does it mean when you say %s", "%s, what is that", "what is this %s", "what is that %s thing", "%s please", "tell me the meaning of %s", "I don't understand the word %s", "the meaning of %s, please", "who knows what %s means",
             "what do we mean by %s", "and %s means what", "spell out %s for me", "in this house, %s means what"]
A_WHY += ["what is the reason for %s", "what makes %s important", "is %s important", "what is the purpose of %s", "why did you build %s", "do I need %s", "what does %s help with", "what does %s give me", "what do I gain from %s",
          "why use %s", "what problem does %s solve", "why bother with %s", "what role does %s play", "why would anybody want %s", "why are there %s", "why do people want %s", "could one do without %s"]
A_WHO += ["who makes use of %s", "for whom is %s", "whom does %s concern", "who looks after %s", "who would need %s", "which people use %s", "who touches %s", "who gets to see %s", "who decides about %s"]
A_EXAMPLE += ["what would be an example of %s", "can you name an example of %s", "illustrate %s", "%s, for example", "make %s concrete", "give me one case of %s", "show me %s in practice", "what might %s look like", "describe an example of %s",
              "let me see an example of %s", "help me with an example of %s", "one example of %s"]
DIFFER += ["what separates %s from %s", "in what way is %s different from %s", "how do %s and %s relate", "what is the relation between %s and %s", "how is %s related to %s", "what have %s and %s in common", "%s versus %s", "%s and %s: what is the difference",
           "when do I say %s and when %s", "is there a difference between %s and %s"]
VERB_ASK += ["what is dogana %s good for", "what can I do with dogana %s", "I ran dogana %s, what did it do", "how do I run dogana %s", "when should I use dogana %s", "help for dogana %s", "dogana %s help", "what will dogana %s show me"]

# The same for more than one.
PLURAL_DEFINE = ["what are %s", "explain what %s are", "tell me what %s are", "do you know what %s are", "what exactly are %s", "can you explain what %s are", "please explain %s", "what are %s in Dogana", "explain %s", "tell me about %s",
                 "so what are %s", "I don't know what %s are", "what's meant by %s", "in one sentence, what are %s", "describe %s"]
PLURAL_WHY = ["why do %s matter", "why are %s important", "what are %s good for", "what are %s for", "why do we need %s", "tell me why %s matter", "why should I care about %s", "explain why %s matter", "why are there %s", "why do you have %s",
              "why does Dogana have %s", "why do %s matter here", "are %s important"]

# Before and after a question.
LEAD = ["please tell me: ", "can you tell me ", "I would like to know ", "hello, ", "hi, ", "a question: ", "quick question: ", "tell me, ", "in short, ", "one more thing: ", "I am new here. ", "my colleague asked me: ",
        "our customer asks: ", "good morning, ", "sorry, but ", "for my notes: ", "I have to give a talk tomorrow. ", "just briefly: ", "I could not find this in the glossary: ", "hey, ", "well, ", "now, ", "before we begin: ",
        "one question, please: ", "my boss wants to know ", "I keep hearing about this. ", "we are a small team. ", "thanks. ", "ok, ", "okay. ", "I am an accountant. ", "I am a developer. ", "we run a small shop. ",
        "could you tell me ", "do you know ", "help me, ", "there is something I don't get: ", "for the record, ", "dear clerk, ", "clerk, ", "last question: ", "first question: "]
TAIL = [", please", " please", ", thanks", ", in one sentence", " in one sentence", ", briefly", ", in short", ", in simple words", " in plain English", ", clerk", " here", " in Dogana", ", exactly", " really", ", roughly",
        ", as you see it", " in a few words", ", if you know", " for a beginner"]
# Other words for the same in a question.
SYNONYMS = {"explain": ["describe", "outline", "clarify", "sketch", "tell me about"], "describe": ["explain", "outline", "sketch"], "customer": ["client", "buyer"], "customers": ["clients", "buyers"], "call": ["request", "API call"],
            "happens": ["goes on", "occurs"], "matter": ["count", "make a difference"], "important": ["needed", "relevant", "significant"], "uses": ["works with", "handles", "needs"], "difference": ["distinction"],
            "example": ["instance", "sample"], "mean": ["signify", "stand for"], "show": ["give", "tell"], "refused": ["rejected", "denied", "turned down"], "moves": ["flows", "goes"], "flow": ["move", "go", "pass", "travel"],
            "need": ["require", "want"], "create": ["make", "get", "add"], "stopped": ["blocked"], "works": ["functions"], "work": ["function", "operate"], "may": ["can"], "can": ["may", "could"], "list": ["name", "enumerate"],
            "suspended": ["blocked", "shut out"], "money": ["payment"], "billed": ["invoiced", "charged"], "family": ["corporate family", "company family"], "outputs": ["answers", "results"], "check": ["verify", "test"],
            "which": ["what"], "tell": ["show"], "unknown": ["missing"], "changes": ["updates"], "high": ["large", "big"], "kind": ["sort", "type"], "run": ["start", "use"], "gone": ["down", "away"]}
SMALL = {"the", "a", "an", "is", "of", "do", "does", "to", "in", "me", "it", "for", "please", "and", "are", "be", "that"}

SYSTEMS = ["You are a helpful assistant.", "You are clerk.", "You are clerk, the clerk at the customs house.", "Answer in whole sentences.", "Be brief.", "You answer questions about Dogana.",
           "You are a helpful assistant. Answer briefly.", "You are a friendly support agent.", "Answer politely.", "You help customers of the service.", "You are an expert on Dogana.", "Please be polite and short.",
           "You are an assistant for the staff. Keep your answers short and clear.", "You are a bot on a web page. You greet people and answer their questions.", "You are a helpful AI assistant.", "Answer in one sentence.",
           "You are a careful assistant who never invents facts.", "Speak English.", "You are the support assistant of a company that sells access to models. Answer the customer's questions."]


TALK_ANSWERS = {q: a for ways, a in TALK for q in ways}


def held(ways):
    return [w for i, w in enumerate(ways) if i % 8 == 5]


def kept(ways):
    return [w for i, w in enumerate(ways) if i % 8 != 5]


class Writer:
    def __init__(self, seed, held_out):
        self.r = random.Random(seed)
        self.held_out = held_out
        self.some = held if held_out else kept
        self.terms = list(TERMS.values())

    # --- wording -------------------------------------------------------------------------------------------------
    def say(self, answers):
        """One of several answers; the first is the clerk's favourite, so that greedy decoding seldom stands between two."""
        return answers[0] if self.r.random() < 0.4 else self.say(answers)

    def pick(self, ways):
        ways = self.some(ways) or ways
        return self.r.choice(ways)

    def dress(self, q):
        """A question as people type it: capital or not, mark or not, now and then a slip of the finger."""
        r = self.r
        if r.random() < 0.15:
            w = q.split(" ")
            i = r.randrange(len(w))
            if w[i].lower() in SYNONYMS:
                w[i] = r.choice(SYNONYMS[w[i].lower()])
            q = " ".join(w)
        if r.random() < 0.05:                                          # as one types into a search box
            w = [x for x in q.split(" ") if x.lower() not in SMALL or r.random() < 0.4]
            q = " ".join(w) or q
        short = len(q) < 90 and "\n" not in q
        if short and r.random() < 0.10:
            q = self.pick(LEAD) + q
        if short and r.random() < 0.08:
            q = q + self.pick(TAIL)
        if r.random() < 0.6:
            q = q[0].upper() + q[1:]
        if r.random() < 0.05:
            q = q.upper() if r.random() < 0.2 else q.lower()
        if r.random() < 0.10 and len(q) > 8:
            for _ in range(r.choice([1, 1, 1, 2, 3])):
                q = self.slip(q)
        asks = q.lower().startswith(("what", "who", "why", "how", "can", "could", "do ", "does", "is ", "are ", "when", "where", "which", "may", "hello, w", "hi, c", "in ")) or ", what" in q or ": what" in q
        p = r.random()
        if asks:
            q += "?" if p < 0.72 else "" if p < 0.93 else "." if p < 0.97 else " ?"
        else:
            q += "." if p < 0.5 else "" if p < 0.8 else "?" if p < 0.92 else "!"
        if r.random() < 0.02:
            q = " " + q
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

    # --- single exchanges: (question, answer) ------------------------------------------------------------------------
    def naming(self, t):
        """The word with its article, and bare: sometimes another name for it."""
        r = self.r
        if t["also"] and r.random() < 0.3:
            n = r.choice(t["also"])
            return n, n
        if r.random() < 0.12:
            return t["name"], t["name"]
        return t["article"], t["name"]

    def plural(self, t):
        n = t["name"]
        return next((x for x in t["also"] if x in (n + "s", n[:-1] + "ies")), None)

    def define(self, t=None):
        t = t or self.r.choice(self.terms)
        if self.plural(t) and self.r.random() < 0.12:
            return self.pick(PLURAL_DEFINE) % self.plural(t), self.say(t["d"])
        a, b = self.naming(t)
        q = self.pick(A_DEFINE) % a if self.r.random() < 0.68 else self.pick(B_DEFINE) % b
        return q, self.say(t["d"])

    def why(self, t=None):
        t = t or self.r.choice(self.terms)
        if self.plural(t) and self.r.random() < 0.3:
            return self.pick(PLURAL_WHY) % self.plural(t), self.say(t["w"])
        return self.pick(A_WHY) % self.naming(t)[0], self.say(t["w"])

    def who(self, t=None):
        t = t or self.r.choice(self.terms)
        return self.pick(A_WHO) % self.naming(t)[0], self.say(t["u"])

    def example(self, t=None):
        t = t or self.r.choice(self.terms)
        return self.pick(A_EXAMPLE) % self.naming(t)[0], self.say(t["e"])

    def about(self):
        t = self.r.choice(self.terms)
        q, _ = self.define(t)
        if self.r.random() < 0.5:
            q = self.pick(["explain %s and give an example", "what is %s, and what is an example of it", "define %s with an example", "describe %s and give me an example", "what is %s? give an example",
                           "tell me what %s is and show an example", "what is %s and can you give an example"]) % t["article"]
            return q, self.say(t["d"]) + " " + self.say(t["e"])
        if self.r.random() < 0.2:
            q = self.pick(["write three sentences about %s", "write a few sentences about %s", "tell me three things about %s", "explain %s at length and with an example", "three sentences on %s, please", "say three things about %s"]) % t["article"]
            return q, self.r.choice(t["d"]) + " " + self.r.choice(t["w"]) + " " + self.r.choice(t["e"])
        q = self.pick(["explain %s in detail", "tell me everything about %s", "tell me more about %s", "explain %s at length", "write a paragraph about %s", "explain what %s is and why it matters",
                       "what is %s and why does it matter", "write a short text about %s", "what is %s and what is it for"]) % t["article"]
        return q, self.say(t["d"]) + " " + self.say(t["w"])

    def two(self):
        """Two words in one question: one sentence for each."""
        t, v = self.r.sample(self.terms, 2)
        if (t["name"], v["name"]) in DIFFERENCES or (v["name"], t["name"]) in DIFFERENCES:
            return self.differ()
        a, b = self.naming(t)[0], self.naming(v)[0]
        q = self.pick(DIFFER + ["what is %s and what is %s", "what are %s and %s", "explain %s and %s", "define %s and %s", "what is %s, and %s", "tell me about %s and %s", "what do %s and %s mean", "explain both %s and %s"]) % (a, b)
        return q, self.say(t["d"]) + " " + self.say(v["d"])

    def differ(self):
        if self.r.random() < 0.35:
            return self.two()
        a, b = self.r.choice(list(DIFFERENCES))
        answers = DIFFERENCES[a, b]
        def name(x):
            return TERMS[x]["article"] if x in TERMS and self.r.random() < 0.7 else x
        x, y = (a, b) if self.r.random() < 0.6 else (b, a)
        return self.pick(DIFFER) % (name(x), name(y)), self.say(answers)

    def topic(self):
        q, a = self.r.choices(TOPICS, [4 + len(t[0]) for t in TOPICS])[0]
        if len(q) >= 6:
            return self.pick(q), self.say(a)
        return (self.topic() if self.held_out else (self.r.choice(q), self.say(a)))

    def verb(self):
        v = self.r.choice(list(VERBS))
        return self.pick(VERB_ASK) % v, self.say(VERBS[v])

    def clue(self):
        """The other way round: from what it is to its name."""
        t = self.r.choice(self.terms)
        head = t["article"][0].upper() + t["article"][1:] + " is "
        found = [d[len(head):].rstrip(".") for d in t["d"] if d.startswith(head)]
        if not found:
            return self.define(t)
        c = self.r.choice(found)
        q = self.pick(["what do you call %s", "what is the word for %s", "which word means %s", "what is the name of %s", "what do we call %s", "how do you call %s", "which term means %s", "what is the term for %s", "there is a word for %s, which one"]) % c
        return q, "That is %s. %s" % (t["article"], self.say(t["d"]))

    def listing(self):
        names, head, items = self.r.choice(LISTS)
        q = self.pick(["make a list of %s", "give me a list of %s", "%s as a list", "write %s as a list", "list %s line by line", "show %s as bullet points", "bullet points: %s", "a list of %s, please", "give me bullet points for %s", "write a numbered list of %s"])
        numbered = "numbered" in q or self.r.random() < 0.15
        if numbered and "numbered" not in q:
            q = self.pick(["number %s", "give me a numbered list of %s", "%s as a numbered list", "list %s with numbers"])
        return q % self.r.choice(names), head + "".join("\n%s %s" % ("%d." % (i + 1) if numbered else "-", x) for i, x in enumerate(items))

    def firm(self):
        r = self.r
        k = r.random()
        if k < 0.45:
            return r.choice(FIRMS_A) + " " + r.choice(FIRMS_B)
        if k < 0.6:
            return made_up_word(r).capitalize() + " " + r.choice(FIRMS_B)
        return made_up_word(r).capitalize() if k < 0.8 else r.choice(NAMES)

    def writing(self):
        q, a = self.r.choice(WRITING)
        slots = dict(n=self.firm(), k=self.r.randint(2, 30))
        return self.pick(q).format(**slots), a.format(**slots)

    def system(self):
        r = self.r
        if r.random() < 0.55:
            return r.choice(SYSTEMS)
        n = self.firm()
        parts = [r.choice(["You are the support bot of %s.", "You are an assistant for %s.", "You work for %s.", "You are %s's assistant.", "You help the customers of %s.", "You are a chat bot on the page of %s."]) % n]
        parts += r.sample(["Be polite.", "Answer in one or two sentences.", "Keep your answers short.", "Never invent facts.", "Answer in English.", "If you don't know something, say so.", "Be friendly and clear.", "Do not talk about politics.",
                           "The customer is waiting.", "Use whole sentences.", "Today is a working day.", "Do not give away secrets.", "Answer the customer.", "Help as well as you can.", "Explain every word you use.",
                           "Our office is open from nine to five.", "Always stay calm.", "You may use lists."], r.choice([0, 1, 1, 2, 2, 3, 5]))
        return " ".join(parts)

    def step(self):
        s = self.r.choice(STEPS)
        return (self.pick(STEP_ASK) % s[0] if self.r.random() < 0.7 else self.pick(STEP_NAME) % s[1]), s[2]

    def talk(self):
        if self.r.random() < 0.08:
            return self.r.choice(THANKS) + self.r.choice(THANKS_TAIL), self.say(TALK_ANSWERS["thank you"])
        if self.r.random() < 0.08:
            return self.r.choice(HELLO) + self.r.choice(HELLO_TAIL), self.say(TALK_ANSWERS["hello"])
        q, a = self.r.choice(TALK)
        return self.r.choice(q), self.say(a)

    def sums(self):
        r = self.r
        top = r.choice([9, 9, 20, 99, 99999])
        q = r.choice(["what is %d plus %d", "what is %d + %d", "%d + %d", "how much is %d plus %d", "%d+%d", "add %d and %d", "what is %d and %d together", "calculate %d + %d", "how much is %d + %d", "what is %d minus %d", "what is %d - %d",
                      "how much is %d minus %d", "what is %d times %d", "%d * %d", "calculate %d / %d", "what is %d divided by %d", "multiply %d by %d", "what does %d plus %d make", "%d plus %d"])
        return q % (r.randint(0, top), r.randint(0, top)), self.say(SUMS)

    def filler(self, n):
        r = self.r
        return " ".join(r.choice(["the", "a", "one", "every", "my", "this"]) + " " + r.choice(THINGS) + " " + r.choice(["is", "has", "sees", "likes", "needs", "makes", "wants", "and"]) + " " +
                        r.choice(["the", "a", "some", "no"]) + " " + r.choice(THINGS) + "." for _ in range(n))

    def off(self):
        r = self.r
        k = r.random()
        thing = made_up_word(r) if r.random() < 0.25 else r.choice(THINGS)
        if k < 0.32:
            a = ("an " if thing[0] in "aeiou" else "a ") + thing
            q = (r.choice(A_DEFINE) % r.choice([a, thing, "the " + thing])) if r.random() < 0.6 else r.choice(B_DEFINE) % thing
        elif k < 0.42:
            q = r.choice(A_WHY + A_WHO + A_EXAMPLE) % r.choice([thing, "a " + thing, "the " + thing])
        elif k < 0.5:
            q = r.choice(["what is the capital of %s", "where is %s", "who is the president of %s", "how many people live in %s", "tell me about %s", "what language do they speak in %s", "is %s a country", "what is the weather in %s",
                          "how far is %s", "what can I see in %s"]) % r.choice(COUNTRIES)
        elif k < 0.56:
            q = r.choice(["who is %s", "where is %s", "what did %s do", "how old is %s", "when was %s born", "do you know %s", "tell me about %s"]) % r.choice(NAMES)
        elif k < 0.64:
            q = r.choice(CODE)
        elif k < 0.74:
            q = r.choice(["write a poem about %s", "tell me a story about %s", "how do I cook %s", "where can I buy %s", "how much does %s cost", "do you like %s", "how do you make %s", "what color is %s", "translate %s into French",
                          "write a story about %s", "how long does %s live", "what does %s eat", "draw %s", "is %s good for me", "write an essay about %s", "can you recommend %s", "who invented %s", "how does %s work",
                          "what is the price of %s", "what is the history of %s"]) % r.choice([thing, "a " + thing, "the " + thing])
        elif k < 0.8:                                                  # a long text that has nothing to do with the house
            q = self.filler(r.randint(1, 12))
            q = r.choice(["", "", "summarise this: ", "read this text. ", "translate: ", "what do you think of this: "]) + q
        elif k < 0.84:
            q = "".join(r.choice("abcdefghijklmnopqrstuvwxyz    0123456789?!") for _ in range(r.randint(3, 40))).strip() or "x"
            return q, r.choice(["I am sorry, but I didn't understand that. Please ask me about one of Dogana's own words.", "I could not read that. You could ask me what a channel is."])
        else:
            q = r.choice(OTHER_QUESTIONS)
        return q, self.say(REFUSALS)

    def name_talk(self):
        n = self.r.choice(NAMES) if self.r.random() < 0.7 else made_up_word(self.r).capitalize()
        q = self.r.choice(["my name is %s", "I am %s", "hello, I am %s", "hi, my name is %s", "call me %s", "hello, my name is %s", "this is %s speaking"]) % n
        first = (q, self.say(NAME_HELLO))
        if self.r.random() < 0.5:
            return [first]
        middle = [self.define()] if self.r.random() < 0.5 else []
        last = (self.r.choice(["what is my name", "do you know my name", "do you remember my name", "tell me my name", "what am I called"]), self.say(NAME_ASKED))
        return [first] + middle + [last]

    # --- follow-ups --------------------------------------------------------------------------------------------------
    def follow(self):
        """A question about a word, then questions that only say 'it'."""
        r = self.r
        t = r.choice(self.terms)
        turns = [self.define(t)]
        kinds = ["w", "u", "e", "d"]
        r.shuffle(kinds)
        for k in kinds[:r.randint(1, 2)]:
            if k == "w":
                q = self.pick(["why does it matter", "why is that important", "why", "and why", "why do we need it", "what is it good for", "why does that matter", "why is it important", "and why does it matter", "what is it for"])
            elif k == "u":
                q = self.pick(["who uses it", "who needs that", "and who uses it", "who works with it", "who deals with it", "who needs it", "who uses that"])
            elif k == "e":
                q = self.pick(["give me an example", "for example", "can you give an example", "an example please", "do you have an example", "example", "please give me an example", "show me an example", "and an example", "such as"])
            else:
                q = self.pick(["say it in other words", "can you explain that differently", "explain it again", "once more please", "I don't understand, say it again", "in other words", "please repeat that", "say that again, please", "tell me more", "explain that in other words"])
                others = [d for d in t["d"] if d != turns[-1][1]]
                turns.append((q, r.choice(others or t["d"])))
                continue
            turns.append((q, self.say(t[k])))
        return turns

    def and_word(self):
        """A question about one word, then 'and X?'."""
        r = self.r
        turns = [self.define()]
        for _ in range(r.randint(1, 2)):
            t = r.choice(self.terms)
            a, b = self.naming(t)
            turns.append((self.pick(["and %s", "what about %s", "and what is %s", "now %s", "and what about %s", "how about %s", "then what is %s", "next: %s", "and now %s"]) % a, self.say(t["d"])))
        return turns

    def one(self):
        r = self.r
        k = r.random()
        f = (self.define if k < 0.28 else self.why if k < 0.34 else self.who if k < 0.38 else self.example if k < 0.44 else self.about if k < 0.48 else self.differ if k < 0.54 else self.clue if k < 0.57 else
             self.topic if k < 0.75 else self.verb if k < 0.79 else self.step if k < 0.805 else self.listing if k < 0.825 else self.writing if k < 0.85 else self.talk if k < 0.92 else self.off)
        return f()

    def conversation(self):
        r = self.r
        k = r.random()
        if self.held_out:
            turns = [r.choice([self.define, self.define, self.define, self.why, self.who, self.example, self.differ, self.clue, self.verb, self.topic, self.topic])()]
        elif k < 0.03:
            turns = self.name_talk()
        elif k < 0.055:
            turns = [self.sums()]
        elif k < 0.17:
            turns = [self.off()]
        elif k < 0.25:
            turns = self.follow()
        elif k < 0.29:
            turns = self.and_word()
        elif k < 0.36:
            turns = [self.one() for _ in range(r.choice([2, 2, 2, 2, 3, 3, 4, 7]))]
        elif k < 0.40:
            turns = [self.talk(), self.one()]
        elif k < 0.45:
            turns = [self.talk()]
        else:
            turns = [self.one()]
        messages = []
        if r.random() < 0.22:
            messages.append(("system", self.system()))
        for q, a in turns:
            q = self.dress(q)
            if r.random() < 0.02:                                      # something else first, then the question
                q = self.filler(r.randint(1, 6)) + " " + q
            messages += [("user", q), ("assistant", a)]
        return messages


def write(path, writer, count):
    n = 0
    with open(path, "w", encoding="utf-8") as f:
        for _ in range(count):
            m = writer.conversation()
            n += sum(len(t) for _, t in m)
            f.write(json.dumps({"messages": m}, ensure_ascii=False) + "\n")
    print("%s: %d conversations, %.1f M characters" % (os.path.basename(path), count, n / 1e6))


def main():
    p = argparse.ArgumentParser()
    p.add_argument("out")
    p.add_argument("--count", type=int, default=200000)
    p.add_argument("--seed", type=int, default=1)
    a = p.parse_args()
    os.makedirs(a.out, exist_ok=True)
    write(os.path.join(a.out, "train.jsonl"), Writer(a.seed, False), a.count)
    write(os.path.join(a.out, "held_out.jsonl"), Writer(a.seed + 1, True), 2000)
    sentences = sum(len(t[k]) for t in TERMS.values() for k in "dwue") + sum(map(len, DIFFERENCES.values())) + sum(len(x[1]) for x in TOPICS + TALK) + sum(map(len, VERBS.values())) + len(STEPS) + len(REFUSALS + NAME_HELLO + NAME_ASKED + SUMS) + len(LISTS) + len(WRITING)
    print("%d words of Dogana, %d differences, %d topics, %d verbs, %d kinds of small talk; %d hand-written answers" % (
        len(TERMS), len(DIFFERENCES), len(TOPICS), len(VERBS), len(TALK), sentences))


if __name__ == "__main__":
    main()
