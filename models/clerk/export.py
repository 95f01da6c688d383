"""Writes a checkpoint as GGUF v3, Q8_0 (norms F32). The same checkpoint gives the same bytes.

    python3 export.py WORK_DIR [clerk-q8_0.gguf]
"""
import os
import struct
import sys

import numpy as np

KINDS = {"u32": 4, "i32": 5, "f32": 6, "bool": 7, "str": 8, "arr": 9}
PACK = {"u32": "<I", "i32": "<i", "f32": "<f", "bool": "<?"}
F32, Q8_0 = 0, 8
ALIGN = 32

TEMPLATE = ("{% for message in messages %}{{ '<|' + message['role'] + '|>' + message['content'] + '<|end|>' }}{% endfor %}"
            "{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}")


def string(s):
    b = s.encode("utf-8")
    return struct.pack("<Q", len(b)) + b


def value(kind, v):
    return string(v) if kind == "str" else struct.pack(PACK[kind], v)


def entry(key, kind, v):
    if isinstance(v, list):
        body = struct.pack("<IQ", KINDS[kind], len(v)) + b"".join(value(kind, x) for x in v)
        return string(key) + struct.pack("<I", KINDS["arr"]) + body
    return string(key) + struct.pack("<I", KINDS[kind]) + value(kind, v)


def q8_0(matrix):
    """Blocks of 32 along a row: a half-precision scale, then 32 signed bytes."""
    rows = matrix.astype(np.float32).reshape(-1, 32)
    scale = np.abs(rows).max(1) / np.float32(127)
    inverse = np.where(scale > 0, np.float32(1) / np.where(scale > 0, scale, 1), 0).astype(np.float32)
    out = np.zeros(len(rows), dtype=[("scale", "<f2"), ("q", "i1", 32)])
    out["scale"] = scale
    x = rows * inverse[:, None]
    out["q"] = np.trunc(x + np.copysign(np.float32(0.5), x)).astype(np.int8)   # half away from zero
    return out.tobytes()


def write(path, entries, matrices):
    infos, blobs, offset = b"", [], 0
    for name, a in matrices:
        kind, blob = (F32, a.astype("<f4").tobytes()) if a.ndim == 1 else (Q8_0, q8_0(a))
        infos += string(name) + struct.pack("<I", a.ndim) + b"".join(struct.pack("<Q", d) for d in reversed(a.shape))
        infos += struct.pack("<IQ", kind, offset)
        blob += b"\0" * (-len(blob) % ALIGN)
        blobs.append(blob)
        offset += len(blob)
    head = b"GGUF" + struct.pack("<IQQ", 3, len(matrices), len(entries)) + b"".join(entries) + infos
    with open(path + ".new", "wb") as f:
        f.write(head + b"\0" * (-len(head) % ALIGN) + b"".join(blobs))
    os.replace(path + ".new", path)


def main():
    import torch
    from tokenizer import BOS, END, UNK, Tokenizer
    work = sys.argv[1]
    out = sys.argv[2] if len(sys.argv) > 2 else os.path.join(os.path.dirname(os.path.abspath(__file__)), "clerk-q8_0.gguf")
    saved = torch.load(os.path.join(work, "checkpoint.pt"), map_location="cpu")
    c, w = saved["config"], {k: v.float().numpy() for k, v in saved["model"].items()}
    t = Tokenizer.load(os.path.join(work, "tokenizer.json"))
    parameters = sum(int(v.size) for v in w.values())
    entries = [
        entry("general.architecture", "str", "llama"),
        entry("general.type", "str", "model"),
        entry("general.name", "str", "clerk"),
        entry("general.basename", "str", "clerk"),
        entry("general.size_label", "str", "%.1fM" % (parameters / 1e6)),
        entry("general.description", "str", "The clerk at the customs house: a tiny chat model, trained on text "
              "that the Dogana project wrote itself. It answers questions about Dogana in whole sentences, and little else."),
        entry("general.license", "str", "Apache-2.0"),
        entry("general.languages", "str", ["en"]),
        entry("general.file_type", "u32", 7),
        entry("general.quantization_version", "u32", 2),
        entry("llama.context_length", "u32", c["context"]),
        entry("llama.embedding_length", "u32", c["dim"]),
        entry("llama.block_count", "u32", c["layers"]),
        entry("llama.feed_forward_length", "u32", c["ff"]),
        entry("llama.attention.head_count", "u32", c["heads"]),
        entry("llama.attention.head_count_kv", "u32", c["kv_heads"]),
        entry("llama.attention.layer_norm_rms_epsilon", "f32", c["eps"]),
        entry("llama.rope.dimension_count", "u32", c["dim"] // c["heads"]),
        entry("llama.rope.freq_base", "f32", c["rope_base"]),
        entry("llama.vocab_size", "u32", c["vocab"]),
        entry("tokenizer.ggml.model", "str", "llama"),
        entry("tokenizer.ggml.tokens", "str", t.tokens),
        entry("tokenizer.ggml.scores", "f32", t.scores),
        entry("tokenizer.ggml.token_type", "i32", t.types),
        entry("tokenizer.ggml.bos_token_id", "u32", BOS),
        entry("tokenizer.ggml.eos_token_id", "u32", END),
        entry("tokenizer.ggml.eot_token_id", "u32", END),
        entry("tokenizer.ggml.unknown_token_id", "u32", UNK),
        entry("tokenizer.ggml.add_bos_token", "bool", True),
        entry("tokenizer.ggml.add_eos_token", "bool", False),
        entry("tokenizer.ggml.add_space_prefix", "bool", False),
        entry("tokenizer.chat_template", "str", TEMPLATE),
    ]
    matrices = [("token_embd.weight", w["embedding.weight"]), ("output_norm.weight", w["norm.weight"])]   # output is tied to token_embd
    names = [("attn_norm", "attn_norm"), ("attn_q", "q"), ("attn_k", "k"), ("attn_v", "v"), ("attn_output", "o"),
             ("ffn_norm", "ffn_norm"), ("ffn_gate", "gate"), ("ffn_up", "up"), ("ffn_down", "down")]
    for i in range(c["layers"]):
        matrices += [("blk.%d.%s.weight" % (i, g), w["blocks.%d.%s.weight" % (i, n)]) for g, n in names]
    write(out, entries, matrices)
    print("%s: %d tensors, %d parameters, %d bytes" % (os.path.basename(out), len(matrices), parameters, os.path.getsize(out)))


if __name__ == "__main__":
    main()
