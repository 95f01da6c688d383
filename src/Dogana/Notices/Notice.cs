namespace Dogana.Notices;

/// <summary>Something that an organisation must be told.</summary>
/// <param name="Topic">What it is about, noun and past participle: <c>measure.started</c>, <c>terms.published</c>.</param>
/// <param name="Organisation">Whom to tell.</param>
/// <param name="Subject">One line.</param>
/// <param name="Body">Plain text for people; no secrets, no prompt text.</param>
/// <param name="Data">A JSON object for machines.</param>
/// <param name="DedupKey">The same key is never told twice: <c>measure.started/ID/ORGANISATION</c>.</param>
public sealed record Notice(string Topic, string Organisation, string Subject, string Body, string Data, string DedupKey);
