using Dogana.Notices;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Notices;

/// <summary>E-mails in a real SMTP conversation.</summary>
public sealed class EmailTests(StoreFixture stores)
{
    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task An_email_says_what_the_notice_says_and_no_line_of_it_becomes_a_header(StoreKind kind)
    {
        await using var relay = new ScriptedRelay();
        await using var world = await NoticeWorld.CreateAsync(stores, kind, Relay(relay));
        await world.DeclareAsync(Email("ops"));

        await world.PostAsync("acme", subject: "Neue Bedingungen für alle\r\nBcc: spy@example.com", body: "Grüße,\n.\n..zwei Punkte\nQUIT\n");
        (await world.SendAsync()).ShouldBe(1);

        var mail = relay.Taken.ShouldHaveSingleItem();
        mail.From.ShouldContain("<notices@dogana.example>");
        mail.To.ShouldContain("<ops@example.com>");
        mail.Decoded().TrimEnd().ShouldBe("Grüße,\r\n.\r\n..zwei Punkte\r\nQUIT");
        mail.Headers.ShouldNotContain(line => line.StartsWith("Bcc", StringComparison.OrdinalIgnoreCase));
        mail.Header("Subject").ShouldStartWith("=?utf-8?");
        mail.Header("Content-Type").ShouldBe("text/plain; charset=utf-8");
        mail.Header("Auto-Submitted").ShouldBe("auto-generated");
        mail.Header("Message-ID").ShouldBe($"<{(await world.ListAsync(NoticeDeliveryState.Delivered)).Single().Id}@dogana.example>");
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_relay_that_does_not_take_it_is_asked_again_with_the_same_message_id(StoreKind kind)
    {
        await using var relay = new ScriptedRelay();
        relay.Answers.Enqueue("451 later");
        relay.Answers.Enqueue("550 no such mailbox");
        relay.Answers.Enqueue(null);
        await using var world = await NoticeWorld.CreateAsync(stores, kind, Relay(relay));
        await world.DeclareAsync(Email("ops"));
        await world.PostAsync("acme");

        for (var i = 0; i < 4; i++)
        {
            (await world.SendAsync()).ShouldBe(1);
            if (i < 3)
            {
                (await world.ListAsync(NoticeDeliveryState.Pending)).Single().LastError!.ShouldContain($"127.0.0.1:{relay.Port} did not take it");
            }

            world.Clock.Move(TimeSpan.FromMinutes(3));
        }

        relay.Taken.Count.ShouldBe(4);
        relay.Taken.Select(mail => mail.Header("Message-ID")).Distinct(StringComparer.Ordinal).ShouldHaveSingleItem();
        (await world.ListAsync()).Single().State.ShouldBe(NoticeDeliveryState.Delivered);
    }

    [Fact]
    public async Task A_relay_that_says_nothing_is_given_up_and_holds_up_no_webhook()
    {
        await using var relay = new ScriptedRelay { IsMute = true };
        await using var world = await NoticeWorld.CreateAsync(stores, StoreKind.Sqlite, Relay(relay));
        for (var i = 0; i < 10; i++)
        {
            await world.DeclareAsync(Email($"ops{i}"));
        }

        await world.AddWebhookAsync("hook", "acme");
        await world.PostAsync("acme");
        using var stop = new CancellationTokenSource();
        var sending = world.Sender.SendDueAsync(stop.Token);
        await world.Receiver.WaitAsync("/hook", 1);

        (await world.ListAsync(NoticeDeliveryState.Delivered)).Count.ShouldBeLessThanOrEqualTo(1);
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => sending);
        using var once = world.NewSender("n2", Relay(relay));
        (await once.TestAsync("ops9", "me", CancellationToken.None)).Value.LastError!.ShouldContain("within 5 s");
    }

    [Fact]
    public async Task Where_tls_is_asked_for_a_relay_without_it_gets_nothing()
    {
        await using var relay = new ScriptedRelay();
        await using var world = await NoticeWorld.CreateAsync(stores, StoreKind.Sqlite, Relay(relay) with { StartTls = true });
        await world.DeclareAsync(Email("ops"));
        await world.PostAsync("acme");

        await world.SendAsync();

        relay.Taken.ShouldBeEmpty();
        (await world.ListAsync()).Single().LastError!.ShouldContain("did not take it");
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Without_a_relay_emails_wait_and_say_for_what(StoreKind kind)
    {
        await using var world = await NoticeWorld.CreateAsync(stores, kind);
        (await world.Sender.MissesRelayAsync(CancellationToken.None)).ShouldBeFalse();
        await world.DeclareAsync(Email("ops"));
        await world.PostAsync("acme");

        (await world.SendAsync()).ShouldBe(0);

        (await world.Sender.MissesRelayAsync(CancellationToken.None)).ShouldBeTrue();
        var waiting = (await world.ListAsync()).Single();
        (waiting.State, waiting.Attempts).ShouldBe((NoticeDeliveryState.Pending, 0));
        waiting.LastError!.ShouldContain("Notices:Smtp:Host");
        (await world.Sender.TestAsync("ops", "me", CancellationToken.None)).Problem!.Message.ShouldContain("Notices:Smtp:Host");
        await using var relay = new ScriptedRelay();
        using var sender = world.NewSender("n1", Relay(relay));
        (await sender.SendDueAsync(CancellationToken.None)).ShouldBe(1);
        (await world.ListAsync()).Single().LastError.ShouldBeNull();
    }

    [Theory]
    [InlineData("ops@example.com", true)]
    [InlineData("o'brien+x@sub.example.com", true)]
    [InlineData("ops@example.com\n", false)]
    [InlineData("ops@example.com\r\nBcc: a@b.c", false)]
    [InlineData("Ops <ops@example.com>", false)]
    [InlineData("a@b@c", false)]
    [InlineData("\"a b\"@example.com", false)]
    [InlineData("a,b@example.com", false)]
    [InlineData("opsexample.com", false)]
    [InlineData("@example.com", false)]
    public void Only_a_plain_address_is_one(string address, bool isOne) => (NoticeAddress.FindEmailFault(address) is null).ShouldBe(isOne);

    private static NoticeTarget Email(string id) => new(id, "acme", NoticeTargetKind.Email, $"{id}@example.com", ["*"]);

    private static SmtpSettings Relay(ScriptedRelay relay) => new("127.0.0.1", relay.Port, "Dogana <notices@dogana.example>", StartTls: false, null, null);
}
