using System.Net;
using Dogana.Conduct;
using Dogana.Gateway.Upstreams;
using Dogana.Metering;

namespace Dogana.Gateway.Pipeline;

/// <summary>Offers a call to conduct once it is settled: a record that is put into a queue, and nothing that could fail or wait.</summary>
/// <param name="feed">Where.</param>
/// <param name="call">The call, as it was asked; without a body it is of images or sound, which conduct knows nothing of, and is not offered.</param>
/// <param name="address">Where it came from.</param>
/// <param name="agent">What its client says of itself.</param>
internal sealed class Observation(ConductFeed feed, ObservedCall call, IPAddress? address, string? agent)
{
    /// <summary>The answer, from when there is one until it is let go.</summary>
    public UpstreamAnswer? Answer { get; set; }

    /// <summary>Offers a call that was refused: that it was, where it was for want of quota; nothing of what it asked.</summary>
    public static void OfferRefused(ConductFeed feed, ObservedCall call, Problem problem)
    {
        if (!call.Body.IsEmpty && problem.Code is ProblemCode.RateLimited or ProblemCode.CapacityExceeded)
        {
            feed.Offer(new OfferedCall(call with { Body = default, IsOverQuota = true }, Address: null, Agent: null));
        }
    }

    /// <summary>Offers it, where it was served.</summary>
    public void Offer(CallEnding ending, TokenUsage usage)
    {
        if (!call.Body.IsEmpty && ending is CallEnding.Completed or CallEnding.ClientClosed or CallEnding.Cut)
        {
            feed.Offer(new OfferedCall(call with { Output = Answer?.Text ?? default, OutputTokens = usage.OutputTokens }, address, agent));
        }
    }
}
