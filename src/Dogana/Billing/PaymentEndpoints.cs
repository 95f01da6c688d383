using System.Globalization;
using Dogana.Audit;
using Dogana.Authority;
using Dogana.Client;
using Dogana.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dogana.Billing;

/// <summary>Payments and statements of account in the admin API.</summary>
public static class PaymentEndpoints
{
    /// <summary>Maps <c>/payments</c>, <c>/refunds</c> and <c>/accounts/{organisation}/statement</c>.</summary>
    public static RouteGroupBuilder MapPayments(this RouteGroupBuilder admin)
    {
        ArgumentNullException.ThrowIfNull(admin);
        admin.MapGet("/payments", ListAsync).Produces<Page<PaymentRecord>>().WithSummary("The payments, refunds and write-offs, in pages; ?organisation or ?seller for those of one").NeedsInReach(Permission.PaymentRead);
        admin.MapPost("/payments", RecordAsync).Produces<PaymentRecord>().WithSummary("Records a payment, once by its own id, and sets it off against invoices").Needs(Permission.PaymentRecord);
        admin.MapPost("/payments/import", ImportAsync).Produces<PaymentImportResult>().WithSummary("Takes in a bank's statement as CSV (?seller, ?allocate=oldest); a row that was recorded is not recorded again").Needs(Permission.PaymentRecord);
        admin.MapPost("/payments/{number}/allocations", AllocateAsync).Produces<PaymentAllocationRecord>().WithSummary("Sets what is on account of a payment or credit note off against invoices").Needs(Permission.PaymentRecord);
        admin.MapPost("/refunds", RefundAsync).Produces<PaymentRecord>().WithSummary("Records that what was on account was paid back").Needs(Permission.PaymentRecord);
        admin.MapGet("/accounts/{organisation}/statement", ReadStatementAsync).Produces<IReadOnlyList<AccountStatementRecord>>().WithSummary("A customer's account with a seller (?seller, ?from, ?to), one statement for each currency").NeedsInReach(Permission.PaymentRead);
        return admin;
    }

    internal static PaymentRecord ToRecord(PaymentState state) => new(
        state.Payment.Number, EnumWords.Of(state.Payment.Kind), state.Payment.Seller, state.Payment.Organisation, state.Payment.ExternalId, state.Payment.Amount.ToAmountText(),
        state.Payment.Amount.Currency.Code, state.Payment.PaidOn, state.Payment.Reference, [.. state.Allocations.Select(ToRecord)], state.OnAccount.ToAmountText(), state.IsNew);

    /// <summary>A decimal number of a request, or null where it was left out.</summary>
    internal static Outcome<decimal?> NumberOf(string? text, string field) => text is null ? default(Outcome<decimal?>)
        : decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number < 1_000_000_000_000m && decimal.Round(number, Money.Scale) == number ? number
        : new Problem(ProblemCode.InvalidRequest, $"'{text}' is no amount. Write digits such as 12.50.", field);

    private static async Task<IResult> ListAsync(Store store, HttpContext http, string? organisation, string? seller, int? limit, string? after, CancellationToken cancellation)
    {
        if (!PageLimit.Of(limit, otherwise: 100).TryGet(out var rows, out var problem))
        {
            return problem.ToHttp();
        }

        var found = await store.ReadAsync(session => CustomerPayments.ListAsync(session, organisation, seller, after ?? "", rows + 1, http.GetReach()), cancellation);
        return Results.Json(Paging.Of(found, rows, static item => item.Payment.Number, ToRecord));
    }

    private static async Task<IResult> RecordAsync(Store store, TimeProvider time, HttpContext http, NewPaymentRequest request, CancellationToken cancellation) =>
        PaymentOf(request).TryGet(out var payment, out var problem)
            ? Answer(await store.WriteAsync(session => CustomerPayments.RecordAsync(session, payment, http.GetActor(), time.GetUtcNow()), cancellation))
            : problem.ToHttp();

    private static async Task<IResult> RefundAsync(Store store, TimeProvider time, HttpContext http, NewPaymentRequest request, CancellationToken cancellation) =>
        PaymentOf(request).TryGet(out var payment, out var problem)
            ? Answer(await store.WriteAsync(session => CustomerPayments.RefundAsync(session, payment, http.GetActor(), time.GetUtcNow()), cancellation))
            : problem.ToHttp();

