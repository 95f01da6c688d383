// Writes src/Dogana.Engine/SentenceEncoding/nfkc.txt from the Unicode data inside node: .NET without ICU leaves text as it
// is when asked to normalise, and the encoder's vocabulary is NFKC. Run: node normalization-table.mjs > .../nfkc.txt
//
// Lines:  d CODE DECOMPOSED...   the full compatibility decomposition of a code point (Hangul syllables are computed)
//         c CLASS CODE...        the code points of a combining class
//         p FIRST SECOND CODE    a pair that composes
const representatives = '1:334 6:16ff0 7:93c 8:3099 9:94d 10:5b0 11:5b1 12:5b2 13:5b3 14:5b4 15:5b5 16:5b6 17:5b7 18:5b8 '
  + '19:5b9 20:5bb 21:5bc 22:5bd 23:5bf 24:5c1 25:5c2 26:fb1e 27:64b 28:64c 29:64d 30:618 31:619 32:61a 33:651 34:652 '
  + '35:670 36:711 84:c55 91:c56 103:e38 107:e48 118:eb8 122:ec8 129:f71 130:f72 132:f74 202:321 214:1dce 216:31b '
  + '218:1dfa 220:316 222:59a 224:302e 226:1d16d 228:5ae 230:300 232:315 233:35c 234:35d 240:345';
const classes = representatives.split(' ').map((pair) => {
  const [combiningClass, code] = pair.split(':');
  return { combiningClass: Number(combiningClass), mark: String.fromCodePoint(parseInt(code, 16)), members: [] };
});
const hex = (text) => [...text].map((symbol) => symbol.codePointAt(0).toString(16)).join(' ');
const decomposed = (text) => text.normalize('NFD');
const lines = [];
const pairs = [];
for (let code = 0; code < 0x110000; code++) {
  if ((code >= 0xd800 && code < 0xe000) || (code >= 0xac00 && code <= 0xd7a3)) continue;
  const symbol = String.fromCodePoint(code);
  const full = symbol.normalize('NFKD');
  if (full !== symbol) lines.push(`d ${hex(symbol)} ${hex(full)}`);
  const canonical = [...decomposed(symbol)];
  if (canonical.length > 1 && symbol.normalize('NFC') === symbol) {
    const last = canonical.pop();
    const first = canonical.join('').normalize('NFC');
    if ([...first].length !== 1 || (first + last).normalize('NFC') !== symbol) throw new Error(`no pair for ${hex(symbol)}`);
    pairs.push(`p ${hex(first)} ${hex(last)} ${hex(symbol)}`);
  }
  // A mark's class is the one whose representative neither passes it nor is passed by it, while some other mark does.
  if (canonical.length === 1 && decomposed(symbol) === symbol) {
    const swaps = (a, b) => decomposed(a + b) === b + a && a !== b;
    if (!swaps('\u0300', symbol) && !swaps(symbol, '\u0334') && !swaps(symbol, '\u0300') && !swaps('\u0345', symbol)) continue;
    const own = classes.find(({ mark }) => !swaps(mark, symbol) && !swaps(symbol, mark));
    if (!own) throw new Error(`no class for ${hex(symbol)}`);
    own.members.push(symbol);
  }
}
console.log(`# Unicode ${process.versions.unicode}; written by models/use-lite/normalization-table.mjs (Unicode data: Unicode License v3)`);
for (const { combiningClass, members } of classes) if (members.length) lines.push(`c ${combiningClass} ${hex(members.join(''))}`);
console.log([...lines, ...pairs].join('\n'));
