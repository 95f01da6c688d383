using System.Net;
using Dogana.Access;
using FsCheck.Fluent;

namespace Dogana.Tests.Access;

/// <summary>What a key is good for, and how its calls are marked.</summary>
public sealed class KeyScopeTests
{
    [Fact]
    public void A_scope_without_lists_or_with_a_star_alone_leaves_nothing_out()
    {
        foreach (var scope in new[] { KeyScope.All, Of(), Of(["*"], ["*"], ["*"], ["*"]), Of([], [], [], []) })
        {
            scope.FindRefusal("azure", null, null).ShouldBeNull();
            scope.FindRefusal("anything").ShouldBeNull();
            (scope.Models ?? scope.Dialects ?? scope.Countries ?? scope.Addresses).ShouldBeNull();
        }
    }

    [Theory]
    [InlineData("10.0.0.0/8", "10.255.255.255", true)]
    [InlineData("10.0.0.0/8", "11.0.0.0", false)]
    [InlineData("10.0.0.0/8", "::ffff:10.1.2.3", true)]
    [InlineData("::ffff:10.0.0.0/104", "10.1.2.3", true)]
    [InlineData("::ffff:10.0.0.0/104", "::ffff:11.1.2.3", false)]
    [InlineData("10.1.2.3", "10.1.2.3", true)]
    [InlineData("10.1.2.3", "10.1.2.4", false)]
    [InlineData("2001:db8::/32", "2001:db8:ffff::1", true)]
    [InlineData("2001:db8::/32", "2001:db9::1", false)]
    [InlineData("2001:db8::1", "2001:db8::1", true)]
    [InlineData("::/0", "2001:db9::1", true)]
    [InlineData("::/0", "10.1.2.3", false)]
    [InlineData("0.0.0.0/0", "10.1.2.3", true)]
    [InlineData("0.0.0.0/0", "::1", false)]
    public void A_block_has_the_addresses_that_it_has(string block, string address, bool isIn)
    {
        var refusal = Of(addresses: ["192.0.2.0/24", block]).FindRefusal("openai", null, IPAddress.Parse(address));

        (refusal is null).ShouldBe(isIn);
        Of(addresses: [block]).FindRefusal("openai", null, null)!.Code.ShouldBe(ProblemCode.KeyScopeRefused, "an unknown address is in none");
    }

    [Fact]
    public void A_refusal_names_the_scope_and_the_way_out_and_tells_no_address()
    {
        var scope = Of(["clerk-1"], ["openai"], ["DE"], ["10.0.0.0/8"]);
        var inside = IPAddress.Parse("10.0.0.1");

        scope.FindRefusal("openai", "DE", inside).ShouldBeNull();
        scope.FindRefusal("clerk-1").ShouldBeNull();
        foreach (var (name, refusal) in new[]
        {
            ("models", scope.FindRefusal("clerk-10")), ("dialects", scope.FindRefusal("azure", "DE", inside)),
            ("countries", scope.FindRefusal("openai", "FR", inside)), ("countries", scope.FindRefusal("openai", null, inside)), ("addresses", scope.FindRefusal("openai", "DE", IPAddress.Loopback)),
        })
        {
            refusal!.Code.ShouldBe(ProblemCode.KeyScopeRefused);
            refusal.Message.ShouldContain($"scope '{name}'");
            refusal.Message.ShouldContain("dogana key create");
            refusal.Message.ShouldNotContain("10.0.0");
        }
    }

    [Theory]
    [InlineData("models", "has space")]
    [InlineData("dialects", "gemini")]
    [InlineData("countries", "de")]
    [InlineData("countries", null)]
    [InlineData("addresses", "10.0.0.1/8")]
    [InlineData("addresses", "10.1/16")]
    [InlineData("addresses", "10")]
    [InlineData("addresses", "fe80::1%2")]
    [InlineData("addresses", "nowhere")]
    [InlineData("addresses", null)]
    [InlineData("models", "*")]
    public void A_wrong_entry_is_refused_by_its_list(string param, string? entry)
    {
        string[]? At(string name) => name == param ? [entry!, entry is "*" ? "clerk-1" : entry!] : null;

        var problem = KeyScope.Of(At("models"), At("dialects"), At("countries"), At("addresses")).Problem!;
        (problem.Code, problem.Param).ShouldBe((ProblemCode.InvalidRequest, param));
    }

