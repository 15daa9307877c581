using System.Text;
using System.Text.Json;
using Serverless.Contracts.Errors;
using Serverless.Inference.Generation.Constraints;
using Serverless.Inference.Generation.Constraints.Vocabulary;

namespace Serverless.Inference.Tests.Generation.Constraints;

public sealed class ConstraintCompilerTests
{
    [Theory]
    [InlineData("""{"type":"string","minLength":1}""", "The schema at '#' has the keyword 'minLength', which is not supported.")]
    [InlineData("""{"properties":{"a/b":{"items":{"format":"date"}}}}""", "The schema at '#/properties/a~1b/items' has the keyword 'format'")]
    [InlineData("""{"anyOf":[{"type":"null"},{"oneOf":[]}]}""", "The schema at '#/anyOf/1' has the keyword 'oneOf'")]
    [InlineData("""{"$ref":"#/$defs/a","$defs":{"a":{"pattern":"x"}}}""", "The schema at '#/$defs/a' has the keyword 'pattern'")]
    [InlineData("""{"additionalProperties":{"minimum":1}}""", "The schema at '#/additionalProperties' has the keyword 'minimum'")]
    [InlineData("""{"$ref":"#"}""", "The schema at '#' refers to '#' from within itself; recursive references are not supported.")]
    [InlineData("""{"$ref":"#/$defs/a","$defs":{"a":{"items":{"$ref":"#/$defs/b"}},"b":{"$ref":"#/$defs/a"}}}""", "The schema at '#/$defs/b' refers to '#/$defs/a' from within itself")]
    [InlineData("""{"$ref":"#/$defs/a"}""", "The schema at '#' has a $ref that does not name a definition")]
    [InlineData("""{"$ref":"http://x/y"}""", "The schema at '#' has a $ref that does not name a definition")]
    [InlineData("""{"$ref":1}""", "The schema at '#' has a $ref that does not name a definition")]
    [InlineData("""{"$ref":"#/$defs/a","type":"object","$defs":{"a":true}}""", "The schema at '#' combines '$ref' with 'type'")]
    [InlineData("""{"anyOf":[true],"type":"object"}""", "The schema at '#' combines 'anyOf' with 'type'")]
    [InlineData("""{"enum":[1],"const":1}""", "The schema at '#' combines 'enum' with 'const'")]
    [InlineData("""{"anyOf":[]}""", "The schema at '#/anyOf' must be an array of at least one schema.")]
    [InlineData("""{"anyOf":{}}""", "The schema at '#/anyOf' must be an array of at least one schema.")]
    [InlineData("""{"enum":[]}""", "The schema at '#' has no value in its enum that is allowed.")]
    [InlineData("""{"enum":1}""", "The schema at '#' has an enum that is not an array.")]
    [InlineData("""{"enum":["a"],"type":"integer"}""", "The schema at '#' has no value in its enum that is allowed.")]
    [InlineData("""{"enum":["\ud83d"]}""", "The schema at '#' has a value with half a surrogate pair")]
    [InlineData("""{"properties":{"\ud83d":true}}""", "The schema has a text with half a surrogate pair")]
    [InlineData("""{"type":"text"}""", "The schema at '#' has a type that is not one of object, array, string")]
    [InlineData("""{"type":[]}""", "The schema at '#' has a type that is not one of")]
    [InlineData("""{"type":[1]}""", "The schema at '#' has a type that is not one of")]
    [InlineData("""{"type":"array","minItems":2,"maxItems":1}""", "The schema at '#' has a minItems of 2 above its maxItems of 1.")]
    [InlineData("""{"type":"array","minItems":-1}""", "The schema at '#' has a minItems that is not a whole number from 0 to 100000.")]
    [InlineData("""{"type":"array","items":[true]}""", "The schema at '#/items' must be an object or true.")]
    [InlineData("""{"type":"object","required":["x"]}""", "The schema at '#' requires 'x', which is not among its properties.")]
    [InlineData("""{"type":"object","required":"x"}""", "The schema at '#/required' must be an array of names.")]
    [InlineData("""{"properties":[]}""", "The schema at '#/properties' must be an object.")]
    [InlineData("""{"properties":{"a":true,"a":true}}""", "The schema at '#/properties/a' is there twice.")]
    [InlineData("""{"properties":{"a":false}}""", "The schema at '#/properties/a' must be an object or true.")]
    [InlineData("false", "The schema at '#' must be an object or true.")]
    [InlineData("[]", "The schema at '#' must be an object or true.")]
    public void Compile_WhatIsNotSupported_NamesKeywordAndPlace(string schema, string message)
    {
        var error = Refusal(schema);

        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
        Assert.Equal((ErrorKind.InvalidRequest, "response_format"), (error.Kind, error.Param));
    }

