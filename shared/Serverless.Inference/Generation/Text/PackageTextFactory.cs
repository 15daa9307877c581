namespace Serverless.Inference.Generation.Text;

/// <summary>Reads a package's files about text.</summary>
internal static class PackageTextFactory
{
    /// <summary>
    /// From <c>tokenizer.json</c> (needed) and, where present, <c>tokenizer_config.json</c>, <c>special_tokens_map.json</c> and
    /// <c>chat_template.jinja</c>.
    /// </summary>
    /// <param name="files">The package's files by path.</param>
    /// <exception cref="InvalidDataException">A file is missing or broken; the message names it.</exception>
    public static PackageText Create(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        throw new InvalidDataException("Texts cannot be read yet.");
    }
}
