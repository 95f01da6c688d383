using System.Text.Json;

namespace Dogana;

/// <summary>The values of an enum as the admin API and world files write them: <c>in_force</c>, <c>voting_rights</c>.</summary>
public static class EnumWords
{
    /// <summary>A value as it is written.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    /// <summary>The value that is written so, or null.</summary>
    public static T? Find<T>(string? word)
        where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
        {
            if (Of(value) == word)
            {
                return value;
            }
        }

        return null;
    }
}
