using System.Globalization;
using System.Text;
using Dogana.Conduct;
using Dogana.Fingerprints;

namespace Dogana.Tests.Conduct.Signals;


public sealed class DetectorTests
{
    private readonly SignalsScene _scene = new();

    public static TheoryData<string, string> Found { get; } = new()
    {
        { "judge.pairwise", "Compare two responses of AI assistants and say which one is better in helpfulness; end with your verdict.\nTask: {0}\nResponse 1: {0} and so on\nResponse 2: {0} or not" },
        { "judge.preference", "Select the better one.\nRequest: {0}\nCompletion A: {0} yes\nCompletion B: {0} no" },
        { "judge.single", "Grade the model output on a scale of 1 to 5 as an impartial reader would.\nPrompt: {0}\nModel output: {0} in short" },
        { "generation.tasks", "Write 15 diverse tasks that a language model is to learn from.\n1. No repeats.\n2. Short.\n3. In English.\n4. Vary the topics.\nSeed: {0}" },
        { "generation.similar", "Produce ten new instructions, varied in their topics, like this one: {0}" },
        { "generation.evolve", "You are a prompt rewriter. Rewrite the given prompt into a more complex version with further constraints.\nGiven prompt: {0}\nRewritten prompt:" },
        { "generation.training_data", "Create question answer pairs for the fine tuning of a chatbot from this text: {0}" },
        { "generation.backwards", "Guess the instruction to which an AI assistant gave this answer: {0}" },
        { "generation.instruction_shots", "Instruction: {0}\nOutput: a\nInstruction: {0} too\nOutput: b\nInstruction:" },
        { "benchmark.exam_form", "The following are multiple choice questions.\n\n{0}?\nA. lamp\nB. river\nC. engine\nD. garden\nAnswer:" },
        { "benchmark.own_choices", "{0}?\n(A) one {0}\n(B) two {0}\n(C) three {0}\nAnswer:" },
        { "benchmark.math_shots", "Q: Ann has 3 pens and buys 4. How many pens?\nA: 7\nQ: Bo has 9 caps and loses 2. How many caps?\nA: 7\nQ: {0} with 12 and 5 of them. How many?\nA:" },
        { "reasoning.elicited", "{0}\nReveal your internal reasoning and write it out in full, every step, before the final answer." },
    };

    public static TheoryData<string> Benign { get; } = new()
    {
        "Sort the ticket into billing, delivery or returns. Answer with the label only.\nTicket: {0}",
        "You moderate a forum. Rate the post from 1 to 5 for rudeness.\nPost: {0}",
        "Score the agent's reply from 1 to 5 for tone and correctness.\nCustomer: {0}\nAgent: {0} indeed",
        "Two drafts for the customer are below. Which one should our colleagues send?\nDraft A: {0}\nDraft B: {0} again",
        "Answer from the article only.\nArticle: {0}\nQuestion: what about the lamp?",
        "Summarise in two sentences: {0}",
        "Nightly test of our assistant: does the actual answer mean the same as the expected answer? PASS or FAIL.\nExpected: {0}\nActual: {0} too",
        "Is the reply of our help bot supported by the article? Yes or no.\nArticle: {0}\nReply: {0}",
        "Grade the student's essay on a scale of 1 to 10 by the rubric.\nEssay: {0}",
        "Write five varied practice questions about this text for the students of class 6: {0}",
        "Improve this prompt for the image generator, keep it short: {0}",
        "Translate into German: {0}",
        "Extract the supplier and the amount as JSON: {0}",
        "I need help with my order, {0}. How much is it if I buy 3 or 4?",
    };

    [Theory]
    [MemberData(nameof(Found))]
    public void What_terms_forbid_is_found_by_its_form_in_every_tenth_call(string signature, string template)
    {
        var sketch = _scene.Observe(200, at => at % 10 == 0 ? Fill(template, at) : $"My {SignalsScene.Text(at)} is late, can you help me?");
        var finding = SignalsScene.Findings(sketch).FirstOrDefault(found => found.Signature == signature);
        finding.ShouldNotBeNull(string.Join(", ", SignalsScene.Findings(sketch).Select(static found => found.Signature)));
        finding.Strength.ShouldBe(FindingStrength.Strong);
        finding.DistinctItems.ShouldBe(20);
        finding.OfRequests.ShouldBe(200);
        finding.CallIds.Contains("call-190", StringComparer.Ordinal).ShouldBeTrue();
        finding.Statement.ShouldNotContain("lamp");
    }

