using Dogana.Audit;
using Dogana.Authority;
using Dogana.Catalog;
using Dogana.Client;
using Dogana.Rating.Books;
using Dogana.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dogana.Rating;

/// <summary>Price books in the admin API.</summary>
public static class PriceEndpoints
{
    private const int CsvLengthMax = 8 * 1024 * 1024;

    /// <summary>Maps <c>GET /price-books</c>, <c>GET /price-books/{id}/export</c>, <c>POST /price-books/import</c> and <c>GET /prices</c>.</summary>
    public static RouteGroupBuilder MapPrices(this RouteGroupBuilder admin)
    {
        admin.MapGet("/price-books", ListBooksAsync).Produces<Page<PriceBookRecord>>().WithSummary("The price books and when their versions begin, in pages").Needs(Permission.PriceRead);
        admin.MapGet("/price-books/{id}/export", ExportAsync).Produces<PriceExport>().WithSummary("A book with all its versions as a file (?format=csv or yaml)").Needs(Permission.PriceRead);
        admin.MapPost("/price-books/import", ImportAsync).Produces<ApplyResult>().WithSummary("Publishes books and versions from CSV, all of it or nothing; dry_run only says what would change").Needs(Permission.PriceWrite);
        admin.MapGet("/prices", ListAsync).Produces<Page<PriceRecord>>().WithSummary("Published prices, in pages: of a book, a model, or in force at an instant (?book, ?model, ?at)").Needs(Permission.PriceRead);
        return admin;
    }

    /// <summary>A published price as it is answered.</summary>
    public static PriceRecord ToRecord(PriceInForce found)
    {
        ArgumentNullException.ThrowIfNull(found);
        var price = found.Price;
        return new PriceRecord(
            found.Book, found.EffectiveFrom, found.EffectiveTo, found.IsRetroactive, price.Model, price.Meter.ToName(), price.Key, EnumWords.Of(price.Kind),
            EnumWords.Of(price.ServiceTier), price.PromptAbove, price.Tiers.Count > 0 ? null : PriceFiles.AmountText(price.Amount), price.Per, found.Currency.Code,
            [.. price.Tiers.Select(static tier => new PriceTierRecord(tier.UpTo, PriceFiles.AmountText(tier.Amount), PriceFiles.AmountText(tier.Flat)))]);
    }

    private static async Task<IResult> ListBooksAsync(Store store, int? limit, string? after, CancellationToken cancellation)
    {
        if (!PageLimit.Of(limit, otherwise: 100).TryGet(out var rows, out var problem))
        {
            return problem.ToHttp();
        }

        var (books, versions) = await ReadAsync(store, cancellation);
        return Results.Json(Paging.Of(books, after, rows, static book => book.Id, book => new PriceBookRecord(
            book.Id, book.Name, book.Currency, EnumWords.Of(book.Kind), [.. versions.Where(version => version.Book == book.Id).Select(static version => version.EffectiveFrom)])));
    }

    private static async Task<IResult> ListAsync(Store store, string? book, string? model, DateTimeOffset? at, int? limit, string? after, CancellationToken cancellation)
    {
        if (!PageLimit.Of(limit, otherwise: 100).TryGet(out var rows, out var problem))
        {
            return problem.ToHttp();
        }

        var prices = (await store.ReadAsync(PriceBooks.ReadAsync, cancellation)).All.Where(found => (book is null || found.Book == book) && (model is null || found.Price.Model == model)
            && (at is not { } instant || (found.EffectiveFrom <= instant && (found.EffectiveTo is not { } end || instant < end))));
        return Results.Json(Paging.Of(
            prices, after, rows, static found => $"{found.Book}@{InstantText.Format(found.EffectiveFrom)}/{found.Price.Model}/{found.Price.Meter.ToName()}/{found.Price.Key}", ToRecord));
    }

