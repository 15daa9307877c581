using System.Text;
using Serverless.Inference.Generation.Text;

namespace Serverless.Inference.Tests.Generation.Text;

public sealed class PackageTextFactoryTests
{
    [Fact]
    public void Create_NoTokenizer_NamesTheFile()
    {
        var error = Assert.Throws<InvalidDataException>(() => Create());

        Assert.Contains("tokenizer.json is missing", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tokenizer_config.json", "{")]
    [InlineData("tokenizer_config.json", "[]")]
    [InlineData("special_tokens_map.json", """{"eos_token": "\ud800"}""")]
    public void Create_BrokenFileBesideIt_IsNamed(string path, string json)
    {
        var error = Assert.Throws<InvalidDataException>(() => Create(Tokenizer, (path, json)));

        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_TokenizerAlone_HasNoChat() => Assert.Null(Create(Tokenizer).Chat);

    [Theory]
    [InlineData("tokenizer_config.json", """{"eos_token": "<think>"}""")]
    [InlineData("tokenizer_config.json", """{"eos_token": {"content": "<think>"}}""")]
    [InlineData("tokenizer_config.json", """{"additional_special_tokens": ["<think>"]}""")]
    [InlineData("tokenizer_config.json", """{"added_tokens_decoder": {"271": {"content": "<think>", "special": true}}}""")]
    [InlineData("special_tokens_map.json", """{"pad_token": "<think>", "eos_token": null}""")]
    public void Create_TokenThatAnyFileCallsSpecial_IsSpecial(string path, string json)
    {
        var tokenizer = Create(Tokenizer, (path, json)).Tokenizer;

        Assert.True(tokenizer.IsSpecial(Assert.Single(tokenizer.Encode("<think>", addSpecial: false, special: true))));
    }

    private static (string, string) Tokenizer => ("tokenizer.json", SampleTokenizer.ByteLevel().ToJsonString());

    private static PackageText Create(params (string Path, string Text)[] files) => PackageTextFactory.Create(
        files.ToDictionary(file => file.Path, file => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(file.Text)));
}
