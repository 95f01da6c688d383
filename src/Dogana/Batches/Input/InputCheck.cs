using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Dogana.Batches.Input;

/// <summary>A run of lines that one node takes at a time.</summary>
internal sealed record Block(long Number, long FirstLine, long Lines, long Requests, long Place, long Bytes);

/// <summary>Looks at an input line by line, and cuts it into blocks. The first hundred faults are told.</summary>
internal sealed class InputCheck(string endpoint, int linesMax)
{
    private const int FaultsMax = 100;
    private const int RequestsPerBlock = 200;
    private const int BlockBytes = 4 * 1024 * 1024;

    private readonly HashSet<UInt128> _ids = [];
    private readonly List<BatchFault> _faults = [];
    private readonly List<Block> _blocks = [];
    private Block? _block;

    public IReadOnlyList<BatchFault> Faults => _faults;

    public IReadOnlyList<Block> Blocks => _blocks;

    public string? Model { get; private set; }

    public long Requests { get; private set; }

    /// <summary>Takes the next line; no when nothing further need be looked at.</summary>
    public bool Take(InputLine line)
    {
        if (!line.IsEmpty)
        {
            if (++Requests > linesMax)
            {
                _faults.Clear();
                _faults.Add(new BatchFault("too_many_tasks", string.Create(CultureInfo.InvariantCulture, $"A batch has at most {linesMax} lines here. Split it.")));
                return false;
            }

            Look(line);
        }

        // Empty lines belong to the block before them: places and numbers go on.
        if (_block is null || (!line.IsEmpty && (_block.Requests >= RequestsPerBlock || _block.Bytes + line.Length > BlockBytes)))
        {
            Close();
            _block = new Block(_blocks.Count, line.Number, 0, 0, line.Place, 0);
        }

        _block = _block with { Lines = _block.Lines + 1, Requests = _block.Requests + (line.IsEmpty ? 0 : 1), Bytes = _block.Bytes + line.Length };
        return _faults.Count < FaultsMax;
    }

    /// <summary>There are no more lines.</summary>
    public void End()
    {
        Close();
        if (Requests == 0)
        {
            _faults.Add(new BatchFault("empty_file", "The input file has no line."));
        }
    }

    private void Close()
    {
        if (_block is { } whole)
        {
            _blocks.Add(whole);
        }
    }

    private void Look(InputLine at)
    {
        var (line, fault) = BatchLine.Read(at.Text, at.Number, endpoint);
        if (line is null)
        {
            _faults.Add(fault!);
            return;
        }

        if (!_ids.Add(System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(line.CustomId)))))
        {
            _faults.Add(new BatchFault("duplicate_custom_id", "Another line before has this custom_id. Each must be the only one in the batch.", at.Number, "custom_id"));
        }

        if (line.Model is null)
        {
            _faults.Add(new BatchFault("invalid_request", "'model' must be a text.", at.Number, "body.model"));
        }
        else if ((Model ??= line.Model) != line.Model)
        {
            _faults.Add(new BatchFault("mismatched_model", "All lines of a batch name the model of its first line. Make a batch for each model.", at.Number, "body.model"));
        }
    }
}
