using System.Text;
using Dogana.Conduct;
using Dogana.Conduct.Signals;
using Dogana.Fingerprints;
using FsCheck.Fluent;

namespace Dogana.Tests.Conduct.Signals;

public sealed class AccountSketchTests
{
    private readonly SignalsScene _scene = new();

    [Fact]
    public void Two_sketches_merged_find_what_one_of_all_calls_finds()
    {
        var all = _scene.Observe(400, Prompt);
        var (even, odd) = (new AccountSketch(all.Account), new AccountSketch(all.Account));
        for (var at = 0; at < 400; at++)
        {
            var sketch = at % 2 == 0 ? even : odd;
            sketch.Observe(SignalsScene.Call(sketch, Prompt(at), SignalsScene.Now.AddMinutes(at - 400), $"call-{at}"), _scene.Reader);
        }

        even.Merge(odd);
        var (merged, whole) = (even.Month.Sum(SignalsScene.Now), all.Month.Sum(SignalsScene.Now));
        merged.Calls.ShouldBe(whole.Calls);
        merged.Words.ShouldBe(whole.Words);
        merged.Items!.Registers.ShouldBe(whole.Items!.Registers);
        merged.About.ShouldBe(whole.About);
        foreach (var (key, tally) in whole.Tallies)
        {
            merged.Tallies[key].Items.Smallest.ToArray().ShouldBe(tally.Items.Smallest.ToArray());
            merged.Tallies[key].Requests.ShouldBe(tally.Requests);
        }

        even.FirstAt.ShouldBe(all.FirstAt);
        even.LastAt.ShouldBe(all.LastAt);
    }

    [Fact]
    public void The_order_of_calls_changes_no_count_and_hardly_a_template()
    {
        var forth = _scene.Observe(300, Prompt);
        var back = new AccountSketch(forth.Account);
        for (var at = 299; at >= 0; at--)
        {
            back.Observe(SignalsScene.Call(back, Prompt(at), SignalsScene.Now.AddMinutes(at - 300), $"call-{at}"), _scene.Reader);
        }

        SignalsScene.Strong(back).Order(StringComparer.Ordinal).ShouldBe(SignalsScene.Strong(forth).Order(StringComparer.Ordinal));
        var (one, other) = (forth.Month.Sum(SignalsScene.Now), back.Month.Sum(SignalsScene.Now));
        other.Items!.Registers.ShouldBe(one.Items!.Registers);
        Math.Abs(other.TraitCounts[(int)Trait.Templated] - one.TraitCounts[(int)Trait.Templated]).ShouldBeLessThanOrEqualTo(15);
    }

    [Fact]
    public void A_sketch_that_was_written_and_read_finds_the_same()
    {
        var sketch = _scene.Observe(300, Prompt, change: static (call, at) => call with { Network = (ulong)at % 5, Client = 7, IsOverQuota = at % 9 == 0, OutputTokens = at % 20 });
        var bytes = sketch.ToBytes();
        var read = AccountSketch.FromBytes(sketch.Account, bytes).ShouldNotBeNull();
        read.ToBytes().ShouldBe(bytes);
        SignalsScene.Findings(read).Select(static finding => finding with { CallIds = [], Linked = [] }).ShouldBe(SignalsScene.Findings(sketch).Select(static finding => finding with { CallIds = [], Linked = [] }));
    }

    [Fact]
    public void Bytes_of_another_version_or_of_nobody_are_no_sketch()
    {
        var sketch = _scene.Observe(20, Prompt);
        var bytes = sketch.ToBytes();
        AccountSketch.FromBytes(sketch.Account, ReadOnlyMemory<byte>.Empty).ShouldBeNull();
        AccountSketch.FromBytes(sketch.Account, bytes.AsMemory(0, bytes.Length - 1)).ShouldBeNull();
        AccountSketch.FromBytes(sketch.Account, (byte[])[(byte)(SketchForm.Version + 1), .. bytes[1..]]).ShouldBeNull();
    }

    [Fact]
    public void Damaged_bytes_are_read_or_refused_and_never_throw_or_grow()
    {
        var bytes = _scene.Observe(60, Prompt).ToBytes();
        var damage = from place in Gen.Choose(0, bytes.Length - 1) from value in Gen.Choose(0, 255) select (place, value);
        Checked.ForAll(damage, 20_261_124, input =>
        {
            byte[] damaged = [.. bytes];
            damaged[input.place] = (byte)input.value;
            var read = AccountSketch.FromBytes(new ConductAccount("acme", "owner"), damaged);
            (read?.ToBytes().Length ?? 0).ShouldBeLessThanOrEqualTo(AccountSketch.BytesMax);
        }, times: 3_000);
    }

