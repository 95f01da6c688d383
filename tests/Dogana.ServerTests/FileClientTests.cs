using System.ClientModel;
using System.Text;
using System.Text.Json;
using OpenAI;
using OpenAI.Files;

namespace Dogana.ServerTests;

/// <summary>OpenAI's own clients upload files and run batches: nothing of theirs is changed but the address and the key.</summary>
[Collection(nameof(ClientWorld))]
public sealed class FileClientTests(ClientWorld world)
{
    [Fact]
    public async Task OpenAIs_Node_client_uploads_and_runs_batches_on_all_paths()
    {
        using var result = await NodeScript.RunAsync("openai-files.mjs", world.Settings, timeout: TimeSpan.FromMinutes(3));
        var all = result.RootElement.GetProperty("checks").EnumerateObject().ToList();

        string.Join("\n\n", all.Where(static check => check.Value.ValueKind != JsonValueKind.Null).Select(static check => $"{check.Name}: {check.Value}")).ShouldBeEmpty();
        all.Count.ShouldBe(27); // fixed, so that none is lost unseen
    }

    [Theory]
    [InlineData("/v1")]
    [InlineData("/openai/v1")]
    public async Task OpenAIs_NET_client_uploads_and_runs_a_batch(string path)
    {
        var client = new OpenAIClient(new ApiKeyCredential(world.Key), new OpenAIClientOptions { Endpoint = new Uri(world.Address, path) });
        var files = client.GetOpenAIFileClient();
        var text = BatchWorld.Chats(3, "compat-talk");

        OpenAIFile input = await files.UploadFileAsync(BinaryData.FromString(text), "in.jsonl", FileUploadPurpose.Batch);
        (input.SizeInBytes, input.Filename, input.Purpose).ShouldBe((Encoding.UTF8.GetByteCount(text), "in.jsonl", FilePurpose.Batch));
        (await files.GetFilesAsync()).Value.ShouldContain(file => file.Id == input.Id);
        (await files.DownloadFileAsync(input.Id)).Value.ToString().ShouldBe(text);

#pragma warning disable OPENAI001 // of the client, which calls its batches experimental
        var operation = await client.GetBatchClient().CreateBatchAsync(
            BinaryContent.CreateJson(new { input_file_id = input.Id, endpoint = "/v1/chat/completions", completion_window = "24h" }), waitUntilCompleted: false);
        JsonElement batch;
        for (var asked = 0; ; asked++)
        {
            using var document = JsonDocument.Parse((await operation.GetBatchAsync(null)).GetRawResponse().Content);
            batch = document.RootElement.Clone();
            if (batch.GetProperty("status").GetString() == "completed")
            {
                break;
            }

            asked.ShouldBeLessThan(120, batch.ToString());
            await Task.Delay(250);
        }
#pragma warning restore OPENAI001

        var output = (await files.DownloadFileAsync(batch.GetProperty("output_file_id").GetString())).Value.ToString();
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(3);
        (await files.DeleteFileAsync(input.Id)).Value.Deleted.ShouldBeTrue();
        (await Should.ThrowAsync<ClientResultException>(() => files.GetFileAsync(input.Id))).Status.ShouldBe(404);
    }
}