    [Fact]
    public void Compile_Nested_UpTo32Levels()
    {
        static string Nested(int depth) =>
            string.Concat(Enumerable.Repeat("{\"items\":", depth - 1)) + "{\"type\":\"null\"}" + new string('}', depth - 1);

        ConstraintText.Compile(Nested(32));
        Assert.Contains("nested more than 32 levels deep", Refusal(Nested(33)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Compile_ReferencesThatDoubleEachTime_AreRefused()
    {
        var definitions = Enumerable.Range(0, 30).Select(level =>
            $$$"""
            "d{{{level}}}":{"properties":{"a":{"$ref":"#/$defs/d{{{level + 1}}}"},"b":{"$ref":"#/$defs/d{{{level + 1}}}"}},"required":["a","b"]}
            """);

        var error = Refusal(WithDefinitions([.. definitions, "\"d30\":{\"const\":1}"]));

        Assert.Contains("describes more than 10000 values", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Compile_AlternativesThatDoubleEachTime_AreFollowedOnce()
    {
        var definitions = Enumerable.Range(0, 12).Select(level =>
            $$$"""
            "d{{{level}}}":{"anyOf":[{"$ref":"#/$defs/d{{{level + 1}}}"},{"$ref":"#/$defs/d{{{level + 1}}}"}]}
            """);

        var constraint = ConstraintText.Compile(WithDefinitions([.. definitions, "\"d12\":{\"type\":\"string\"}"]));

        Assert.True(ConstraintText.LetsThrough(constraint, "\"x\""));
    }

    [Fact]
    public void Compile_ChainOfReferences_IsBounded()
    {
        var definitions = Enumerable.Range(0, 1000).Select(level => $$$"""
            "d{{{level}}}":{"$ref":"#/$defs/d{{{level + 1}}}"}
            """);

        var error = Refusal(WithDefinitions([.. definitions, "\"d1000\":true"]));

        Assert.Contains("is within more than 128 others", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Compile_TooLarge_SaysWhatIsAllowed()
    {
        Assert.Equal("The schema is longer than 65536 bytes.", Refusal($$"""{"title":"{{new string('x', 70_000)}}"}""").Message);
        Assert.Contains(
            "more than 5000", Refusal($$"""{"enum":[{{string.Join(',', Enumerable.Range(0, 5001))}}]}""").Message, StringComparison.Ordinal);
        Assert.Contains(
            "more than 64 kinds",
            Refusal($$"""{"anyOf":[{{string.Join(',', Enumerable.Range(0, 65).Select(value => $$"""{"const":{{value}}}"""))}}]}""").Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Compile_LongNameInAMessage_IsCut()
    {
        Assert.InRange(Refusal($$"""{"properties":{"{{new string('x', 5000)}}":{"{{new string('y', 5000)}}":1} } }""").Message.Length, 400, 700);
    }

    [Fact]
    public void Compile_VocabularyWithoutABrace_SaysSo()
    {
        var tokenizer = new TestTokenizer(Enumerable.Range(0, 256).Where(value => value is not '{' and not 'q').Select(value => new[] { (byte)value }));

        var error = Assert.Throws<InferenceException>(() => ConstraintCompiler.Compile(null, tokenizer.ToVocabulary())).Error;

        Assert.Equal("The model's vocabulary has no tokens for some characters that JSON needs: q {", error.Message);
    }

    [Fact]
    public void Compile_VocabularyOfWholeCharacters_WritesThoseItHas()
    {
        var ascii = Enumerable.Range(' ', '~' - ' ' + 1).Select(value => new[] { (byte)value });
        var tokenizer = new TestTokenizer([.. ascii, "é"u8.ToArray(), "日本"u8.ToArray(), [0xC3], [0xE6]]);
        var vocabulary = tokenizer.ToVocabulary();

        var state = Compile("""{"enum":["é"]}""", vocabulary).Start();
        state.Accept('"' - ' ');
        Assert.Equal(["é"], ConstraintText.Allowed(state).Select(token => Encoding.UTF8.GetString(tokenizer.BytesOf(token).Span)));

        var error = Assert.Throws<InferenceException>(() => Compile("""{"properties":{"日本":true}}""", vocabulary)).Error;
        Assert.Equal("The schema at '#/properties/日本' asks for the character '日', for which the model has no token.", error.Message);
    }

    private static TokenConstraint Compile(string schema, TokenVocabulary vocabulary)
    {
        using var document = JsonDocument.Parse(schema);
        return ConstraintCompiler.Compile(document.RootElement, vocabulary);
    }

    private static string WithDefinitions(IEnumerable<string> definitions) =>
        $"{{\"$ref\":\"#/$defs/d0\",\"$defs\":{{{string.Join(',', definitions)}}}}}";

    private static InferenceError Refusal(string schema) => Assert.Throws<InferenceException>(() => ConstraintText.Compile(schema)).Error;
}
