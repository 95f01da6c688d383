namespace Dogana.Tests.House;

/// <summary>Holds uses between types against <see cref="ModuleMap"/>.</summary>
internal static class ModuleBoundaries
{
    /// <summary>What an assembly of modules does against the map, sorted; each breach once.</summary>
    public static IReadOnlyList<string> Check(string path) =>
        [.. TypeUseReader.Read(path).SelectMany(Check).Concat(PublicBelowTheFace(path)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>What an assembly that stands on the modules uses of them below their faces.</summary>
    public static IReadOnlyList<string> CheckFaces(string path, string modules) =>
        [.. TypeUseReader.Read(path).Where(use => use.To.Assembly == modules && !use.To.IsOnFace).Select(static use => $"{use.From} uses {use.To}, which is below a face").Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Check(TypeUse use)
    {
        if (use.From.Module is not { } from)
        {
            yield break; // what the compiler makes for the whole assembly stands outside of all namespaces
        }

        if (!ModuleMap.Knows(from))
        {
            yield return $"{from} is not in the map of modules: add it deliberately";
        }

        if (use.To.Assembly is not null || use.To.Module is not { } to || from == to)
        {
            yield break;
        }

        if (!ModuleMap.Allows(from, to))
        {
            yield return $"{use.From} uses {use.To}: {(from.Length == 0 ? "the root" : from)} may not call {to}";
        }
        else if (!use.To.IsOnFace)
        {
            yield return $"{use.From} uses {use.To}: only types in Dogana.{to} itself may be used from outside";
        }
    }

    private static IEnumerable<string> PublicBelowTheFace(string path) =>
        TypeUseReader.PublicTypes(path).Where(static type => type.Module is not null && !type.IsOnFace).Select(static type => $"{type} is public below its module's face");
}
