using FsCheck;
using FsCheck.Fluent;

namespace Dogana.Tests;

/// <summary>Property checks with a fixed seed: a failure is the same on every machine and every run.</summary>
internal static class Checked
{
    public static void ForAll<T>(Gen<T> inputs, ulong seed, Action<T> check, int times = 200) =>
        Prop.ForAll(inputs.ToArbitrary(), input => check(input))
            .Check(Config.QuickThrowOnFailure.WithReplay(seed, 1UL).WithMaxTest(times).WithQuietOnSuccess(true));

    /// <summary>A few inputs, for checks that need a store each.</summary>
    public static IReadOnlyList<T> Sample<T>(Gen<T> inputs, ulong seed, int count)
    {
        var samples = new List<T>();
        ForAll(inputs, seed, samples.Add, count);
        return samples;
    }
}
