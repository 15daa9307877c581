using Serverless.Contracts.Errors;

namespace Serverless.Inference.Generation.Constraints.Schema;

/// <summary>What is wrong with a schema, for its author.</summary>
internal static class SchemaFault
{
    private const string Param = "response_format";
    private const int MaxName = 200;

    /// <summary>A fault at <paramref name="path"/>, a JSON pointer such as <c>#/properties/name</c>.</summary>
    public static InferenceException At(string path, string fault) =>
        new(ErrorKind.InvalidRequest, $"The schema at '{Shorten(path)}' {fault}", Param);

    public static InferenceException Whole(string message) => new(ErrorKind.InvalidRequest, message, Param);

    /// <summary>A name from the schema as it goes into a message.</summary>
    public static string Shorten(string name) => name.Length <= MaxName ? name : $"{name[..MaxName]}…";

    /// <summary><paramref name="path"/> with one step more.</summary>
    public static string Below(string path, string step) =>
        $"{path}/{step.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";
}
