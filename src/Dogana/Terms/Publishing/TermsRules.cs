namespace Dogana.Terms.Publishing;

/// <summary>What may be published. Every refusal names the version and the remedy.</summary>
internal static class TermsRules
{
    /// <summary>The versions that are new.</summary>
    /// <exception cref="ProblemException">Something contradicts what is published.</exception>
    public static IReadOnlyList<TermsVersion> Check(IReadOnlyList<UsageTerms> present, IReadOnlyList<UsageTerms> declared, DateTimeOffset now)
    {
        var added = new List<TermsVersion>();
        foreach (var terms in declared)
        {
            var before = present.FirstOrDefault(item => item.Id == terms.Id);
            if (before is not null && before.Owner != terms.Owner)
            {
                throw Contradicted($"The terms '{terms.Id}' are those of '{before.Owner}', and stay so. Declare others with another id.");
            }

            foreach (var version in terms.Versions)
            {
                var published = before?.Versions ?? [];
                if (published.FirstOrDefault(item => item.Version == version.Version) is not { } same)
                {
                    CheckNew(version, published, now);
                    added.Add(version);
                }
                else if (same != version)
                {
                    throw Contradicted($"The version '{terms.Id}@{version.Version}' is published and cannot change. Add a version with another name and a later effective_from.");
                }
            }
        }

        return added;
    }

    private static void CheckNew(TermsVersion version, IReadOnlyList<TermsVersion> published, DateTimeOffset now)
    {
        if (published.FirstOrDefault(item => item.EffectiveFrom == version.EffectiveFrom) is { } twin)
        {
            throw Contradicted($"The version '{version.Terms}@{version.Version}' would be in force from the same instant as the version {twin.Version}. Give it a later effective_from.");
        }

        if (published.Count > 0 && version.EffectiveFrom < now)
        {
            throw Contradicted($"The version '{version.Terms}@{version.Version}' would change the terms of the past. Add it with an effective_from of now or later.");
        }
    }

    private static ProblemException Contradicted(string message) => new(new Problem(ProblemCode.Conflict, message, "terms"));
}