    [Fact]
    public void Tags_are_written_by_name_and_read_as_they_were_written()
    {
        CallTags.Of(["team=search", "env=prod", " a.b-c_1 = two words "], "tags").Value.Text.ShouldBe("a.b-c_1=two words,env=prod,team=search");
        CallTags.None.Text.ShouldBeNull();
        CallTags.None.With((string?)null).Value.Text.ShouldBeNull();

        // Whatever is taken has one canonical text, in any order of writing.
        var name = Gen.Elements("abcdefghijklmnopqrstuvwxyz0123456789_.-".ToCharArray()).NonEmptyListOf().Where(static list => list.Count <= 40).Select(static list => new string([.. list]));
        var value = Gen.Elements(Enumerable.Range(' ', '~' - ' ' + 1).Select(static code => (char)code).Where(static c => c is not (',' or '=')).ToArray())
            .NonEmptyListOf().Where(static list => list.Count <= 80).Select(static list => new string([.. list]).Trim()).Where(static text => text.Length > 0);
        var tags = name.Zip(value).ListOf().Select(static list => list.DistinctBy(static pair => pair.Item1, StringComparer.Ordinal).Take(CallTags.TagsMax).Select(static pair => $"{pair.Item1}={pair.Item2}").ToArray());
        Checked.ForAll(tags, seed: 33, static list =>
        {
            var text = CallTags.Of(list, "tags").Value.Text;
            CallTags.Of([.. list.Reverse()], "tags").Value.Text.ShouldBe(text);
            CallTags.FromStored(text).Text.ShouldBe(text);
            (text?.Split(',') ?? []).ShouldBe(list.OrderBy(static tag => tag[..tag.IndexOf('=', StringComparison.Ordinal)], StringComparer.Ordinal));
        });
    }

    [Theory]
    [InlineData("")]
    [InlineData("team")]
    [InlineData("=search")]
    [InlineData("team=")]
    [InlineData("Team=search")]
    [InlineData("team=a=b")]
    [InlineData("team=caf\u00e9")]
    [InlineData("team=search,team=other")]
    [InlineData("team=search,")]
    [InlineData("a=1,b=1,c=1,d=1,e=1,f=1,g=1,h=1,i=1,j=1,k=1")]
    public void A_wrong_tag_is_refused_by_its_header(string header)
    {
        var problem = CallTags.None.With(header).Problem!;
        (problem.Code, problem.Param).ShouldBe((ProblemCode.InvalidRequest, "Dogana-Tags"));
    }

    [Fact]
    public void A_request_adds_tags_and_overrides_none_of_its_key()
    {
        var key = CallTags.Of(["team=search"], "tags").Value;

        key.With("env=prod").Value.Text.ShouldBe("env=prod,team=search");
        key.With("team=other").Problem!.Message.ShouldContain("The key's own tag 'team' is not overridden by a request");
        key.With("a=1,b=1,c=1,d=1,e=1,f=1,g=1,h=1,i=1").Problem.ShouldBeNull();
        key.With("a=1,b=1,c=1,d=1,e=1,f=1,g=1,h=1,i=1,j=1").Problem!.Message.ShouldContain("At most 10 tags");
        CallTags.None.With($"{new string('n', 40)}={new string('v', 80)}").Problem.ShouldBeNull();
        CallTags.None.With($"{new string('n', 41)}=v").Problem.ShouldNotBeNull();
        CallTags.None.With($"n={new string('v', 81)}").Problem.ShouldNotBeNull();
    }

    private static KeyScope Of(string[]? models = null, string[]? dialects = null, string[]? countries = null, string[]? addresses = null) =>
        KeyScope.Of(models, dialects, countries, addresses).Value;
}
