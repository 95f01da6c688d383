using System.Text;
using Dogana.Catalog;
using Dogana.Gateway;
using Dogana.Gateway.Requests;
using Dogana.Gateway.Upstreams;
using Dogana.Gateway.Upstreams.Anthropic;
using Dogana.Gateway.Upstreams.Http;

namespace Dogana.Tests.Gateway.Upstreams;

public sealed class TranslatedDepthTests
{
    [Fact]
    public void What_a_client_may_nest_two_translations_in_a_row_can_carry()
    {
        // tools, a tool, its parameters: three levels around the schema, and the body itself.
        var levels = BodyFields.DepthMax - 4;
        var schema = string.Concat(Enumerable.Repeat("{\"items\":", levels)) + "{}" + new string('}', levels);
        var body = $$"""{"model":"m","input":"x","tools":[{"type":"function","name":"f","parameters":{{schema}}}]}""";
        var request = RequestReader.Read(Encoding.UTF8.GetBytes(body), Operation.Responses, 8).Value;
        var deployment = new Deployment("d", "m", [new Route("u", "upstream-m", 1, 1)], 100);
        var call = new UpstreamCall("id", request, deployment, new Model("m", "o", ModelKind.Chat, 100_000, 4_096), DateTimeOffset.UnixEpoch, 16, 100);
        using var http = new HttpMessageInvoker(new SocketsHttpHandler());
        var upstream = new HttpUpstream(new Upstream("u", UpstreamKind.Anthropic, "http://127.0.0.1:9/v1", null), new AnthropicWire(), http, new GatewayOptions());

        upstream.Prepare(call, deployment.Routes[0]).Problem.ShouldBeNull();
    }
}
