using System.CommandLine;
using System.Globalization;
using Dogana.Client;

namespace Dogana.Server.Verbs;

/// <summary><c>dogana file</c> and <c>dogana batch</c>: what customers left here.</summary>
internal static class FileVerbs
{
    public static Command CreateFile()
    {
        var (project, limit, after) = (Project("Of this project only."), PageOptions.Limit(), PageOptions.After());
        var erased = new Option<string>("--project") { Description = "Whose.", Required = true };
        return AdminVerb.Noun(
            "file", "The files of projects: which there are, never what is in them.",
            AdminVerb.Create(
                "list", "Lists the files, newest first.\n\nExample:\n  dogana file list --project acme-shop", [project, limit, after],
                (client, parsed, cancellation) => client.ListFilesAsync(parsed.GetValue(project), parsed.GetValue(after), parsed.GetValue(limit), cancellation),
                static (page, output) =>
                {
                    var table = new TextTable("id", "project", "purpose", "name", "bytes>", "created", "expires");
                    foreach (var item in page.Data)
                    {
                        table.Add(item.Id, item.Project, item.Purpose, item.Name, Text(item.Bytes), Text(item.CreatedAt), item.ExpiresAt is { } at ? Text(at) : "-");
                    }

                    table.Write(output);
                    PageOptions.WriteNext(page.Next, output);
                }),
            AdminVerb.Create(
                "erase",
                "Erases all files and batches of a project from the store, whatever is under way: batches that are not done end, and nothing of them is left. What was run is charged.\n\nExample:\n  dogana file erase --project acme-shop",
                [erased],
                (client, parsed, cancellation) => client.EraseFilesAsync(parsed.GetValue(erased)!, cancellation),
                static (gone, output) => output.WriteLine($"Erased of {gone.Project}: {Text(gone.Files)} files, {Text(gone.Batches)} batches.")));
    }

    public static Command CreateBatch()
    {
        var (project, limit, after) = (Project("Of this project only."), PageOptions.Limit(), PageOptions.After());
        var (shown, cancelled) = (Id(), Id());
        return AdminVerb.Noun(
            "batch", "The batches of projects: files of calls that are made within a day.",
            AdminVerb.Create(
                "list", "Lists the batches, newest first.\n\nExample:\n  dogana batch list --project acme-shop", [project, limit, after],
                (client, parsed, cancellation) => client.ListBatchesAsync(parsed.GetValue(project), parsed.GetValue(after), parsed.GetValue(limit), cancellation),
                static (page, output) =>
                {
                    var table = new TextTable("id", "project", "status", "model", "lines>", "answered>", "failed>", "created");
                    foreach (var item in page.Data)
                    {
                        table.Add(item.Id, item.Project, item.Status, item.Model ?? "-", Text(item.Total), Text(item.Completed), Text(item.Failed), Text(item.CreatedAt));
                    }

                    table.Write(output);
                    PageOptions.WriteNext(page.Next, output);
                }),
            AdminVerb.Create(
                "show", "Shows a batch.\n\nExample:\n  dogana batch show batch_0199f0c2a1b27c3d8e4f5a6b7c8d9e0f", [shown],
                (client, parsed, cancellation) => client.GetBatchAsync(parsed.GetValue(shown)!, cancellation), Write),
            AdminVerb.Create(
                "cancel", "Takes a batch back: no line is begun any more. What was answered is charged, and in its files.\n\nExample:\n  dogana batch cancel batch_0199f0c2a1b27c3d8e4f5a6b7c8d9e0f", [cancelled],
                (client, parsed, cancellation) => client.CancelBatchAsync(parsed.GetValue(cancelled)!, cancellation), Write));
    }

    private static Option<string?> Project(string description) => new("--project") { Description = description };

    private static Argument<string> Id() => new("batch") { Description = "Its id." };

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Text(DateTimeOffset at) => at.ToString("u", CultureInfo.InvariantCulture);

    private static void Write(BatchRecord batch, TextWriter output)
    {
        var table = new TextTable("field", "value");
        foreach (var (field, value) in ((string, string?)[])
            [
                ("id", batch.Id), ("project", batch.Project), ("key", batch.Key), ("endpoint", batch.Endpoint), ("model", batch.Model), ("status", batch.Status), ("lines", Text(batch.Total)),
                ("answered", Text(batch.Completed)), ("failed", Text(batch.Failed)), ("created", Text(batch.CreatedAt)), ("expires", Text(batch.ExpiresAt)), ("ended", batch.EndedAt is { } at ? Text(at) : null),
                ("input", batch.InputFile), ("output", batch.OutputFile), ("errors", batch.ErrorFile),
            ])
        {
            table.Add(field, value ?? "-");
        }

        table.Write(output);
    }
}
