using Dogana.Engine.Generation;

namespace Dogana.Tests.Engine;

public sealed class SamplerTests
{
    private static readonly float[] Scores = [1, 3, 2, 0];

    [Fact]
    public void A_temperature_of_zero_takes_the_best() => Next(new SamplingOptions()).ShouldBe(1);

    [Fact]
    public void Of_equal_scores_the_first_is_best() => new Sampler(new SamplingOptions()).Next([1, 5, 5]).ShouldBe(1);

    [Fact]
    public void Scores_that_are_no_numbers_are_not_taken() =>
        new Sampler(new SamplingOptions { Temperature = 1 }).Next([float.NaN, float.NegativeInfinity, 1, float.NaN]).ShouldBe(2);

    [Fact]
    public void Scores_of_which_none_is_a_number_give_some_token() =>
        new Sampler(new SamplingOptions { Temperature = 1 }).Next([float.NaN, float.NaN]).ShouldBe(0);

    [Fact]
    public void Tokens_come_in_proportion_to_their_share()
    {
        int[] counts = Count(new SamplingOptions { Temperature = 1, Seed = 5 });
        // e^1 : e^3 : e^2 : e^0 of 20,000.
        counts[1].ShouldBeInRange(12_600, 13_150);
        counts[2].ShouldBeInRange(4_500, 4_950);
        counts[0].ShouldBeInRange(1_600, 1_900);
        counts[3].ShouldBeInRange(550, 750);
    }

    [Fact]
    public void Top_p_leaves_the_likeliest_that_make_it_up()
    {
        // The best has 64 per cent, the second 24.
        Count(new SamplingOptions { Temperature = 1, TopP = 0.6f })[2].ShouldBe(0);
        int[] two = Count(new SamplingOptions { Temperature = 1, TopP = 0.8f });
        two[2].ShouldBeGreaterThan(0);
        two[0].ShouldBe(0);
    }

    [Fact]
    public void Top_k_leaves_that_many()
    {
        int[] counts = Count(new SamplingOptions { Temperature = 10, TopK = 2 });
        counts[0].ShouldBe(0);
        counts[3].ShouldBe(0);
        counts[2].ShouldBeGreaterThan(0);
    }

    [Fact]
    public void A_presence_penalty_makes_room_for_others()
    {
        var sampler = new Sampler(new SamplingOptions { PresencePenalty = 1.5f });
        new[] { sampler.Next([.. Scores]), sampler.Next([.. Scores]) }.ShouldBe([1, 2]);
    }

    [Fact]
    public void The_same_seed_gives_the_same_tokens()
    {
        var options = new SamplingOptions { Temperature = 1, Seed = 42 };
        Sequence(options).ShouldBe(Sequence(options));
        Sequence(options).ShouldNotBe(Sequence(options with { Seed = 43 }));
    }

    private static int Next(SamplingOptions options) => new Sampler(options).Next([.. Scores]);

    private static int[] Sequence(SamplingOptions options)
    {
        var sampler = new Sampler(options);
        return [.. Enumerable.Range(0, 50).Select(_ => sampler.Next([.. Scores]))];
    }

    private static int[] Count(SamplingOptions options)
    {
        var sampler = new Sampler(options);
        int[] counts = new int[Scores.Length];
        for (int i = 0; i < 20_000; i++)
        {
            counts[sampler.Next([.. Scores])]++;
        }

        return counts;
    }
}
