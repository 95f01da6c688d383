// dotnet PassThrough.dll UPSTREAM --urls http://127.0.0.1:PORT
// The least that a gateway on .NET can be: no keys, no limits, no prices, no books. What a real one costs is measured against it.
using PassThrough;

using var forwarding = new Forwarding(new Uri(args[0]));
var builder = WebApplication.CreateSlimBuilder(args[1..]);
builder.Logging.ClearProviders();
builder.WebHost.ConfigureKestrel(static kestrel =>
{
    kestrel.AddServerHeader = false;
    kestrel.Limits.MaxRequestBodySize = 32 * 1024 * 1024;
});
var app = builder.Build();
app.Run(context => HttpMethods.IsGet(context.Request.Method) ? Task.CompletedTask : forwarding.RunAsync(context));
await app.RunAsync();
