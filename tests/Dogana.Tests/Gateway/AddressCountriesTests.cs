using System.Globalization;
using System.Net;
using Dogana.Gateway;
using Dogana.Tests.Gateway.Routing;
using Microsoft.Extensions.Logging;

namespace Dogana.Tests.Gateway;

/// <summary>Which country an address is in: the longest prefix of the operator's file.</summary>
public sealed class AddressCountriesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_longest_prefix_counts_as_a_simple_search_finds_it(int seed)
    {
        var random = new Random(seed);
        string[] countries = ["FR", "DE", "SG", "US", "CN"];
        for (var round = 0; round < 100; round++)
        {
            // Few bits, so that blocks nest and meet.
            var blocks = Enumerable.Range(0, random.Next(1, 20)).Select(_ => Block(random)).DistinctBy(static block => block.ToString(), StringComparer.Ordinal)
                .Select(block => (Block: block, Country: countries[random.Next(countries.Length)])).ToList();
            AddressCountries.Read(blocks.Select(static item => $"{item.Block},{item.Country}")).TryGet(out var table, out var problem).ShouldBeTrue(problem?.Message);
            for (var i = 0; i < 200; i++)
            {
                var address = Address(random);
                var expected = blocks.Where(item => item.Block.Contains(address)).OrderByDescending(static item => item.Block.PrefixLength).Select(static item => item.Country).FirstOrDefault();
                table!.Find(address).ShouldBe(expected, string.Create(CultureInfo.InvariantCulture, $"seed {seed}, round {round}: {address} in {string.Join(' ', blocks)}"));
            }
        }
    }

    [Fact]
    public void The_ends_of_all_addresses_and_mapped_addresses_are_found()
    {
        var table = AddressCountries.Read(["# made up", "", "0.0.0.0/0, US", " 255.255.255.255/32,FR", "::/0,DE", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128,SG"]).Value;

        table.Find(IPAddress.Parse("0.0.0.0")).ShouldBe("US");
        table.Find(IPAddress.Parse("255.255.255.254")).ShouldBe("US");
        table.Find(IPAddress.Parse("255.255.255.255")).ShouldBe("FR");
        table.Find(IPAddress.Parse("::ffff:255.255.255.255")).ShouldBe("FR");
        table.Find(IPAddress.Parse("::1")).ShouldBe("DE");
        table.Find(IPAddress.Parse("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")).ShouldBe("SG");
        table.Find(null).ShouldBeNull();
        AddressCountries.None.Find(IPAddress.Loopback).ShouldBeNull();
    }

    [Theory]
    [InlineData("203.0.113.0/24", "Line 2")]
    [InlineData("203.0.113.0/24,fr", "capital letters")]
    [InlineData("203.0.113.0/24,FRA", "capital letters")]
    [InlineData("203.0.113.7/24,FR", "CIDR")]
    [InlineData("nonsense,FR", "CIDR")]
    [InlineData("203.0.113.0/24,DE", "two countries")]
    public void A_wrong_line_is_named(string line, string part)
    {
        AddressCountries.Read(["203.0.113.0/24,FR", line]).TryGet(out _, out var problem).ShouldBeFalse();
        problem!.Message.ShouldContain(part);
    }

    [Fact]
    public async Task A_file_that_changes_is_read_again_and_one_that_is_wrong_leaves_what_was()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("dogana-").FullName, "countries.csv");
        try
        {
            var time = new ManualClock();
            await File.WriteAllTextAsync(path, "127.0.0.0/8,FR");
            var file = CountryFile.Open(path, time);
            file.Current.Find(IPAddress.Loopback).ShouldBe("FR");

            await ChangeAsync("127.0.0.0/8,DE", 1);
            while (file.Current.Find(IPAddress.Loopback) != "DE")
            {
                await Task.Delay(10); // read beside the way of a call
            }

            await ChangeAsync("127.0.0.0/8,??", 2);
            file.Log = new Heard();
            file.Current.Find(IPAddress.Loopback).ShouldBe("DE");
            while (((Heard)file.Log).Count == 0)
            {
                await Task.Delay(10);
            }

            file.Current.Find(IPAddress.Loopback).ShouldBe("DE");
            Should.Throw<InvalidOperationException>(() => CountryFile.Open(path, time)).Message.ShouldContain("Line 1");

            async Task ChangeAsync(string text, int age)
            {
                await File.WriteAllTextAsync(path, text);
                File.SetLastWriteTimeUtc(path, DateTimeOffset.UnixEpoch.AddDays(age).UtcDateTime);
                time.Move(TimeSpan.FromSeconds(6));
            }
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        }
    }

    private sealed class Heard : ILogger
    {
        public int Count;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Interlocked.Increment(ref Count);
    }

    private static IPNetwork Block(Random random)
    {
        if (random.Next(2) == 0)
        {
            var length = random.Next(0, 9);
            return new IPNetwork(new IPAddress([(byte)(random.Next(256) & (0xFF00 >> length)), 0, 0, 0]), length);
        }

        var bits = random.Next(0, 9);
        return new IPNetwork(new IPAddress([(byte)(random.Next(256) & (0xFF00 >> bits)), .. new byte[15]]), bits);
    }

    private static IPAddress Address(Random random)
    {
        var bytes = new byte[random.Next(2) == 0 ? 4 : 16];
        random.NextBytes(bytes);
        return new IPAddress(bytes);
    }
}
