using Dogana.Engine;
using Dogana.Engine.Gguf;
using Dogana.Testing.ModelFiles;

namespace Dogana.Tests.Engine;

public sealed class GgufFileTests : IDisposable
{
    private readonly ModelFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(2u)]
    [InlineData(3u)]
    public void Reader_reads_values_of_every_type(uint version)
    {
        var writer = new GgufWriter { Version = version };
        object[] values =
        [
            (byte)200, (sbyte)-3, (ushort)60_000, (short)-300, 4_000_000_000u, -5, 1.5f, true, "text é", ulong.MaxValue, long.MinValue, 2.5,
            new[] { 1, 2, 3 }, new[] { "a", "" }, new[] { true, false }, new[] { 0.5f }, new byte[] { 1, 255 },
        ];
        for (int i = 0; i < values.Length; i++)
        {
            writer.Set($"key.{i}", values[i]);
        }

        using GgufFile file = GgufFile.Open(_folder.Save(writer));
        file.Metadata.OptionalInteger("key.0", 0, 255).ShouldBe(200);
        file.Metadata.OptionalInteger("key.1", -10, 10).ShouldBe(-3);
        file.Metadata.OptionalInteger("key.2", 0, int.MaxValue).ShouldBe(60_000);
        file.Metadata.OptionalInteger("key.3", -400, 0).ShouldBe(-300);
        file.Metadata.OptionalInteger("key.5", -400, 0).ShouldBe(-5);
        file.Metadata.OptionalNumber("key.6").ShouldBe(1.5f);
        file.Metadata.OptionalFlag("key.7").ShouldBe(true);
        file.Metadata.OptionalText("key.8").ShouldBe("text é");
        file.Metadata.OptionalNumber("key.11").ShouldBe(2.5f);
        file.Metadata.List<int>("key.12").ShouldBe([1, 2, 3]);
        file.Metadata.List<string>("key.13").ShouldBe(["a", ""]);
        file.Metadata.List<bool>("key.14").ShouldBe([true, false]);
        file.Metadata.List<float>("key.15").ShouldBe([0.5f]);
        file.Metadata.List<byte>("key.16").ShouldBe([1, 255]);
    }

    [Fact]
    public void Reader_finds_tensors_at_another_alignment()
    {
        var writer = new GgufWriter { Alignment = 128 };
        writer.Set("general.alignment", 128u);
        writer.AddTensor("first", [1], 0, BitConverter.GetBytes(1f));
        writer.AddTensor("second", [2], 0, [.. BitConverter.GetBytes(2f), .. BitConverter.GetBytes(3f)]);
        using GgufFile file = GgufFile.Open(_folder.Save(writer));
        file.ReadTensor(file.Tensors["second"]).ShouldBe([.. BitConverter.GetBytes(2f), .. BitConverter.GetBytes(3f)]);
        (file.Tensors["second"].Offset % 128).ShouldBe(0);
    }

    [Fact]
    public void A_number_out_of_range_names_the_key()
    {
        var writer = new GgufWriter();
        writer.Set("some.count", 4_000_000_000u);
        using GgufFile file = GgufFile.Open(_folder.Save(writer));
        ModelFileException error = Should.Throw<ModelFileException>(() => file.Metadata.Integer("some.count", 1, 100));
        error.Key.ShouldBe("some.count");
        error.Message.ShouldContain("from 1 to 100");
        error.Message.ShouldContain("4000000000");
    }

    [Fact]
    public void A_list_of_another_type_names_the_key()
    {
        var writer = new GgufWriter();
        writer.Set("some.list", Array.ConvertAll<int, uint>([1, 2], value => (uint)value));
        using GgufFile file = GgufFile.Open(_folder.Save(writer));
        Should.Throw<ModelFileException>(() => file.Metadata.List<int>("some.list")).Key.ShouldBe("some.list");
    }

    [Fact]
    public void Another_kind_of_file_is_refused()
    {
        string path = Path.Combine(_folder.Path, "other");
        File.WriteAllText(path, "PK and more");
        Should.Throw<ModelFileException>(() => GgufFile.Open(path)).Message.ShouldContain("GGUF");
    }

    [Theory]
    [InlineData(1u, "found 1")]
    [InlineData(4u, "found 4")]
    [InlineData(0x03000000u, "big-endian")]
    public void Another_version_is_refused(uint version, string words) =>
        Should.Throw<ModelFileException>(() => GgufFile.Open(_folder.Save(new GgufWriter { Version = version }))).Message.ShouldContain(words);
}