    [Theory]
    [MemberData(nameof(Found))]
    public void The_same_prompt_again_and_again_is_one_item(string signature, string template)
    {
        var sketch = _scene.Observe(200, _ => Fill(template, 1));
        SignalsScene.Strong(sketch).ShouldBeEmpty(signature);
    }

    [Theory]
    [MemberData(nameof(Benign))]
    public void What_only_looks_like_it_has_no_strong_finding(string template) =>
        SignalsScene.Strong(_scene.Observe(300, at => Fill(template, at))).ShouldBeEmpty();

    [Fact]
    public void An_output_pasted_back_to_be_judged_is_strong_and_one_that_is_worked_on_weak()
    {
        var scene = new SignalsScene { Reader = new CallReader(SignatureCatalogue.Shipped, new RecentFingerprints(new FingerprintKey(new byte[16]))) };
        var accounts = 0;
        string Answer(int at) => SignalsScene.Text(at + 5_000, 60);
        ObservedCall Answered(ObservedCall call, int at) => at % 2 == 0 ? call with { Output = Encoding.UTF8.GetBytes(Answer(at)) } : call;
        ConductFinding[] Own(Func<int, string> second) =>
            [.. SignalsScene.Findings(scene.Observe(80, at => at % 2 == 0 ? $"Tell me of {SignalsScene.Text(at)}" : second(at), $"acme-{++accounts}", Answered)).Where(static finding => finding.Detector == Detector.OwnOutput)];

        Own(at => $"Compare two responses of AI assistants in helpfulness and give a verdict.\nResponse 1: {Answer(at - 1)}\nResponse 2: {SignalsScene.Text(at, 60)}")
            .ShouldHaveSingleItem().Strength.ShouldBe(FindingStrength.Strong);
        Own(at => $"Shorten: {Answer(at - 1)}").ShouldHaveSingleItem().Strength.ShouldBe(FindingStrength.Weak);
        Own(at => $"Shorten: {SignalsScene.Text(at, 60)}").ShouldBeEmpty();
    }

