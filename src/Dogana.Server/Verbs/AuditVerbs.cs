using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Dogana.Audit;
using Dogana.Client;

namespace Dogana.Server.Verbs;

/// <summary><c>dogana audit</c>: who changed what, and that nobody changed it afterwards.</summary>
internal static class AuditVerbs
{
    public static Command Create() => AdminVerb.Noun("audit", "Who changed what, and that nobody changed it afterwards.", List(), Checkpoint(), Key(), Prove(), Verify());

    private static Command List()
    {
        var (limit, after) = (PageOptions.Limit(), PageOptions.After());
        var actor = new Option<string?>("--actor") { Description = "Only by this one: an admin key's id, user/EMAIL or operator." };
        var action = new Option<string?>("--action") { Description = "Only this, such as key.create." };
        var subject = new Option<string?>("--subject") { Description = "Only about this." };
        var from = Instant("--from", "Not before this day or instant (UTC), as 2026-01-31 or 2026-01-31T08:00:00Z.");
        var to = Instant("--to", "Before this day or instant (UTC).");
        return AdminVerb.Create(
            "list", "Lists changes, the newest first.\n\nExamples:\n  dogana audit list\n  dogana audit list --actor user/ada@example.com --from 2026-01-01 --to 2026-02-01", [limit, after, actor, action, subject, from, to],
            (client, parsed, cancellation) => client.ListAuditAsync(
                parsed.GetValue(actor), parsed.GetValue(action), parsed.GetValue(subject), parsed.GetValue(from), parsed.GetValue(to), parsed.GetValue(after), parsed.GetValue(limit), cancellation),
            static (page, output) =>
            {
                var table = new TextTable("no>", "at", "actor", "action", "subject", "detail");
                foreach (var row in page.Data)
                {
                    table.Add(Number(row.Sequence), row.At.ToString("u", CultureInfo.InvariantCulture), row.Actor, row.Action, row.Subject, row.Detail);
                }

                table.Write(output);
                PageOptions.WriteNext(page.Next, output);
            });
    }

    private static Command Checkpoint()
    {
        var file = Out("Also into this file: keep it where nobody who can change the store can change it.");
        return AdminVerb.Create(
            "checkpoint", "Signs what the audit log is now. A checkpoint that is kept elsewhere is what finds rows that were rewritten or cut off later.\n\nExample:\n  dogana audit checkpoint --out audit-2026-01.txt", [file],
            async (client, parsed, cancellation) =>
            {
                var made = await client.MakeAuditCheckpointAsync(cancellation);
                await WriteAsync(parsed.GetValue(file), made.Note, cancellation);
                return made;
            },
            static (made, output) => output.Write(made.Note));
    }

    private static Command Key()
    {
        var file = Out("Also into this file: keep it beside the checkpoints.");
        return AdminVerb.Create(
            "key", "Prints the public key of the checkpoints; with --json also in PEM.\n\nExample:\n  dogana audit key --out audit.key", [file],
            async (client, parsed, cancellation) =>
            {
                var key = await client.GetAuditKeyAsync(cancellation);
                await WriteAsync(parsed.GetValue(file), key.Key + "\n", cancellation);
                return key;
            },
            static (key, output) => output.WriteLine(key.Key));
    }

    private static Command Prove()
    {
        var sequence = new Argument<long?>("sequence") { Description = "The row: its number in 'dogana audit list'.", Arity = ArgumentArity.ZeroOrOne };
        var at = new Option<long?>("--at") { Description = "In the log of the checkpoint of this size; of the last one when left out." };
        var from = new Option<long?>("--from") { Description = "Instead of a row: that the log goes on from the checkpoint of this size." };
        var to = new Option<long?>("--to") { Description = "To the checkpoint of this size; to the last one when left out." };
        var file = Out("Also into this file.");
        var command = AdminVerb.Create<object>(
            "prove", "Proves to anybody who has the key that a row is in the log, or that the log of one checkpoint is the beginning of another's. Prints JSON, which 'dogana audit verify --proof' verifies.\n\n"
            + "Examples:\n  dogana audit prove 17 --out row-17.json\n  dogana audit prove --from 1200 --to 5000", [sequence, at, from, to, file],
            async (client, parsed, cancellation) =>
            {
                object proof = parsed.GetValue(sequence) is { } row
                    ? await client.ProveAuditRowAsync(row, parsed.GetValue(at), cancellation)
                    : await client.ProveAuditConsistencyAsync(parsed.GetValue(from)!.Value, parsed.GetValue(to), cancellation);
                await WriteAsync(parsed.GetValue(file), JsonSerializer.Serialize(proof, DoganaJson.Indented) + "\n", cancellation);
                return proof;
            },
            static (proof, output) => output.WriteLine(JsonSerializer.Serialize(proof, DoganaJson.Indented)));
        command.Validators.Add(result =>
        {
            var (ofRow, ofSizes) = (result.GetValue(sequence) is not null, result.GetValue(from) is not null);
            if (ofRow == ofSizes || (ofRow && result.GetValue(to) is not null) || (ofSizes && result.GetValue(at) is not null))
            {
                result.AddError("Name a row (and --at), or --from (and --to).");
            }
        });
        return command;
    }

