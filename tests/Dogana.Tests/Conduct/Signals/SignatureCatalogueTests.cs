using System.Text;
using Dogana.Conduct;
using Dogana.Conduct.Signals;
using Dogana.Fingerprints;

namespace Dogana.Tests.Conduct.Signals;

public sealed class SignatureCatalogueTests
{
    [Fact]
    public void The_shipped_catalogue_is_sound_and_says_of_each_signature_what_would_explain_it()
    {
        var catalogue = SignatureCatalogue.Shipped;
        catalogue.Signatures.Count.ShouldBeGreaterThan(20);
        catalogue.Signatures.ShouldAllBe(static signature => signature.Innocent.Length > 10 && signature.Family.Length > 0);
        catalogue.Signatures.Where(static signature => signature.Benchmark is not null).Select(static signature => signature.Benchmark).ShouldBe(BenchmarkIndex.Shipped.Sets, ignoreOrder: true);

        // A concept that no signature and no trait names would be looked for in vain.
        string[] traits = ["verb", "first_person", "make", "task_object", "ai", "verdict", "evaluate", "reasoning_inside", "closed_answer", "asks_number", "meta"];
        catalogue.Concepts.Keys.Except(catalogue.Signatures.SelectMany(static signature => signature.All.Concat(signature.None)), StringComparer.Ordinal).Except(traits, StringComparer.Ordinal).ShouldBeEmpty();
    }

    [Fact]
    public void What_is_exported_is_imported_again_and_the_same()
    {
        var text = SignatureCatalogue.Shipped.Export();
        SignatureCatalogue.Import(text).Value.Export().ShouldBe(text);
    }

    [Theory]
    [InlineData("\"format\": \"dogana-conduct-indicators/1\"", "\"format\": \"else/7\"", "format")]
    [InlineData("\"distinct\": 6", "\"distinct\": 900", "900 distinct items")]
    [InlineData("\"exam_ask\",", "\"unheard\",", "unheard")]
    [InlineData("\"choices\"", "\"sideways\"", "sideways")]
    [InlineData("\"strong\"", "\"mighty\"", "read")]
    [InlineData("\"id\": \"judge.single\"", "\"id\": \"judge.pairwise\"", "of its own")]
    [InlineData("\"signatures\"", "\"signature\"", "read")]
    public void A_fault_in_a_document_is_named(string sound, string wrong, string named)
    {
        var text = SignatureCatalogue.Shipped.Export();
        text.ShouldContain(sound);
        SignatureCatalogue.Import(text.Replace(sound, wrong, StringComparison.Ordinal)).Problem.ShouldNotBeNull().Message.ShouldContain(named);
    }

    [Fact]
    public void A_template_that_somebody_else_found_is_found_by_its_fingerprints()
    {
        var words = new WordList();
        WordReader.Read("Take the following recipe and list every vessel that a cook would need for it in the order of its use, nothing else, one vessel on a line"u8, words);
        var fingerprints = string.Join("\",\"", Winnowing.Of(words.Hashes).Select(static fingerprint => fingerprint.Hash.ToString("x16", null)));
        var document = $$"""
            {"format":"{{SignatureCatalogue.Format}}","version":"theirs.1","concepts":{},"signatures":[{"id":"theirs.vessels","version":"3","family":"theirs","detector":"template_harvest",
             "strength":"weak","distinct":5,"fingerprints":["{{fingerprints}}"],"statement":"A template that was reported was used.","innocent":"Chance."}]}
            """;
        var catalogue = SignatureCatalogue.Shipped.With(SignatureCatalogue.Import(document).Value).Value;
        catalogue.Export().ShouldNotContain("vessel that a cook");
        var scene = new SignalsScene { Reader = new CallReader(catalogue) };
        var sketch = scene.Observe(20, static at => $"take the following recipe and list every vessel that a cook would need for it, in the order of its use; nothing else, one vessel on a line.\n{SignalsScene.Text(at)}");
        var finding = sketch.Findings(catalogue, null, SignalsScene.Now).ShouldHaveSingleItem();
        (finding.Signature, finding.SignatureVersion, finding.DistinctItems).ShouldBe(("theirs.vessels", "3", 20));
        SignalsScene.Findings(scene.Observe(20, static at => $"list the vessels\n{SignalsScene.Text(at)}")).ShouldBeEmpty();
    }

    [Fact]
    public void A_question_of_an_index_is_met_by_its_grams_and_half_a_question_is_not()
    {
        var words = new WordList();
        WordReader.Read(Encoding.UTF8.GetBytes(SignalsScene.Text(1, 40)), words);
        var grams = new ulong[Winnowing.GramCount(words.Count)];
        Winnowing.Roll(words.Hashes, grams);
        var index = new BenchmarkIndex(BenchmarkIndex.Write(["one", "two"], [(1, [.. grams.Order().Take(5)]), (0, [1, 2])]));
        index.Count.ShouldBe(2);
        var met = grams.Select(index.Find).Where(static item => item >= 0).ToArray();
        met.ShouldBe([0, 0, 0, 0, 0]);
        index.SetOf(0).ShouldBe("two");
        index.Needed(0).ShouldBe(BenchmarkIndex.GramsNeeded);
        index.Needed(1).ShouldBe(2);
        index.Find(99).ShouldBe(-1);
    }

    [Fact]
    public void The_shipped_index_is_hashes_of_a_bounded_size()
    {
        ShippedFiles.Bytes("benchmarks.bin").Length.ShouldBeLessThanOrEqualTo(2 * 1024 * 1024);
        BenchmarkIndex.Shipped.Count.ShouldBeGreaterThan(8_000);
    }
}
