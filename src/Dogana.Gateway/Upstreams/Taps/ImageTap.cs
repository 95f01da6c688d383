using System.Text.Json;
using Dogana.Gateway.Requests;
using Dogana.Metering;

namespace Dogana.Gateway.Upstreams.Taps;

/// <summary>Images, whole or in events. Source: OpenAI's API reference, "Images".</summary>
internal sealed class ImageTap(UpstreamCall call) : MediaTap(Operation.ImageGenerations, call)
{
    private long _images;
    private bool _isAnswer;
    private string? _size;
    private string? _quality;

    /// <inheritdoc/>
    public override bool IsFinished => _images > 0;

    /// <inheritdoc/>
    protected override TokenUsage? Counted() => Call.Units is { } units && (_isAnswer || _images > 0)
        ? new TokenUsage(0, 0, 0)
        {
            Units = new MeteredUnits(units.ImagesOf(_size ?? Call.Request.Media?.Size, _quality ?? Call.Request.Media?.Quality), _images),
        }
        : null;

    /// <inheritdoc/>
    protected override EventRole TakeEvent(ReadOnlySpan<byte> data)
    {
        if (data.SequenceEqual("[DONE]"u8))
        {
            return EventRole.Last;
        }

        var isCompleted = false;
        var reader = Begin(data);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("type"u8))
            {
                var type = ReadText(ref reader);
                isCompleted = type == "image_generation.completed";
                if (type == "error")
                {
                    throw Failure();
                }
            }
            else
            {
                TakeField(ref reader);
            }
        }

        End(ref reader);
        if (!isCompleted)
        {
            return EventRole.Piece;
        }

        _images++;
        Finish();
        return _images >= Call.Request.Choices ? EventRole.Last : EventRole.Piece;
    }

    /// <inheritdoc/>
    protected override void TakeObject(ReadOnlySpan<byte> body)
    {
        var reader = Begin(body);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("data"u8))
            {
                reader.Read();
                _isAnswer = reader.TokenType == JsonTokenType.StartArray;
                while (_isAnswer && reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    _images += IsImage(ref reader) ? 1 : 0;
                }
            }
            else
            {
                TakeField(ref reader);
            }
        }

        End(ref reader);
        if (!_isAnswer)
        {
            throw NoAnswer();
        }

        Finish();
    }

    private void TakeField(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("size"u8))
        {
            _size = Known(ReadText(ref reader)) ?? _size;
        }
        else if (reader.ValueTextEquals("quality"u8))
        {
            _quality = Known(ReadText(ref reader)) ?? _quality;
        }
        else if (reader.ValueTextEquals("usage"u8))
        {
            ReadUsage(ref reader);
        }
        else if (reader.ValueTextEquals("error"u8))
        {
            ReadError(ref reader);
        }
        else
        {
            reader.Skip();
        }
    }

    // What Azure's filter withheld stands in the list without an image.
    private static bool IsImage(ref Utf8JsonReader reader)
    {
        var isImage = false;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isContent = reader.ValueTextEquals("b64_json"u8) || reader.ValueTextEquals("url"u8);
            reader.Read();
            isImage |= isContent && reader.TokenType == JsonTokenType.String;
            reader.Skip();
        }

        return isImage;
    }

    private static string? Known(string? word) => word is "auto" or "" ? null : word;
}
