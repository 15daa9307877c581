using System.Globalization;
using Serverless.Contracts.Errors;

namespace Serverless.Contracts.Models;

/// <summary>
/// A model as callers name it: <c>name</c> (newest version), <c>name:version</c> or <c>name:alias</c>.
/// </summary>
/// <param name="Name">The model's name.</param>
/// <param name="Version">The version asked for, 1 or more; null for the newest or for an alias.</param>
/// <param name="Alias">The alias asked for, if one is.</param>
public sealed record ModelReference(string Name, int? Version = null, string? Alias = null)
{
    /// <summary>Reads a reference as OpenAI's <c>model</c> field carries it.</summary>
    /// <exception cref="InferenceException"><see cref="ErrorKind.ModelNotFound"/>: no model can have that name.</exception>
    public static ModelReference Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var name = colon < 0 ? text : text[..colon];
        if (!ModelName.IsValid(name))
            throw NotFound($"No model is named '{Shorten(name)}': names match {ModelName.Pattern}.");
        if (colon < 0)
            return new ModelReference(name);

        var rest = text[(colon + 1)..];
        if (TryParseVersion(rest, out var version))
            return new ModelReference(name, version);
        return ModelName.IsValid(rest) && !char.IsAsciiDigit(rest[0])
            ? new ModelReference(name, Alias: rest)
            : throw NotFound($"Model '{name}' has no version or alias '{Shorten(rest)}'.");
    }

    /// <summary>Reads a name and an optional version as they stand in the paths of the Open Inference Protocol.</summary>
    /// <exception cref="InferenceException"><see cref="ErrorKind.ModelNotFound"/>: no model can have that name or version.</exception>
    public static ModelReference Parse(string name, string? version)
    {
        if (!ModelName.IsValid(name))
            throw NotFound($"No model is named '{Shorten(name)}': names match {ModelName.Pattern}.");
        if (version is null)
            return new ModelReference(name);
        return TryParseVersion(version, out var number)
            ? new ModelReference(name, number)
            : throw NotFound($"Model '{name}' has no version '{Shorten(version)}': versions are whole numbers from 1.");
    }

    /// <inheritdoc/>
    public override string ToString() =>
        Version is { } version ? string.Create(CultureInfo.InvariantCulture, $"{Name}:{version}")
        : Alias is null ? Name
        : $"{Name}:{Alias}";

    private static bool TryParseVersion(string text, out int version) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out version) && version > 0 && text[0] != '0';

    // A stranger's name comes back in an error and in logs: cut it, and let nothing through that could forge a log line.
    private static string Shorten(string text)
    {
        var cut = text.Length <= 80 ? text : text[..80] + "…";
        return string.Create(cut.Length, cut, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
                span[i] = char.IsControl(source[i]) ? '?' : source[i];
        });
    }

    private static InferenceException NotFound(string message) => new(ErrorKind.ModelNotFound, message, "model");
}
