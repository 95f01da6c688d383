using FakeUpstream.Errors;
using FakeUpstream.Wire;

namespace FakeUpstream.Answers;

/// <summary>Answers an operation, whole or streamed, as the request asks and the script says.</summary>
internal static class SpokenAnswer
{
    public static async Task SendAsync(Exchange exchange, Operation operation)
    {
        if (operation.Missing(exchange.Request, exchange.Context.Request.Headers) is { } missing)
        {
            await ErrorAnswer.SendAsync(exchange, missing);
            return;
        }

        var telling = new Telling(exchange.Script, exchange.Model, Asked.Of(exchange.Request, operation.Echoed));
        if (!telling.Asked.IsStream || exchange.Script.Fault is Fault.WrongContentType or Fault.JsonForStream)
        {
            await WholeAnswer.SendAsync(exchange, exchange.Prepared.Whole(operation, telling));
            return;
        }

        using var stream = new EventStream(exchange, operation, telling);
        await stream.SendAsync(exchange.Prepared.Stream(operation, telling));
    }
}
