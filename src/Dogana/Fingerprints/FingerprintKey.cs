using System.Buffers.Binary;
using System.Numerics;

namespace Dogana.Fingerprints;

/// <summary>
/// A secret that hashes are turned with before they are kept: whoever sees what is kept, and not the secret, cannot try words on it. SipHash-2-4 (Aumasson and
/// Bernstein 2012) of eight bytes.
/// </summary>
public sealed class FingerprintKey
{
    /// <summary>Bytes of a secret.</summary>
    public const int Length = 16;

    private readonly ulong _first;
    private readonly ulong _second;

    /// <summary>Takes a secret.</summary>
    /// <param name="secret">Of <see cref="Length"/> bytes, by chance.</param>
    public FingerprintKey(ReadOnlySpan<byte> secret)
    {
        if (secret.Length != Length)
        {
            throw new ArgumentException($"A secret has {Length} bytes.", nameof(secret));
        }

        _first = BinaryPrimitives.ReadUInt64LittleEndian(secret);
        _second = BinaryPrimitives.ReadUInt64LittleEndian(secret[8..]);
    }

    /// <summary>The hash that is kept in place of another one.</summary>
    /// <param name="hash">The plain hash.</param>
    public ulong Turn(ulong hash)
    {
        unchecked
        {
            var state = (A: _first ^ 0x736f6d6570736575, B: _second ^ 0x646f72616e646f6d, C: _first ^ 0x6c7967656e657261, D: _second ^ 0x7465646279746573);
            state.D ^= hash;
            Rounds(ref state, 2);
            state.A ^= hash;
            const ulong End = 8UL << 56; // the length of the message
            state.D ^= End;
            Rounds(ref state, 2);
            state.A ^= End;
            state.C ^= 0xff;
            Rounds(ref state, 4);
            return state.A ^ state.B ^ state.C ^ state.D;
        }
    }

    private static void Rounds(ref (ulong A, ulong B, ulong C, ulong D) state, int count)
    {
        unchecked
        {
            for (var round = 0; round < count; round++)
            {
                state.A += state.B;
                state.B = BitOperations.RotateLeft(state.B, 13) ^ state.A;
                state.A = BitOperations.RotateLeft(state.A, 32);
                state.C += state.D;
                state.D = BitOperations.RotateLeft(state.D, 16) ^ state.C;
                state.A += state.D;
                state.D = BitOperations.RotateLeft(state.D, 21) ^ state.A;
                state.C += state.B;
                state.B = BitOperations.RotateLeft(state.B, 17) ^ state.C;
                state.C = BitOperations.RotateLeft(state.C, 32);
            }
        }
    }
}
