using System.Globalization;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using LlamaCpp;

// llama.cpp as a process of its own, for `./bench/run engine`: the first argument is the folder of its libraries, commands come on
// standard input, a line each, and every command is answered by a line.
//
//   open PATH CONTEXT      loads a model file                             → tokens of its vocabulary
//   plain PATH CONTEXT     the same with keys and values in 32 bits and without flash attention
//   run COUNT TOKEN...     reads a prompt, then says the likeliest tokens → seconds of the prompt, seconds of the rest, tokens
//   scores TOKEN...        the scores after a prompt                      → floats, base64
//   golden FILE            writes tests/Dogana.Tests/Engine/ggml-blocks.json: random blocks, expanded by ggml
//
// Seconds are those of the processor, user and system, so that other work on the machine shifts them little.
Native.Load(args[0]);
Session? session = null;
while (Console.ReadLine() is { } line)
{
    string[] words = line.Split(' ');
    switch (words[0])
    {
        case "open" or "plain":
            session?.Dispose();
            session = new Session(words[1], Number(words[2]), words[0] == "plain");
            Console.WriteLine(session.Vocabulary);
            break;
        case "run":
            Console.WriteLine(Run(session!, Number(words[1]), [.. words[2..].Select(Number)]));
            break;
        case "scores":
            session!.Clear();
            session.Decode([.. words[1..].Select(Number)]);
            Console.WriteLine(Convert.ToBase64String(MemoryMarshal.AsBytes(session.Logits())));
            break;
        case "golden":
            Golden.Write(words[1]);
            Console.WriteLine("written");
            break;
        default:
            throw new InvalidOperationException($"There is no command '{words[0]}'.");
    }
}

session?.Dispose();

static int Number(string word) => int.Parse(word, CultureInfo.InvariantCulture);

static string Run(Session session, int count, int[] prompt)
{
    session.Clear();
    TimeSpan start = Environment.CpuUsage.TotalTime;
    session.Decode(prompt);
    int token = TensorPrimitives.IndexOfMax(session.Logits());
    TimeSpan read = Environment.CpuUsage.TotalTime;
    List<int> said = [token];
    while (said.Count < count)
    {
        session.Decode([token]);
        token = TensorPrimitives.IndexOfMax(session.Logits());
        said.Add(token);
    }

    TimeSpan end = Environment.CpuUsage.TotalTime;
    return string.Create(CultureInfo.InvariantCulture, $"{(read - start).TotalSeconds:R} {(end - read).TotalSeconds:R} {string.Join(' ', said)}");
}
