using Serverless.Inference.Generation.Text.Chat;
using Serverless.Inference.Generation.Text.Tokenization;

namespace Serverless.Inference.Generation.Text;

/// <summary>Reads a package's files about text.</summary>
internal static class PackageTextFactory
{
    /// <summary>The files that are read, where a package has them.</summary>
    public static IReadOnlyList<string> Files { get; } =
        ["tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "chat_template.jinja"];

    /// <summary>
    /// From <c>tokenizer.json</c> (needed) and, where present, <c>tokenizer_config.json</c>, <c>special_tokens_map.json</c> and
    /// <c>chat_template.jinja</c>.
    /// </summary>
    /// <param name="files">The package's files by path; those of <see cref="Files"/> are enough.</param>
    /// <exception cref="InvalidDataException">A file is missing or broken; the message names it.</exception>
    /// <exception cref="PlatformNotSupportedException">The tokenizer's native library is not there for this system.</exception>
    public static PackageText Create(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        if (!files.TryGetValue("tokenizer.json", out var utf8))
            throw new InvalidDataException("tokenizer.json is missing; a model that generates text needs it.");
        var special = SpecialTokens.Read(files);
        var templates = ChatTemplateFiles.Read(files);
        using var file = TokenizerFile.Read(utf8, special.All);
        var tokenizer = new PackageTokenizer(file);
        var chat = templates.Count > 0 ? new TemplateChatEncoder(tokenizer, templates, special.Named, TimeProvider.System) : null;
        return new PackageText(tokenizer, chat);
    }
}