    private static Command Verify()
    {
        var checkpoints = new Option<FileInfo[]>("--checkpoint") { Description = "A checkpoint that was kept elsewhere; several files are.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = static _ => [] };
        var keyFile = new Option<FileInfo?>("--key") { Description = "The key that was kept elsewhere; the store's own when left out." };
        var proof = new Option<FileInfo?>("--proof") { Description = "Instead of a store: verify this proof, with --key alone." };
        var command = new Command(
            "verify", "Recomputes every hash, root and signature of the audit log and names the first bad row. Exit 1 when something is wrong.\n\n"
            + "Examples:\n  dogana audit verify --data DIR --checkpoint audit-2026-01.txt --key audit.key\n  dogana audit verify --proof row-17.json --key audit.key")
        {
            checkpoints, keyFile, proof,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(proof) is not null && (result.GetValue(keyFile) is null || result.GetValue(checkpoints) is { Length: > 0 }))
            {
                result.AddError("--proof goes with --key alone: a proof has its checkpoint in it.");
            }
        });
        command.SetAction(async (parsed, cancellation) =>
        {
            var key = parsed.GetValue(keyFile) is { } named ? await ReadAsync(named, cancellation) : null;
            object report = parsed.GetValue(proof) is { } file
                ? VerifyProof(await ReadAsync(file, cancellation), key!)
                : await VerifyStoreAsync(parsed, parsed.GetValue(checkpoints)!, key, cancellation);
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(StoreOptions.Json))
            {
                await output.WriteLineAsync(JsonSerializer.Serialize(report, DoganaJson.Indented));
            }
            else
            {
                Print(report, output);
            }

            return ExitCode.Of(report);
        });
        return command;
    }

    // Without a store, a server or a network: whoever has the two files can do it.
    private static AuditProofReport VerifyProof(string proof, string key) => AuditProofs.Verify(proof, Sound(AuditKey.Parse(key)));

    private static async Task<AuditVerificationReport> VerifyStoreAsync(ParseResult parsed, FileInfo[] files, string? key, CancellationToken cancellation)
    {
        var notes = new List<string>();
        foreach (var file in files)
        {
            notes.Add(Sound(AuditCheckpoint.Parse(await ReadAsync(file, cancellation))).Note);
        }

        await using var session = await AdminSession.OpenAsync(parsed, cancellation);
        return await session.Client.VerifyAuditAsync(new AuditVerifyRequest(notes, key), cancellation);
    }

    private static void Print(object report, TextWriter output)
    {
        if (report is AuditProofReport proof)
        {
            output.WriteLine(proof.Verified ? $"verified: {proof.Text}" : $"NOT verified: {proof.Text}");
            return;
        }

        var log = (AuditVerificationReport)report;
        var read = $"{Number(log.Rows)} audit rows, root {log.Root}, {Number(log.Checkpoints)} checkpoints";
        output.WriteLine(log.Verified ? $"verified: {read}" : $"NOT verified: {Number(log.Faults.Count)} faults in {read}");
        foreach (var fault in log.Faults)
        {
            output.WriteLine($"  {fault.Subject}: {fault.Message}{(fault.Stored is null && fault.Computed is null ? "" : $" (stored {fault.Stored}, expected {fault.Computed})")}");
        }

        output.WriteLine(log.Retained == 0
            ? "No checkpoint from elsewhere was given: a log that was rewritten from end to end would not be found. Give one with --checkpoint FILE, and --key FILE."
            : $"Rows 1 to {Number(log.Retained)} were compared with what was kept elsewhere.");
    }

    private static async Task<string> ReadAsync(FileInfo file, CancellationToken cancellation) =>
        file.Exists ? await File.ReadAllTextAsync(file.FullName, cancellation) : throw new DoganaException(404, "not_found", $"There is no file {file.FullName}.", "");

    private static Task WriteAsync(FileInfo? file, string text, CancellationToken cancellation) => file is null ? Task.CompletedTask : File.WriteAllTextAsync(file.FullName, text, cancellation);

    private static T Sound<T>(Outcome<T> outcome) => outcome.TryGet(out var value, out var problem) ? value : throw new DoganaException(400, null, problem.Message, "");

    private static Option<FileInfo?> Out(string description) => new("--out", "-o") { Description = description };

    private static Option<DateTimeOffset?> Instant(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = result =>
        {
            if (InstantText.TryParse(result.Tokens[0].Value, out var at))
            {
                return at;
            }

            result.AddError($"{name}: '{result.Tokens[0].Value}' is no day or instant in UTC, such as 2026-01-31 or 2026-01-31T08:00:00Z.");
            return null;
        },
    };

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
