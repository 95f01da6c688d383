using System.Text.Json;
using Dogana.Storage;

namespace Dogana.Filtering.Register;

/// <summary>Policies, block lists and providers as rows.</summary>
internal static class FilterRows
{
    public static async Task<FilterDeclarations> ReadAsync(StoreSession session)
    {
        var policies = await session.QueryAsync<PolicyRow>(
            "select id as Id, mode as Mode, on_failure as OnFailure, annotates_always as AnnotatesAlways, provider as Provider from filter_policy order by id");
        var rules = (await session.QueryAsync<RuleRow>(
            "select policy as Policy, category as Category, source as Source, threshold as Threshold, is_blocking as IsBlocking from filter_rule order by policy, category, source"))
            .ToLookup(static row => row.Policy, StringComparer.Ordinal);
        var uses = (await session.QueryAsync<UseRow>(
            "select policy as Policy, position as Position, block_list as BlockList, source as Source, is_blocking as IsBlocking from filter_policy_list order by policy, position"))
            .ToLookup(static row => row.Policy, StringComparer.Ordinal);
        var lists = await session.QueryAsync<ListRow>("select id as Id, terms as Terms, patterns as Patterns from block_list order by id");
        var providers = await session.QueryAsync<ProviderRow>("select id as Id, url as Url, secret_env as SecretEnv, time_limit_ms as TimeLimitMs from filter_provider order by id");
        return new FilterDeclarations(
            [.. policies.Select(row => Ordered(row.ToPolicy(rules[row.Id], uses[row.Id])))], [.. lists.Select(static row => row.ToList())], [.. providers.Select(static row => row.ToProvider())]);
    }

    public static async Task<IReadOnlyList<Change>> DeclareAsync(StoreSession session, FilterDeclarations wanted)
    {
        if (wanted is { Policies: [], BlockLists: [], Providers: [] })
        {
            return [];
        }

        var present = await ReadAsync(session);
        var policies = wanted.Policies.Select(Ordered).ToArray();
        List<Change> changes =
        [
            .. await session.DeclareAsync(
                "filter_provider", present.Providers, wanted.Providers, static item => item.Id,
                """
                insert into filter_provider(id, url, secret_env, time_limit_ms) values(@Id, @Url, @SecretEnv, @TimeLimitMs)
                on conflict(id) do update set url = excluded.url, secret_env = excluded.secret_env, time_limit_ms = excluded.time_limit_ms
                """,
                static item => new ProviderRow(item.Id, item.Url, item.SecretEnv, (long)item.TimeLimit.TotalMilliseconds)),
            .. await session.DeclareAsync(
                "block_list", present.BlockLists, wanted.BlockLists, static item => item.Id,
                "insert into block_list(id, terms, patterns) values(@Id, @Terms, @Patterns) on conflict(id) do update set terms = excluded.terms, patterns = excluded.patterns",
                static item => new ListRow(item.Id, JsonSerializer.Serialize(item.Terms), JsonSerializer.Serialize(item.Patterns))),
        ];
        var made = await session.DeclareAsync(
            "filter_policy", present.Policies, policies, static item => item.Id,
            """
            insert into filter_policy(id, mode, on_failure, annotates_always, provider) values(@Id, @Mode, @OnFailure, @AnnotatesAlways, @Provider)
            on conflict(id) do update set mode = excluded.mode, on_failure = excluded.on_failure, annotates_always = excluded.annotates_always, provider = excluded.provider
            """,
            static item => new PolicyRow(item.Id, item.Mode.ToString(), item.OnFailure.ToString(), item.AnnotatesAlways ? 1 : 0, item.Provider));
        foreach (var (policy, _) in policies.Zip(made).Where(static pair => pair.Second.Kind != ChangeKind.Unchanged))
        {
            await WriteAsync(session, policy);
        }

        return [.. changes, .. made];
    }

    private static async Task WriteAsync(StoreSession session, FilterPolicy policy)
    {
        await session.ExecuteAsync("delete from filter_rule where policy = @Id", new { policy.Id });
        await session.ExecuteAsync("delete from filter_policy_list where policy = @Id", new { policy.Id });
        foreach (var rule in policy.Rules)
        {
            await session.ExecuteAsync(
                "insert into filter_rule(policy, category, source, threshold, is_blocking) values(@Policy, @Category, @Source, @Threshold, @IsBlocking)",
                new RuleRow(policy.Id, rule.Category.ToString(), rule.Source.ToString(), rule.Threshold.ToString(), rule.IsBlocking ? 1 : 0));
        }

        foreach (var (position, use) in policy.BlockLists.Index())
        {
            await session.ExecuteAsync(
                "insert into filter_policy_list(policy, position, block_list, source, is_blocking) values(@Policy, @Position, @BlockList, @Source, @IsBlocking)",
                new UseRow(policy.Id, position, use.BlockList, use.Source.ToString(), use.IsBlocking ? 1 : 0));
        }
    }

    // In one order, so that the same policy is the same however it was written.
    private static FilterPolicy Ordered(FilterPolicy policy) => policy with { Rules = [.. policy.Rules.OrderBy(static rule => rule.Category).ThenBy(static rule => rule.Source)] };

    private sealed record PolicyRow(string Id, string Mode, string OnFailure, long AnnotatesAlways, string? Provider)
    {
        public FilterPolicy ToPolicy(IEnumerable<RuleRow> rules, IEnumerable<UseRow> uses) => new(Id, Enum.Parse<FilterMode>(Mode), Enum.Parse<FilterFailure>(OnFailure))
        {
            AnnotatesAlways = AnnotatesAlways == 1,
            Provider = Provider,
            Rules = [.. rules.Select(static row => new FilterRule(
                Enum.Parse<FilterCategory>(row.Category), Enum.Parse<FilterSource>(row.Source), Enum.Parse<FilterSeverity>(row.Threshold), row.IsBlocking == 1))],
            BlockLists = [.. uses.Select(static row => new FilterListUse(row.BlockList, Enum.Parse<FilterSource>(row.Source), row.IsBlocking == 1))],
        };
    }

    private sealed record RuleRow(string Policy, string Category, string Source, string Threshold, long IsBlocking);

    private sealed record UseRow(string Policy, long Position, string BlockList, string Source, long IsBlocking);

    private sealed record ListRow(string Id, string Terms, string Patterns)
    {
        public BlockList ToList() => new(Id, JsonSerializer.Deserialize<string[]>(Terms)!, JsonSerializer.Deserialize<string[]>(Patterns)!);
    }

    private sealed record ProviderRow(string Id, string Url, string? SecretEnv, long TimeLimitMs)
    {
        public FilterProvider ToProvider() => new(Id, Url, SecretEnv, TimeSpan.FromMilliseconds(TimeLimitMs));
    }
}
