using System.CommandLine;
using Dogana.Client;

namespace Dogana.Server.Verbs;

/// <summary><c>dogana upstream</c>: where calls are sent, and the keys for it.</summary>
internal static class UpstreamVerbs
{
    public static Command Create()
    {
        var list = AdminVerb.Create(
            "list", "Lists the upstreams and the names of their keys.", [],
            static (client, _, cancellation) => client.ListUpstreamsAsync(cancellation),
            static (upstreams, output) =>
            {
                var table = new TextTable("id", "kind", "address", "region", "keys");
                foreach (var item in upstreams)
                {
                    string[] keys = [.. item.Keys, .. item.SecretEnv is { } name ? [$"${name}"] : Array.Empty<string>()];
                    table.Add(item.Id, item.Kind, item.BaseUrl ?? "-", item.Region ?? "-", keys.Length == 0 ? "-" : string.Join(", ", keys));
                }

                table.Write(output);
            });
        return AdminVerb.Noun("upstream", "Where calls are sent, and the keys for it.", list, Keys(), UpstreamCostVerbs.Cost(), UpstreamCostVerbs.Reconcile());
    }

    private static Command Keys()
    {
        var upstream = new Argument<string>("upstream") { Description = "The upstream's id." };
        var key = new Argument<string>("key") { Description = "The key's name." };
        var name = new Option<string?>("--name") { Description = "The key's name; one is made when it is left out." };
        var fromEnv = new Option<string?>("--from-env") { Description = "Take the key from this environment variable." };
        var fromFile = new Option<FileInfo?>("--from-file") { Description = "Take the key from this file." };
        var add = AdminVerb.Create(
            "add",
            "Adds a key, read from standard input, a variable or a file: never from the command line, where others could read it. It is kept encrypted and never shown.\n\n"
            + "To rotate: add the new key, then remove the old one. The next call uses it; calls under way end with the old one.\n\n"
            + "Examples:\n  dogana upstream key add openai --name 2026-02 < key.txt\n  dogana upstream key add openai --from-env OPENAI_API_KEY",
            [upstream, name, fromEnv, fromFile],
            (client, parsed, cancellation) => AddAsync(
                client, parsed.GetValue(upstream)!, parsed.GetValue(name), parsed.GetValue(fromEnv), parsed.GetValue(fromFile), cancellation),
            static (added, output) => output.WriteLine($"The key {added.Id} is kept for {added.Upstream}."));
        add.Validators.Add(result =>
        {
            if (result.GetValue(fromEnv) is not null && result.GetValue(fromFile) is not null)
            {
                result.AddError("Give --from-env or --from-file, not both.");
            }
        });
        var list = AdminVerb.Create(
            "list", "Lists an upstream's keys in the order in which they are tried, without their texts.\n\nExample:\n  dogana upstream key list openai", [upstream],
            (client, parsed, cancellation) => client.ListUpstreamKeysAsync(parsed.GetValue(upstream)!, cancellation),
            static (keys, output) =>
            {
                var table = new TextTable("key", "added", "by");
                foreach (var item in keys)
                {
                    table.Add(item.Id, AdminTables.Day(item.CreatedAt), item.CreatedBy);
                }

                table.Write(output);
            });
        var remove = AdminVerb.Create(
            "remove", "Removes a key: no new call uses it, on any node within a second.\n\nExample:\n  dogana upstream key remove openai 2026-01", [upstream, key],
            (client, parsed, cancellation) => client.RemoveUpstreamKeyAsync(parsed.GetValue(upstream)!, parsed.GetValue(key)!, cancellation),
            static (removed, output) => output.WriteLine($"The key {removed.Id} of {removed.Upstream} is removed."));
        return AdminVerb.Noun("key", "The keys that an upstream is called with.", add, list, remove);
    }

    private static async Task<UpstreamKeyRecord> AddAsync(
        AdminClient client, string upstream, string? name, string? variable, FileInfo? file, CancellationToken cancellation)
    {
        var text = await SecretText.ReadAsync($"The key for {upstream} (it is not shown): ", variable, file, cancellation);
        return await client.AddUpstreamKeyAsync(upstream, new NewUpstreamKeyRequest(text, name), cancellation);
    }
}