    private static async Task<IResult> ExportAsync(Store store, string id, string? format, CancellationToken cancellation)
    {
        if (format is not (null or "csv" or "yaml"))
        {
            return new Problem(ProblemCode.InvalidRequest, $"The format is csv or yaml, not '{format}'.", "format").ToHttp();
        }

        var (books, versions) = await ReadAsync(store, cancellation);
        if (books.FirstOrDefault(book => book.Id == id) is not { } found)
        {
            return new Problem(ProblemCode.NotFound, $"No price book has the id '{id}'. 'dogana price list' shows them.", "id").ToHttp();
        }

        return Results.Json(new PriceExport(format ?? "csv", format == "yaml" ? PriceFiles.ToYaml([found], versions) : PriceFiles.ToCsv([found], versions)));
    }

    private static async Task<IResult> ImportAsync(Store store, TimeProvider time, HttpContext http, PriceImportRequest request, CancellationToken cancellation)
    {
        if (request.Csv is null or { Length: > CsvLengthMax })
        {
            return new Problem(request.Csv is null ? ProblemCode.InvalidRequest : ProblemCode.BodyTooLarge, "csv is CSV text of at most 8 MiB. Import book by book.", "csv").ToHttp();
        }

        if (!PriceFiles.OfCsv(request.Csv).TryGet(out var read, out var problem))
        {
            return problem.ToHttp();
        }

        var (now, actor) = (time.GetUtcNow(), http.GetActor());
        try
        {
            var changes = await store.WriteAsync(session => DeclareAsync(session, read.Books, read.Versions, request.DryRun, actor, now), cancellation);
            return Results.Json(ResultOf(changes, isDry: false));
        }
        catch (ProblemException refused)
        {
            return refused.Problem.ToHttp();
        }
        catch (TakenBackException taken)
        {
            return Results.Json(ResultOf(taken.Changes, isDry: true));
        }
    }

    private static async Task<IReadOnlyList<Change>> DeclareAsync(
        StoreSession session, IReadOnlyList<PriceBook> books, IReadOnlyList<PriceBookVersion> versions, bool isDry, string actor, DateTimeOffset now)
    {
        var models = (await CatalogRegister.ReadAsync(session)).Models;
        if (versions.SelectMany(static version => version.Prices).FirstOrDefault(price => price.Meter != Meter.ReservedUnitMinutes && !models.ContainsKey(price.Model)) is { } stray)
        {
            throw new ProblemException(new Problem(ProblemCode.InvalidRequest, $"Column model: there is no model '{stray.Model}'. Declare it in a world file first.", "model"));
        }

        if (books.FirstOrDefault(static book => book.Id.Length is 0 or > 63 || !book.Id.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.')) is { } odd)
        {
            throw new ProblemException(new Problem(ProblemCode.InvalidRequest, $"Column book: '{odd.Id}' is no id. Write lower-case letters, digits, hyphens and dots, at most 63.", "book"));
        }

        var changes = await PriceBooks.DeclareAsync(session, books, versions, now);
        if (isDry)
        {
            throw new TakenBackException(changes);
        }

        var made = changes.Where(static change => change.Kind != ChangeKind.Unchanged).Select(static change => $"{change.Type} {change.Id}").ToArray();
        if (made.Length > 0)
        {
            await AuditLog.WriteAsync(session, now, actor, "price.import", string.Join(", ", books.Select(static book => book.Id).Take(10)), $"{made.Length}: {string.Join(", ", made.Take(10))}");
        }

        return changes;
    }

    private static async Task<(IReadOnlyList<PriceBook> Books, IReadOnlyList<PriceBookVersion> Versions)> ReadAsync(Store store, CancellationToken cancellation) =>
        await store.ReadAsync(static async session => (await PriceBookRows.ReadBooksAsync(session), await PriceBookRows.ReadVersionsAsync(session)), cancellation);

    private static ApplyResult ResultOf(IReadOnlyList<Change> changes, bool isDry) => new(
        isDry, changes.Any(static change => change.Kind != ChangeKind.Unchanged),
        [.. changes.Select(static change => new ApplyChange(EnumWords.Of(change.Kind), change.Type, change.Id))]);

    /// <summary>Takes what would change out of a transaction that must not commit.</summary>
    private sealed class TakenBackException(IReadOnlyList<Change> changes) : Exception
    {
        public IReadOnlyList<Change> Changes { get; } = changes;
    }
}
