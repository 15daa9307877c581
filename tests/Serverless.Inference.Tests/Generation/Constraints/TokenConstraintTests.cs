using Serverless.Inference.Generation.Constraints;

namespace Serverless.Inference.Tests.Generation.Constraints;

public sealed class TokenConstraintTests
{
    private const string Person = """
        {"type":"object","properties":{"name":{"type":"string"},"age":{"type":"integer"}},"required":["name"],"additionalProperties":false}
        """;

    private const string Open = """{"type":"object","properties":{"name":{"type":"null"},"na":{"type":"null"}},"additionalProperties":{"type":"integer"}}""";

    [Theory]
    [InlineData("{}", true)]
    [InlineData("""{"a": 1, "b": [true, null, {"c": "d"}]}""", true)]
    [InlineData("{\n  \"a\": [\n    1,\n    2\n  ]\n}", true)]
    [InlineData("""{"a":-0.5e-10,"b":1E5}""", true)]
    [InlineData("""{"\u00e9\ud83d\ude00é😀\n":"\"\\\/"}""", true)]
    [InlineData("[]", false)]
    [InlineData(" {}", false)]
    [InlineData("{} ", false)]
    [InlineData("{", false)]
    [InlineData("{,}", false)]
    [InlineData("""{"a":1,}""", false)]
    [InlineData("""{"a" :1}""", false)]
    [InlineData("""{"a":  1}""", false)]
    [InlineData("""{"a":01}""", false)]
    [InlineData("""{"a":1.}""", false)]
    [InlineData("""{"a":.5}""", false)]
    [InlineData("""{"a":+1}""", false)]
    [InlineData("""{"a":1e999}""", false)]
    [InlineData("""{"a":tru}""", false)]
    [InlineData("""{"a":"\ud83d"}""", false)]
    [InlineData("""{"a":"\ude00"}""", false)]
    [InlineData("""{"a":"\x"}""", false)]
    [InlineData("{\"a\":\"\n\"}", false)]
    [InlineData("{'a':1}", false)]
    public void Accept_AnyObject_LetsJsonObjectsThrough(string text, bool accepted)
    {
        Assert.Equal(accepted, ConstraintText.Accepts(schema: null, text));
    }

    [Theory]
    [InlineData(Person, """{"name":"x"}""", true)]
    [InlineData(Person, """{"name":"x","age":3}""", true)]
    [InlineData(Person, "{\n    \"name\": \"x\",\n    \"age\": 3\n}", true)]
    [InlineData(Person, """{"age":3}""", false)]
    [InlineData(Person, """{"age":3,"name":"x"}""", false)]
    [InlineData(Person, """{"name":"x","age":3.5}""", false)]
    [InlineData(Person, """{"name":"x","other":3}""", false)]
    [InlineData(Person, """{"name":"x","name":"y"}""", false)]
    [InlineData(Person, "{}", false)]
    [InlineData(Open, "{}", true)]
    [InlineData(Open, """{"na":null}""", true)]
    [InlineData(Open, """{"name":null,"na":null,"nam":1,"namer":2,"x":3,"":4}""", true)]
    [InlineData(Open, """{"x\u006eame":1}""", true)]
    [InlineData(Open, """{"n\u0061me":1}""", false)]
    [InlineData(Open, """{"name":1}""", false)]
    [InlineData(Open, """{"x":1,"name":null}""", false)]
    [InlineData("""{"type":"object"}""", """{"x":[]}""", true)]
    [InlineData("""{"type":"object","additionalProperties":false}""", "{}", true)]
    [InlineData("""{"type":"object","additionalProperties":false}""", """{"x":1}""", false)]
    [InlineData("""{"properties":{"a\"\\é😀":true},"required":["a\"\\é😀"]}""", """{"a\"\\é😀":[1]}""", true)]
    [InlineData("""{"type":"array","items":{"type":"integer"},"minItems":1,"maxItems":2}""", "[]", false)]
    [InlineData("""{"type":"array","items":{"type":"integer"},"minItems":1,"maxItems":2}""", "[1, 2]", true)]
    [InlineData("""{"type":"array","items":{"type":"integer"},"minItems":1,"maxItems":2}""", "[1,2,3]", false)]
    [InlineData("""{"type":"array","maxItems":0}""", "[]", true)]
    [InlineData("""{"type":"array","maxItems":0}""", "[1]", false)]
    [InlineData("""{"items":{"type":"boolean"}}""", "[true,false]", true)]
    [InlineData("""{"items":{"type":"boolean"},"minItems":3}""", "[true,false]", false)]
    [InlineData("""{"items":{"type":"boolean"},"minItems":3}""", "[true,false,true,true]", true)]
    [InlineData("""{"enum":["café","😀",1,12,null,{"a":[1,"x"]}]}""", "\"café\"", true)]
    [InlineData("""{"enum":["café","😀",1,12,null,{"a":[1,"x"]}]}""", "\"\\ud83d\\ude00\"", false)]
    [InlineData("""{"enum":["café","😀",1,12,null,{"a":[1,"x"]}]}""", "1", true)]
    [InlineData("""{"enum":["café","😀",1,12,null,{"a":[1,"x"]}]}""", "12", true)]
    [InlineData("""{"enum":["café","😀",1,12,null,{"a":[1,"x"]}]}""", "2", false)]
    [InlineData("""{"enum":["café","\ud83d\ude00",1,12,null,{"a": [1, "x"]}]}""", """{"a":[1,"x"]}""", true)]
    [InlineData("""{"enum":["a",1,2.0,2.5,true],"type":"integer"}""", "2.0", true)]
    [InlineData("""{"enum":["a",1,2.0,2.5,true],"type":"integer"}""", "2.5", false)]
    [InlineData("""{"enum":["a",1,2.0,2.5,true],"type":["string","boolean"]}""", "true", true)]
    [InlineData("""{"const":"x\ny"}""", "\"x\\ny\"", true)]
    [InlineData("""{"const":"x"}""", "\"y\"", false)]
    [InlineData("""{"type":["string","null"]}""", "null", true)]
    [InlineData("""{"type":["string","null"]}""", "1", false)]
    [InlineData("""{"type":"number"}""", "-12.25e+07", true)]
    [InlineData("""{"type":"number"}""", "1234567890123456", false)]
    [InlineData("""{"type":"integer"}""", "-0", true)]
    [InlineData("""{"type":"integer"}""", "1e5", false)]
    [InlineData("""{"anyOf":[{"type":"integer"},{"type":"string"}]}""", "\"a\"", true)]
    [InlineData("""{"anyOf":[{"type":"integer"},{"type":"string"}]}""", "true", false)]
    [InlineData("""{"anyOf":[{"properties":{"a":{"const":1},"b":{"const":1}}},{"properties":{"a":{"const":2},"c":{"const":2}}}]}""", """{"a":2,"c":2}""", true)]
    [InlineData("""{"anyOf":[{"properties":{"a":{"const":1},"b":{"const":1}}},{"properties":{"a":{"const":2},"c":{"const":2}}}]}""", """{"a":2,"b":1}""", false)]
    [InlineData("""{"$ref":"#/$defs/a~1b","$defs":{"a/b":{"items":{"$ref":"#/$defs/c"}},"c":{"const":1}}}""", "[1,1]", true)]
    [InlineData("""{"$ref":"#/definitions/a%20b","definitions":{"a b":{"const":1}}}""", "1", true)]
    [InlineData("{}", """[{"a":null}]""", true)]
    [InlineData("true", "1.5", true)]
    [InlineData("""{"title":"T","description":"D","default":1,"$schema":"s","$id":"i","examples":[1],"strict":true,"type":"null"}""", "null", true)]
    public void Accept_Schema_LetsWhatMatchesThrough(string schema, string text, bool accepted)
    {
        Assert.Equal(accepted, ConstraintText.Accepts(schema, text));
    }

