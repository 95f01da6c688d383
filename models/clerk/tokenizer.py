"""A small byte-fallback BPE in the sentencepiece ("llama") convention of GGUF.

Training counts words (a word carries the space before it as U+2581) and merges the most frequent
pair until the vocabulary is full. Encoding is the greedy merge by score that GGUF readers use:
start from single characters, always join the neighbouring pair whose joined text has the best
score, and write a character that is not in the vocabulary as its UTF-8 bytes.

    python3 tokenizer.py corpus.jsonl tokenizer.json [size]
    python3 tokenizer.py FILE.gguf tokenizer.json              # the vocabulary that a file has
"""
import json
import re
import sys
from collections import Counter

SPACE = "\u2581"
UNK, BOS, EOS_PLAIN = 0, 1, 2
FIRST_BYTE = 3
CHAT = ["<|system|>", "<|user|>", "<|assistant|>", "<|end|>"]
SYSTEM, USER, ASSISTANT, END = 259, 260, 261, 262
NORMAL, UNKNOWN, CONTROL, BYTE = 1, 2, 3, 6

# No piece crosses the start of a word, and digits stand alone: so a text can be cut here and each part merged alone.
WORD = re.compile(SPACE + r"?[A-Za-z]+|" + SPACE + r"?[0-9]|" + SPACE + r"?[^A-Za-z0-9" + SPACE + r"\n]+|\n|" + SPACE)


def words(text):
    return WORD.findall(text.replace(" ", SPACE))


def merge(symbols, scores):
    """Greedy merge by score; the leftmost of equal scores first."""
    symbols = list(symbols)
    while len(symbols) > 1:
        best, at = None, -1
        for i in range(len(symbols) - 1):
            score = scores.get(symbols[i] + symbols[i + 1])
            if score is not None and (best is None or score > best):
                best, at = score, i
        if at < 0:
            break
        symbols[at:at + 2] = [symbols[at] + symbols[at + 1]]
    return symbols


class Tokenizer:
    def __init__(self, tokens, scores, types):
        self.tokens, self.scores, self.types = tokens, scores, types
        self.ids = {t: i for i, t in enumerate(tokens)}
        self.rank = {t: s for t, s, y in zip(tokens, scores, types) if y == NORMAL}
        self.cache = {}

    @classmethod
    def load(cls, path):
        with open(path, encoding="utf-8") as f:
            d = json.load(f)
        return cls(d["tokens"], d["scores"], d["types"])

    def save(self, path):
        with open(path, "w", encoding="utf-8") as f:
            json.dump({"tokens": self.tokens, "scores": self.scores, "types": self.types}, f, ensure_ascii=False)

    def encode(self, text):
        """Plain text to ids; special tokens are not looked for."""
        out = []
        for word in words(text):
            ids = self.cache.get(word)
            if ids is None:
                ids = self.cache[word] = self._ids(merge(word, self.rank))
            out += ids
        return out

    def encode_whole(self, text):
        """The same by merging over the whole text, without cutting it into words first (to check `encode`)."""
        return self._ids(merge(text.replace(" ", SPACE), self.rank))

    def _ids(self, symbols):
        out = []
        for s in symbols:
            if s in self.rank:
                out.append(self.ids[s])
            else:
                out += [FIRST_BYTE + b for b in s.encode("utf-8")]
        return out

    def decode(self, ids):
        raw = b""
        for i in ids:
            if self.types[i] == BYTE:
                raw += bytes([i - FIRST_BYTE])
            elif self.types[i] == NORMAL:
                raw += self.tokens[i].replace(SPACE, " ").encode("utf-8")
        return raw.decode("utf-8", errors="replace")

    def render(self, messages, answer=True):
        """What the chat template gives, as ids: messages are (role, text) pairs."""
        ids = [BOS]
        for role, text in messages:
            ids += [self.ids["<|" + role + "|>"]] + self.encode(text) + [END]
        return ids + [ASSISTANT] if answer else ids


def train(texts, size):
    count = Counter()
    for text in texts:
        count.update(words(text))
    count.pop("\n", None)                                     # a new line stays a byte
    chars = Counter()
    for word, n in count.items():
        for c in word:
            chars[c] += n
    alphabet = sorted(set(chr(c) for c in range(33, 127)) | {SPACE} | {c for c, n in chars.items() if n >= 20 and c != "\n"})
    parts = {w: list(w) for w in count}
    pieces = []
    have = set(alphabet)
    pairs, where = Counter(), {}
    for w, p in parts.items():
        for a, b in zip(p, p[1:]):
            pairs[a, b] += count[w]
            where.setdefault((a, b), set()).add(w)
    while len(pieces) < size - 263 - len(alphabet) and pairs:
        (a, b), n = max(pairs.items(), key=lambda x: (x[1], x[0]))
        if n < 2:
            break
        new = a + b
        for w in where.pop((a, b), ()):
            p = parts[w]
            for x in zip(p, p[1:]):
                pairs[x] -= count[w]
            i, q = 0, []
            while i < len(p):
                if i + 1 < len(p) and p[i] == a and p[i + 1] == b:
                    q.append(new)
                    i += 2
                else:
                    q.append(p[i])
                    i += 1
            parts[w] = q
            for x in zip(q, q[1:]):
                pairs[x] += count[w]
                where.setdefault(x, set()).add(w)
        pairs.pop((a, b), None)
        if new not in have:
            have.add(new)
            pieces.append(new)
    tokens = ["<unk>", "<s>", "</s>"] + ["<0x%02X>" % b for b in range(256)] + CHAT
    types = [UNKNOWN, CONTROL, CONTROL] + [BYTE] * 256 + [CONTROL] * 4
    scores = [0.0] * len(tokens)
    for i, piece in enumerate(pieces):
        tokens.append(piece); scores.append(float(-i)); types.append(NORMAL)
    for i, c in enumerate(alphabet):
        tokens.append(c); scores.append(float(-len(pieces) - i)); types.append(NORMAL)
    while len(tokens) < size:                                 # keep the embedding's height fixed
        tokens.append("<unused%d>" % len(tokens)); scores.append(0.0); types.append(CONTROL)
    return Tokenizer(tokens, scores, types)


def conversation_texts(path):
    with open(path, encoding="utf-8") as f:
        for line in f:
            for _, text, *_ in json.loads(line)["messages"]:
                yield text


if __name__ == "__main__":
    if sys.argv[1].endswith(".gguf"):
        from check import Gguf
        meta = Gguf(sys.argv[1]).meta
        Tokenizer(*(meta["tokenizer.ggml." + k] for k in ("tokens", "scores", "token_type"))).save(sys.argv[2])
        sys.exit()
    size = int(sys.argv[3]) if len(sys.argv) > 3 else 2048
    t = train(conversation_texts(sys.argv[1]), size)
    t.save(sys.argv[2])
    different = total = chars = tokens = 0
    for i, text in enumerate(conversation_texts(sys.argv[1])):
        if i % 97 == 0 and total < 2000:
            total += 1
            ids = t.encode(text)
            chars += len(text); tokens += len(ids)
            different += ids != t.encode_whole(text) or t.decode(ids) != text
    print("vocabulary %d, %.2f characters a token, %d of %d texts differ between the two encoders or after decoding"
          % (len(t.tokens), chars / tokens, different, total))