    [Fact]
    public void No_text_of_a_call_is_in_a_sketch()
    {
        const string Marker = "zanzibarquince";
        var sketch = _scene.Observe(200, static at => $"Select the better one for {Marker}.\n{Marker} A: {at}\nCompletion A: {Marker} {at}\nCompletion B: {at} {Marker}");
        SignalsScene.Strong(sketch).ShouldNotBeEmpty();
        var bytes = sketch.ToBytes();
        foreach (var text in new[] { Marker, "Select", "Completion", Convert.ToBase64String(Encoding.UTF8.GetBytes(Marker))[..12] })
        {
            bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)).ShouldBe(-1, text);
            bytes.AsSpan().IndexOf(Encoding.Unicode.GetBytes(text)).ShouldBe(-1, text);
        }
    }

    [Fact]
    public void A_sketch_stays_in_its_bounds_whatever_is_sent()
    {
        var random = new Random(4);
        var giant = new StringBuilder();
        var sketch = new AccountSketch(new ConductAccount("acme", "owner"));
        for (var at = 0; at < 3_000; at++)
        {
            giant.Clear();
            for (var line = 0; line < (at % 100 == 0 ? 20_000 : 30); line++)
            {
                giant.Append(random.Next()).Append(". ").Append(random.Next()).Append('\n');
            }

            sketch.Observe(SignalsScene.Call(sketch, giant.ToString(), SignalsScene.Now.AddHours(-at), new string('i', EvidenceCalls.IdMax)) with { Network = (ulong)random.NextInt64(), Client = (ulong)random.NextInt64() }, _scene.Reader);
        }

        // Every place, as no prompts would fill them.
        foreach (var pane in sketch.Month.Panes)
        {
            for (var hit = 0; hit < 20_000; hit++)
            {
                pane.Tally(new SignatureHit((ulong)(hit % 100), WordReader.Mix((ulong)hit)), hit);
            }
        }

        for (var hit = 0; hit < 4_000; hit++)
        {
            sketch.Evidence.Add((ulong)(hit % 100), new string('e', EvidenceCalls.IdMax), hit);
        }

        Array.Fill(sketch.Units.Cells, ushort.MaxValue);
        sketch.Month.Panes.Count.ShouldBe(PaneRing.Kept);
        sketch.ToBytes().Length.ShouldBeLessThanOrEqualTo(AccountSketch.BytesMax);
        AccountSketch.FromBytes(sketch.Account, sketch.ToBytes()).ShouldNotBeNull();
    }

    [Fact]
    public void Distinct_items_are_exact_while_they_are_few_and_near_when_they_are_many()
    {
        var (few, many, count) = (new DistinctItems(), new DistinctItems(), new DistinctCount());
        for (var item = 0; item < 50_000; item++)
        {
            few.Add(WordReader.Mix((ulong)(item % DistinctItems.Kept) + 1));
            many.Add(WordReader.Mix((ulong)item + 1));
            count.Add(WordReader.Mix((ulong)item + 1));
        }

        few.Count.ShouldBeInRange(DistinctItems.Kept - 4, DistinctItems.Kept + 12);
        many.Count.ShouldBeInRange(25_000, 100_000);
        count.Count().ShouldBeInRange(45_000, 55_000);
    }

    [Fact]
    public void A_template_is_told_from_what_is_put_into_it()
    {
        var sketch = _scene.Observe(100, static at => $"You help the customers of a shop, briefly and kindly.\n{SignalsScene.Text(at, 6)}");
        sketch.Month.Sum(SignalsScene.Now).TraitCounts[(int)Trait.Templated].ShouldBeGreaterThan(90);
        sketch.Units.Top.Max(static place => place.Count).ShouldBe(100);
        _scene.Observe(100, static at => SignalsScene.Text(at, 20)).Month.Sum(SignalsScene.Now).TraitCounts[(int)Trait.Templated].ShouldBe(0);
    }

    private static string Prompt(int at) => at % 4 == 0
        ? $"Select the better one.\nRequest: {SignalsScene.Text(at)}\nCompletion A: {SignalsScene.Text(at)} yes\nCompletion B: {SignalsScene.Text(at)} no"
        : $"You help the customers of a shop, briefly and kindly.\n{SignalsScene.Text(at)}";
}