    [Fact]
    public void Accept_TooManyLevels_StopsAtWhatParsersRead()
    {
        static string Nested(int depth) => $"{{\"a\":{new string('[', depth - 1)}{new string(']', depth - 1)}}}";

        Assert.True(ConstraintText.Accepts(schema: null, Nested(64)));
        Assert.False(ConstraintText.Accepts(schema: null, Nested(65)));
    }

    [Fact]
    public void IsComplete_Object_FromItsLastBraceOn()
    {
        var state = ConstraintText.Compile(null).Start();

        foreach (var value in "{\"a\":{}"u8)
        {
            Assert.False(state.IsComplete);
            state.Accept(value);
        }

        state.Accept('}');
        Assert.True(state.IsComplete);
        Assert.Equal([TestTokenizer.Bytes.End], ConstraintText.Allowed(state));
    }

    [Fact]
    public void IsComplete_NumberThatMayGoOn_WithItsEndTokenOrItsLastDigit()
    {
        var constraint = ConstraintText.Compile("""{"type":"integer"}""");
        var ended = constraint.Start();
        ended.Accept('1');
        Assert.False(ended.IsComplete);
        ended.Accept(TestTokenizer.Bytes.End);
        Assert.True(ended.IsComplete);

        var full = constraint.Start();
        foreach (var digit in "123456789012345"u8)
            full.Accept(digit);
        Assert.True(full.IsComplete);
    }

    [Fact]
    public void Accept_TokenThatIsMasked_Throws()
    {
        var state = ConstraintText.Compile(null).Start();

        Assert.Throws<InvalidOperationException>(() => state.Accept('['));
        Assert.Throws<InvalidOperationException>(() => state.Accept(TestTokenizer.Bytes.End));
    }

    [Fact]
    public void Mask_SpaceAfterSpace_IsBounded()
    {
        var state = ConstraintText.Compile(null).Start();
        foreach (var value in "{\n"u8)
            state.Accept(value);

        var spaces = 0;
        for (; ConstraintText.Allowed(state).Contains(' '); spaces++)
            state.Accept(' ');

        Assert.Equal(20, spaces);
        Assert.Equal(['"', '}'], ConstraintText.Allowed(state).Order().Select(token => (char)token));
    }

    [Fact]
    public void Mask_LogitsBeyondTheVocabulary_AreForbidden()
    {
        var constraint = ConstraintCompiler.Compile(null, TestTokenizer.Bytes.ToVocabulary(padding: 5));
        var state = constraint.Start();
        foreach (var value in "{\"a"u8)
            state.Accept(value);
        var logits = new float[constraint.Vocabulary.Size + 3];

        state.Mask(logits);

        Assert.All(logits[256..], logit => Assert.Equal(float.NegativeInfinity, logit));
        Assert.Equal(0, logits['b']);
    }
}
