using System.Globalization;
using Serverless.Contracts.Errors;

namespace Serverless.Gateway.Files;

/// <summary>The fields of an upload besides the file.</summary>
internal sealed class UploadForm
{
    public const string AnchorField = "expires_after[anchor]";
    public const string SecondsField = "expires_after[seconds]";

    // OpenAI's bounds for expiry: an hour to 30 days. Files for batches expire after 30 days by default, others never.
    private const int ShortestSeconds = 3_600;
    private const int LongestSeconds = 2_592_000;

    private string? _purpose;
    private string? _anchor;
    private string? _seconds;

    public string Purpose => _purpose switch
    {
        null => throw Invalid("The form has no field 'purpose'.", "purpose"),
        { } purpose when FilePurposes.Uploadable.Contains(purpose) => purpose,
        _ => throw Invalid($"'purpose' must be one of {string.Join(", ", FilePurposes.Uploadable)}.", "purpose"),
    };

    /// <summary>Takes a field; those that are not known are ignored.</summary>
    public void Set(string name, string value)
    {
        switch (name)
        {
            case "purpose": _purpose = value; break;
            case AnchorField: _anchor = value; break;
            case SecondsField: _seconds = value; break;
        }
    }

    /// <summary>Seconds until the file expires, or null for never.</summary>
    public int? Lifetime()
    {
        if (_seconds is null)
        {
            if (_anchor is not null)
                throw Invalid($"'{SecondsField}' is missing.", SecondsField);
            return Purpose == FilePurposes.Batch ? LongestSeconds : null;
        }

        if (_anchor is not (null or "created_at"))
            throw Invalid($"'{AnchorField}' must be 'created_at'.", AnchorField);
        return int.TryParse(_seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && seconds is >= ShortestSeconds and <= LongestSeconds
                ? seconds
                : throw Invalid($"'{SecondsField}' must be a whole number from {ShortestSeconds} to {LongestSeconds}.", SecondsField);
    }

    private static InferenceException Invalid(string message, string param) => new(ErrorKind.InvalidRequest, message, param);
}