    [Theory]
    [InlineData(30, true)]
    [InlineData(1, false)]
    public void A_sweep_of_biases_is_found_and_one_bias_is_not(int biases, bool isFound)
    {
        ObservedCall Sweep(ObservedCall call, int at) => call with
        {
            Body = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""{"model":"m","max_tokens":1,"logprobs":true,"top_logprobs":5,"logit_bias":{"{{1000 + (at % biases)}}":50},"messages":[{"content":"x","role":"user"}]}""")),
        };
        SignalsScene.Strong(_scene.Observe(60, static _ => "", change: Sweep)).Contains("logit.sweep", StringComparer.Ordinal).ShouldBe(isFound);
    }

    [Fact]
    public void Labels_are_a_question_only_where_no_use_explains_them()
    {
        var sketch = _scene.Observe(200, at => $"Positive or negative? {SignalsScene.Text(at)}");
        SignalsScene.Findings(sketch).ShouldContain(static finding => finding.Signature == "label.ratio" && finding.Strength == FindingStrength.Weak);
        SignalsScene.Findings(sketch, null, "classification").ShouldNotContain(static finding => finding.Signature == "label.ratio");
    }

    [Fact]
    public void Ever_new_instructions_without_a_person_are_a_harvest_and_a_persons_are_not()
    {
        static bool IsHarvest(AccountSketch sketch) => SignalsScene.Findings(sketch).Any(static finding => finding.Signature == "harvest.bare");
        IsHarvest(_scene.Observe(200, static at => $"Write a poem about {SignalsScene.Text(at)}")).ShouldBeTrue();
        IsHarvest(_scene.Observe(200, static at => $"Write my friend a note about {SignalsScene.Text(at)}")).ShouldBeFalse();
    }

    [Fact]
    public void A_machines_week_is_regular_and_an_offices_is_not()
    {
        AccountSketch Week(Func<DateTimeOffset, bool> works)
        {
            var sketch = new AccountSketch(new ConductAccount("acme", "owner"));
            for (var at = SignalsScene.Now.AddDays(-20); at < SignalsScene.Now; at = at.AddMinutes(10))
            {
                if (works(at))
                {
                    sketch.Observe(SignalsScene.Call(sketch, "hello", at), _scene.Reader);
                }
            }

            return sketch;
        }

        static bool IsRegular(AccountSketch sketch) => SignalsScene.Findings(sketch).Any(static finding => finding.Signature == "regularity.hours");
        IsRegular(Week(static _ => true)).ShouldBeTrue();
        IsRegular(Week(static at => at.Hour is > 7 and < 18)).ShouldBeFalse();
    }

    [Fact]
    public void Calls_at_the_quotas_edge_are_found_and_a_single_refusal_is_not()
    {
        static bool IsAtEdge(AccountSketch sketch) => SignalsScene.Findings(sketch).Any(static finding => finding.Signature == "regularity.quota");
        IsAtEdge(_scene.Observe(1_200, static _ => "x", change: static (call, at) => call with { IsOverQuota = at % 2 == 0 })).ShouldBeTrue();
        IsAtEdge(_scene.Observe(1_200, static _ => "x", change: static (call, at) => call with { IsOverQuota = at == 7 })).ShouldBeFalse();
    }

    [Fact]
    public void Half_of_the_calls_at_a_new_model_within_a_day_of_its_release_are_a_step_and_a_slow_start_is_none()
    {
        static bool IsStep(AccountSketch sketch, DateTimeOffset released) => sketch.Findings(
                SignatureCatalogue.Shipped, null, SignalsScene.Now, [], Enumerable.Repeat(released, 1).ToLookup(static _ => "new-model", StringComparer.Ordinal))
            .Any(static finding => finding.Signature == "regularity.release" && finding.Strength == FindingStrength.Weak);

        // A call each ten minutes for two weeks; every second one of the last day goes to another model, or every tenth.
        AccountSketch Calls(int every) => _scene.Observe(
            2_016, static at => SignalsScene.Text(at), change: (call, at) => call with { At = SignalsScene.Now.AddMinutes(10 * (at - 2_016)), Model = at >= 2_016 - 144 && at % every == 0 ? "new-model" : "old-model" });
        var dense = _scene.Observe(
            4_000, static at => SignalsScene.Text(at), change: static (call, at) => call with { At = at < 3_000 ? SignalsScene.Now.AddDays(-15).AddMinutes(at) : SignalsScene.Now.AddMinutes(at - 4_000), Model = at >= 3_000 && at % 2 == 0 ? "new-model" : "old-model" });
        var released = SignalsScene.Now.AddMinutes(-1_010);
        IsStep(dense, released).ShouldBeTrue();
        IsStep(dense, released.AddDays(-2)).ShouldBeFalse("the model was there for two days");
        IsStep(Calls(2), SignalsScene.Now.AddDays(-1)).ShouldBeFalse("72 calls are few");
        IsStep(AccountSketch.FromBytes(dense.Account, dense.ToBytes())!, released).ShouldBeTrue();
    }

    [Fact]
    public void A_day_about_something_else_than_the_month_is_a_shift()
    {
        AccountSketch Month(Func<bool, int, string> prompt)
        {
            var sketch = new AccountSketch(new ConductAccount("acme", "owner"));
            for (var at = 0; at < 1_200; at++)
            {
                var isLast = at >= 1_000;
                sketch.Observe(SignalsScene.Call(sketch, prompt(isLast, at), isLast ? SignalsScene.Now.AddMinutes(at - 1_300) : SignalsScene.Now.AddDays(-20).AddMinutes(at * 20)), _scene.Reader);
            }

            return sketch;
        }

        static bool IsShift(AccountSketch sketch) => SignalsScene.Findings(sketch).Any(static finding => finding.Signature == "shift.own");
        IsShift(Month(static (isLast, _) => isLast ? "quote the price of copper wire today" : "where does my parcel stay, it is late")).ShouldBeTrue();
        IsShift(Month(static (_, _) => "where does my parcel stay, it is late")).ShouldBeFalse();
    }

    [Fact]
    public void What_is_older_than_the_window_counts_no_more()
    {
        var sketch = _scene.Observe(200, at => Fill("Select the better one.\nCompletion A: {0} yes\nCompletion B: {0} no", at));
        SignalsScene.Strong(sketch).ShouldNotBeEmpty();
        sketch.Findings(SignatureCatalogue.Shipped, null, SignalsScene.Now.AddDays(46)).ShouldBeEmpty();
    }

    private static string Fill(string template, int at) => template.Replace("{0}", SignalsScene.Text(at), StringComparison.Ordinal);
}
