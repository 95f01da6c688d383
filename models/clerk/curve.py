"""Draws the training log: loss and the part of facts found over the tokens seen, as a table and as an SVG.

    python3 curve.py training-log.jsonl curve.svg      # prints the table's rows as Markdown
"""
import json
import sys

WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 720, 320, 50, 20, 50, 40
INK, LOSS, FOUND, ASKED = "#333", "#b4552d", "#2d6cb4", "#3a8a4d"


def main():
    with open(sys.argv[1], encoding="utf-8") as f:
        rows = [json.loads(line) for line in f]
    steps = [r for r in rows if "held_out_facts" in r]
    judged = [r for r in rows if "judged" in r]
    most = max(r["tokens"] for r in rows)
    highest = max(r["held_out_loss"] for r in steps)
    at = lambda tokens, part: (LEFT + (WIDTH - LEFT - RIGHT) * tokens / most, TOP + (HEIGHT - TOP - BOTTOM) * (1 - part))
    line = lambda points, colour: '<polyline fill="none" stroke="%s" stroke-width="1.5" points="%s"/>' % (colour, " ".join("%.1f,%.1f" % p for p in points))
    text = lambda x, y, s, anchor="middle", colour=INK: '<text x="%.1f" y="%.1f" text-anchor="%s" fill="%s">%s</text>' % (x, y, anchor, colour, s)
    out = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="11">' % (WIDTH, HEIGHT), '<rect width="100%" height="100%" fill="#fff"/>']
    for i in range(6):
        x, y = at(0, i / 5)
        out.append('<line x1="%.1f" y1="%.1f" x2="%d" y2="%.1f" stroke="#ddd"/>' % (x, y, WIDTH - RIGHT, y))
        out += [text(LEFT - 6, y + 4, "%.2f" % (highest * i / 5), "end", LOSS), text(WIDTH - RIGHT + 6, y + 4, "%d %%" % (20 * i), "start", FOUND)]
    for million in range(int(most / 1e6) + 1):
        out.append(text(at(million * 1e6, 0)[0], HEIGHT - BOTTOM + 16, million))
    out.append(text(WIDTH / 2, HEIGHT - 6, "million tokens"))
    out.append(line([at(r["tokens"], r["held_out_loss"] / highest) for r in steps], LOSS))
    out.append(line([at(r["tokens"], r["held_out_facts"]) for r in steps], FOUND))
    for r in judged:
        x, y = at(r["tokens"], r["judged"] / 100)
        out += ['<circle cx="%.1f" cy="%.1f" r="3.5" fill="%s"/>' % (x, y, ASKED), text(x, y - 7, r["judged"], colour=ASKED)]
    x = LEFT + 150
    for s, colour in (("loss on phrasings kept out of training", LOSS), ("facts found for them", FOUND), ("right of the hundred", ASKED)):
        out.append(text(x, TOP - 6, s, "start", colour))
        x += 15 + 6.2 * len(s)
    with open(sys.argv[2], "w", encoding="utf-8") as f:
        f.write("\n".join(out + ["</svg>"]) + "\n")
    for i, r in enumerate(rows):
        if "judged" in r or i % max(1, len(steps) // 12) == 0 or r is steps[-1]:
            print("| %.2f | %s | %s | %s | %s |" % (r["tokens"] / 1e6, r.get("corpus", ""), r.get("held_out_loss", ""), "%.0f %%" % (100 * r["held_out_facts"]) if "held_out_facts" in r else "", r.get("judged", "")))


if __name__ == "__main__":
    main()
