using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace Dogana.Tests.House;

/// <summary>Walks over a method's instructions.</summary>
internal static class Instructions
{
    private const int TwoByteMark = 0xFE;

    private static readonly Dictionary<int, OperandType> Kinds = typeof(OpCodes).GetFields()
        .Select(static field => (OpCode)field.GetValue(null)!)
        .ToDictionary(static code => (int)unchecked((ushort)code.Value), static code => code.OperandType);

    /// <summary>The types, members and signatures that the instructions name.</summary>
    public static IReadOnlyList<EntityHandle> Operands(BlobReader code)
    {
        var handles = new List<EntityHandle>();
        while (code.RemainingBytes > 0)
        {
            int operation = code.ReadByte();
            if (operation == TwoByteMark)
            {
                operation = (TwoByteMark << 8) | code.ReadByte();
            }

            var kind = Kinds[operation];
            if (kind is OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType or OperandType.InlineSig)
            {
                handles.Add(MetadataTokens.EntityHandle(code.ReadInt32()));
            }
            else
            {
                code.Offset += Size(kind, code);
            }
        }

        return handles;
    }

    private static int Size(OperandType kind, BlobReader code) => kind switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + 4 * code.ReadInt32(),
        _ => 4,
    };
}