    private static async Task<IResult> ImportAsync(Store store, TimeProvider time, HttpContext http, string? seller, string? allocate, CancellationToken cancellation)
    {
        if (allocate is not (null or "oldest") || seller is null)
        {
            return (seller is null
                ? new Problem(ProblemCode.InvalidRequest, "Say whose bank's statement it is: ?seller=ID.", "seller")
                : new Problem(ProblemCode.InvalidRequest, "What nothing says is for an invoice stays on account, or pays the oldest ones: ?allocate=oldest.", "allocate")).ToHttp();
        }

        using var reader = new StreamReader(http.Request.Body);
        var csv = await reader.ReadToEndAsync(cancellation);
        var imported = await store.WriteAsync(session => PaymentImport.RunAsync(session, seller, csv, allocate is not null, http.GetActor(), time.GetUtcNow()), cancellation);
        return imported.TryGet(out var report, out var problem)
            ? Results.Json(new PaymentImportResult([.. report.Payments.Select(ToRecord)], [.. report.Refused.Select(static item => new RefusedPaymentRecord(item.Line, item.Reason))]))
            : problem.ToHttp();
    }

    private static async Task<IResult> AllocateAsync(Store store, TimeProvider time, HttpContext http, string number, AllocatePaymentRequest request, CancellationToken cancellation)
    {
        if (!NumberOf(request.Amount, "amount").TryGet(out var amount, out var problem)
            || !(await store.WriteAsync(session => CustomerPayments.AllocateAsync(session, number, request.Invoice, amount, http.GetActor(), time.GetUtcNow()), cancellation)).TryGet(out var made, out problem))
        {
            return problem.ToHttp();
        }

        return Results.Json(new PaymentAllocationRecord(made.Source, [.. made.Allocations.Select(ToRecord)], made.OnAccount.ToAmountText()));
    }

    private static async Task<IResult> ReadStatementAsync(
        Store store, TimeProvider time, HttpContext http, string organisation, string? seller, string? from, string? to, CancellationToken cancellation)
    {
        // Who cannot see a customer learns nothing of it, not even that it is there.
        if (!http.GetReach().HasOrganisation(organisation))
        {
            return new Problem(ProblemCode.NotFound, $"There is no organisation '{organisation}'.", "organisation").ToHttp();
        }

        if (seller is null)
        {
            return new Problem(ProblemCode.InvalidRequest, "Say with whom the account is: ?seller=ID.", "seller").ToHttp();
        }

        return (await store.ReadAsync(session => AccountStatements.ReadAsync(session, organisation, seller, from, to, time.GetUtcNow()), cancellation)).TryGet(out var statements, out var problem)
            ? Results.Json(statements.Select(ToRecord))
            : problem.ToHttp();
    }

    private static Outcome<NewPayment> PaymentOf(NewPaymentRequest request)
    {
        if (Currency.Find(request.Currency) is not { } currency)
        {
            return new Problem(ProblemCode.InvalidRequest, $"'{request.Currency}' is no currency. Write a code of ISO 4217 such as EUR.", "currency");
        }

        return !NumberOf(request.Amount ?? "", "amount").TryGet(out var amount, out var problem) ? problem
            : request.Allocate is not (null or "oldest") ? new Problem(ProblemCode.InvalidRequest, "allocate is oldest, or left out: then what nothing says is for an invoice stays on account.", "allocate")
            : new NewPayment(request.Organisation ?? "", request.Seller ?? "", new Money(amount!.Value, currency), request.Date ?? "", request.Reference ?? "")
            {
                ExternalId = request.Id,
                Invoice = request.Invoice,
                PaysOldest = request.Allocate is not null,
            };
    }

    private static IResult Answer(Outcome<PaymentState> outcome) => outcome.TryGet(out var state, out var problem) ? Results.Json(ToRecord(state)) : problem.ToHttp();

    private static AllocationRecord ToRecord(Allocation allocation) => new(allocation.Source, allocation.Target, allocation.Amount.ToAmountText());

    private static AccountStatementRecord ToRecord(AccountStatement statement) => new(
        statement.Organisation, statement.Seller, statement.Currency.Code, statement.From, statement.To, statement.Opening.ToAmountText(),
        [.. statement.Lines.Select(static line => new AccountLineRecord(line.Date, line.Kind, line.Number, line.Text, line.Amount.ToAmountText(), line.Balance.ToAmountText()))],
        statement.Closing.ToAmountText(),
        statement.Ageing is { } ageing
            ? new AccountAgeingRecord(
                ageing.NotDue.ToAmountText(), ageing.To30.ToAmountText(), ageing.To60.ToAmountText(), ageing.To90.ToAmountText(), ageing.Over90.ToAmountText(),
                ageing.OnAccount.ToAmountText(), ageing.Other.ToAmountText())
            : null);
}
