using System.Text.Json;
using Json.Schema;
using Serverless.Inference.Generation.Constraints;
using Serverless.Inference.Generation.Constraints.Automaton;
using Serverless.Inference.Generation.Constraints.Grammar;
using Serverless.Inference.Generation.Constraints.Vocabulary;
using Serverless.Inference.Generation.Sampling;

namespace Serverless.Inference.Tests.Generation.Constraints;

/// <summary>Random walks over the tokens that masks allow.</summary>
public sealed class TokenMaskTests
{
    private static readonly TestTokenizer Tokenizer = TestTokenizer.Mixed;

    private static readonly TokenVocabulary Vocabulary = Tokenizer.ToVocabulary(padding: 3);

    public static TheoryData<string> Schemas() =>
    [
        """{"type":"object"}""",
        "{}",
        """{"properties":{"name":{"type":"string"},"age":{"type":"integer"}},"required":["name","age"],"additionalProperties":false}""",
        """{"properties":{"a":{"type":"number"},"name":{"type":"boolean"},"na":{"enum":["café","😀","the",null]}},"required":["name"]}""",
        """{"properties":{"name":{"type":"null"},"é":{"type":"null"}},"additionalProperties":{"type":["integer","string"]}}""",
        """{"properties":{"name":{"type":"null"}},"required":["name"],"additionalProperties":true}""",
        """{"type":"array","items":{"type":["number","string"]},"minItems":2,"maxItems":4}""",
        """{"type":"array","items":{"type":"array","items":{"enum":[1,12,123,{"a":[1,{}]}]},"minItems":1}}""",
        """{"anyOf":[{"properties":{"kind":{"const":"a"},"x":{"type":"integer"}},"required":["kind","x"]},{"properties":{"kind":{"const":"b"},"y":{"type":"string"}},"required":["kind","y"]}]}""",
        """{"anyOf":[{"type":"string"},{"enum":["name","age","😀"]},{"type":"array","items":{"type":"string"}}]}""",
        """{"$ref":"#/$defs/node","$defs":{"node":{"properties":{"left":{"$ref":"#/$defs/leaf"},"right":{"anyOf":[{"$ref":"#/$defs/leaf"},{"type":"null"}]}},"required":["left","right"]},"leaf":{"type":"array","items":{"type":"integer"},"maxItems":3}}}""",
        """{"type":["number","null"]}""",
        """{"type":"integer"}""",
        """{"const":{"a":[1.50,"x\n\"",true]}}""",
    ];

    [Theory]
    [MemberData(nameof(Schemas))]
    public void Mask_RandomWalks_AlwaysEndInJsonThatMatches(string schema)
    {
        var constraint = Compile(schema);
        var expected = JsonSchema.FromText(schema);
        for (var seed = 0; seed < 30; seed++)
        {
            var text = Tokenizer.Decode(Walk(constraint, new Random(seed), patience: 5 + (seed % 5 * 25)));

            using var json = JsonDocument.Parse(text);
            Assert.True(expected.Evaluate(json.RootElement).IsValid, text);
            AssertReadable(json.RootElement);
        }
    }

    [Theory]
    [MemberData(nameof(Schemas))]
    public void Mask_AtAnyPlace_AllowsExactlyTheTokensWhoseBytesCanFollow(string schema)
    {
        var constraint = Compile(schema);
        var walked = Walk(constraint, new Random(1), patience: 60);
        var state = constraint.Start();
        var place = constraint.Automaton.Start;

        foreach (var token in walked)
        {
            var expected = Enumerable.Range(0, Tokenizer.VocabularySize)
                .Where(next => !Tokenizer.IsSpecial(next))
                .Where(next => constraint.Automaton.Advance(place, Tokenizer.BytesOf(next).Span) != AutomatonState.Dead);
            Assert.Equal(
                place.CanEnd ? [.. expected, Tokenizer.End] : expected, ConstraintText.Allowed(state).Order());
            state.Accept(token);
            place = constraint.Automaton.Advance(place, Tokenizer.BytesOf(token).Span);
        }
    }

    [Fact]
    public void Mask_MuchMoreThanIsRemembered_StaysTheSame()
    {
        var anyObject = new GrammarChoice([new ObjectNode([], GrammarChoice.Any)]);
        var constraint = new TokenConstraint(anyObject, Vocabulary, memory: 100_000);
        var first = constraint.Automaton.Start;
        var walks = 0;
        for (; ReferenceEquals(first, constraint.Automaton.Start) && walks < 200; walks++)
            Walk(constraint, new Random(walks), patience: 60);

        Assert.NotSame(first, constraint.Automaton.Start);
        using var json = JsonDocument.Parse(Tokenizer.Decode(Walk(constraint, new Random(1), patience: 60)));
        Assert.Equal(
            Walk(ConstraintCompiler.Compile(null, Vocabulary), new Random(1), patience: 60), Walk(constraint, new Random(1), patience: 60));
    }

    [Fact]
    public void Next_SamplerWithConstraint_WritesWhatMatches()
    {
        var constraint = Compile("""{"properties":{"kind":{"enum":["a","b"]},"n":{"type":"integer"}},"required":["kind","n"]}""");
        var state = constraint.Start();
        var sampler = new TokenSampler(new SamplingOptions { TopP = 0.9f, PresencePenalty = 1 }, [], 0, 5, state);
        var tokens = new List<int>();
        for (var position = 0; !state.IsComplete; position++)
            tokens.Add(sampler.Next([.. Enumerable.Range(0, Vocabulary.Size).Select(token => MathF.Sin((token * 3) + position))], 1, out _));

        using var json = JsonDocument.Parse(Tokenizer.Decode(tokens));
        Assert.Contains(json.RootElement.GetProperty("kind").GetString(), new[] { "a", "b" });
        json.RootElement.GetProperty("n").GetInt64();
    }

    private static TokenConstraint Compile(string schema)
    {
        using var document = JsonDocument.Parse(schema);
        return ConstraintCompiler.Compile(document.RootElement, Vocabulary);
    }

    /// <summary>Random tokens, and after <paramref name="patience"/> of them those that bring the end nearer.</summary>
    private static List<int> Walk(TokenConstraint constraint, Random random, int patience)
    {
        var tokens = new List<int>();
        var state = constraint.Start();
        while (!state.IsComplete)
        {
            int[] allowed = [.. ConstraintText.Allowed(state).Where(token => token != Tokenizer.End).Order()];
            Assert.NotEmpty(allowed);
            var token = tokens.Count < patience ? allowed[random.Next(allowed.Length)] : Closing(state, allowed, random);
            state.Accept(token);
            if (token != Tokenizer.End)
                tokens.Add(token);
            Assert.InRange(tokens.Count, 0, patience + 2000);
        }

        return tokens;
    }

    private static int Closing(ConstraintState state, int[] allowed, Random random)
    {
        if (ConstraintText.Allowed(state).Contains(Tokenizer.End))
            return Tokenizer.End;
        foreach (var token in "\"}]0"u8)
        {
            if (allowed.Contains(token))
                return token;
        }

        return allowed[random.Next(allowed.Length)];
    }

    private static void AssertReadable(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                Assert.All(value.EnumerateObject(), property => AssertReadable(property.Value));
                break;
            case JsonValueKind.Array:
                Assert.All(value.EnumerateArray(), AssertReadable);
                break;
            case JsonValueKind.Number:
                Assert.True(double.IsFinite(value.GetDouble()));
                break;
            case JsonValueKind.String:
                Assert.NotNull(value.GetString());
                break;
        }
    }
}
