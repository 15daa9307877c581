using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Serverless.Models.Publishing;
using Serverless.TestKit.Jobs;

namespace Serverless.EndToEnd.Tests.Generation;

/// <summary>Text through Functions host, gateway and worker, from a decoder of random weights.</summary>
[Collection(PlatformCollection.Name)]
public sealed class TextGenerationTests(PlatformFixture fixture) : IDisposable
{
    private readonly GenerationApi _api = new(fixture.CreateClient());

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Complete_StopTextAcrossTokens_EndsBeforeItStreamedAndWhole()
    {
        var request = Greedy("In the beginning");
        request["ignore_eos"] = true;
        var (text, _) = await _api.CompleteAsync(request.DeepClone().AsObject());
        var stop = text[4..9];
        request["stop"] = new JsonArray(stop);

        var (whole, finish) = await _api.CompleteAsync(request.DeepClone().AsObject());
        request["stream"] = true;
        var streamed = await TextsAsync(GenerationApi.Completions, request);

        Assert.Equal(text[..text.IndexOf(stop, StringComparison.Ordinal)], whole);
        Assert.Equal("stop", finish);
        Assert.Equal([whole], streamed.Values);
    }

    [Fact]
    public async Task Complete_FourChoicesWithASeed_StreamTheTextsOfTheWholeAnswer()
    {
        var request = new JsonObject
        {
            ["model"] = TestModels.Decoder,
            ["prompt"] = "a",
            ["n"] = 4,
            ["seed"] = 5,
            ["max_tokens"] = 12,
            ["ignore_eos"] = true,
        };
        var (status, body) = await _api.PostAsync(GenerationApi.Completions, request.DeepClone().AsObject());
        request["stream"] = true;

        var streamed = await TextsAsync(GenerationApi.Completions, request);

        Assert.Equal(HttpStatusCode.OK, status);
        var whole = body.GetProperty("choices").EnumerateArray().Select(choice => choice.GetProperty("text").GetString()).ToList();
        Assert.Equal(4, whole.Distinct().Count());
        Assert.Equal([0, 1, 2, 3], streamed.Keys);
        Assert.Equal(whole, streamed.Values);
        Assert.Equal(48, body.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
    }

    [Fact]
    public async Task Complete_PromptsInEveryForm_AreContinuedAlike()
    {
        // The tokenizer's first 256 tokens are the bytes.
        var request = Greedy("");
        request["prompt"] = new JsonArray("ab", "c");
        var (_, texts) = await _api.PostAsync(GenerationApi.Completions, request.DeepClone().AsObject());
        request["prompt"] = new JsonArray(new JsonArray(97, 98), new JsonArray(99));
        var (_, tokens) = await _api.PostAsync(GenerationApi.Completions, request.DeepClone().AsObject());

        Assert.Equal(2, texts.GetProperty("choices").GetArrayLength());
        Assert.Equal(texts.GetProperty("choices").GetRawText(), tokens.GetProperty("choices").GetRawText());
        Assert.Equal(3, tokens.GetProperty("usage").GetProperty("prompt_tokens").GetInt32());
    }

    [Fact]
    public async Task Complete_MaxTokens0_EchoesThePromptAlone()
    {
        var request = Greedy("ab");
        (request["max_tokens"], request["echo"]) = (0, true);

        Assert.Equal(("ab", "length"), await _api.CompleteAsync(request));
    }

    [Fact]
    public async Task Complete_EmptyPrompt_StartsFromTheModelsFirstToken()
    {
        var request = Greedy("");
        (request["ignore_eos"], request["temperature"], request["seed"]) = (true, 1, 1);

        var (text, finish) = await _api.CompleteAsync(request);

        Assert.NotEmpty(text);
        Assert.Equal("length", finish);
    }

    public static TheoryData<string, string, string, int, string> Refusals => new()
    {
        { GenerationApi.Completions, $$"""{"model":"decoder","prompt":"{{new string('a', 300)}}"}""", "prompt", 400, "256" },
        { GenerationApi.Completions, $$"""{"model":"decoder","prompt":"{{string.Concat(Enumerable.Repeat("a line\\n", 10_000))}}"}""", "prompt", 400, "70000" },
        { GenerationApi.Completions, """{"model":"decoder","prompt":[5,320]}""", "prompt", 400, "319" },
        { GenerationApi.Completions, """{"model":"decoder","prompt":"a","max_tokens":9,"tempature":1}""", "tempature", 400, "tempature" },
        { GenerationApi.Completions, """{"model":"decoder","prompt":"a","logit_bias":{"320":1}}""", "logit_bias", 400, "320" },
        { GenerationApi.Completions, """{"model":"decoder:9","prompt":"a"}""", "model", 404, "9" },
        { GenerationApi.Completions, """{"model":"minilm","prompt":"a"}""", "model", 400, "text-embedding" },
        { GenerationApi.Chat, """{"model":"small","messages":[{"role":"user","content":"a"}],"stream":true}""", "model", 400, "generic" },
        { "/v1/embeddings", """{"model":"decoder","input":"a"}""", "model", 400, "text-generation" },
        {
            GenerationApi.Chat,
            """{"model":"decoder","messages":[{"role":"user","content":"a"}],"response_format":{"type":"json_schema","json_schema":{"name":"s","schema":{"type":"string","pattern":"a"}}}}""",
            "response_format", 400, "pattern"
        },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Post_CannotBeServed_SaysWhatIsWrong(string path, string body, string param, int status, string reason)
    {
        var (found, answer) = await _api.PostAsync(path, JsonNode.Parse(body)!.AsObject());

        var error = answer.GetProperty("error");
        Assert.Equal(status, (int)found);
        Assert.Contains(reason, error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.StartsWith(param, error.GetProperty("param").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Infer_OfADecoder_NamesTheRightPath()
    {
        var (status, body) = await _api.PostAsync("/v2/models/decoder/infer", new JsonObject { ["inputs"] = new JsonArray() });

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("generate", body.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_JsonSchema_AnswersWhatMatches()
    {
        var request = JsonNode.Parse(
            """
            {"model":"decoder","messages":[{"role":"user","content":"?"}],"seed":3,"max_completion_tokens":120,"response_format":{"type":"json_schema",
             "json_schema":{"name":"s","schema":{"type":"object","properties":{"colour":{"enum":["red","blue"]},"warm":{"type":"boolean"}},
             "required":["colour","warm"],"additionalProperties":false}}}}
            """)!.AsObject();

        var (status, body) = await _api.PostAsync(GenerationApi.Chat, request);

        Assert.True(status == HttpStatusCode.OK, body.GetRawText());
        var choice = body.GetProperty("choices")[0];
        Assert.Equal("stop", choice.GetProperty("finish_reason").GetString());
        using var answer = JsonDocument.Parse(choice.GetProperty("message").GetProperty("content").GetString()!);
        Assert.Contains(answer.RootElement.GetProperty("colour").GetString(), new[] { "red", "blue" });
        Assert.Contains(answer.RootElement.GetProperty("warm").ValueKind, new[] { JsonValueKind.True, JsonValueKind.False });
        Assert.Equal(2, answer.RootElement.EnumerateObject().Count());
    }

    [Fact]
    public async Task Generate_StreamedAndWhole_IsTheCompletionsText()
    {
        var (text, _) = await _api.CompleteAsync(Greedy("ab"));
        var request = new JsonObject
        {
            ["id"] = "7",
            ["text_input"] = "ab",
            ["parameters"] = new JsonObject { ["max_tokens"] = 40, ["temperature"] = 0, ["details"] = true },
        };

        var (status, body) = await _api.PostAsync("/v2/models/decoder/generate", request.DeepClone().AsObject());
        var pieces = new List<JsonElement>();
        await foreach (var data in _api.StreamAsync("/v2/models/decoder/versions/1/generate_stream", request, Token))
            pieces.Add(JsonDocument.Parse(data).RootElement);

        Assert.True(status == HttpStatusCode.OK, body.GetRawText());
        Assert.Equal(("7", "decoder", "1", text), (
            body.GetProperty("id").GetString(), body.GetProperty("model_name").GetString(), body.GetProperty("model_version").GetString(),
            body.GetProperty("text_output").GetString()));
        Assert.Equal(text, string.Concat(pieces.Select(piece => piece.GetProperty("text_output").GetString())));
        Assert.Equal(
            body.GetProperty("details").GetProperty("finish_reason").GetString(),
            pieces[^1].GetProperty("details").GetProperty("finish_reason").GetString());
    }

    [Fact]
    public async Task Complete_ClientLeaves_EndsTheGeneration()
    {
        // It takes a second until the last process knows that the client left: time in which a tiny decoder would write all there is.
        const string model = "long-winded";
        const int prompts = 32;
        const int tokens = 900;
        await TestModels.PushDecoderAsync(new ModelPublisher(fixture.Store), model, TestModels.LongWinded);
        var before = await MetricAsync("vllm:generation_tokens_total");
        var request = Greedy("");
        (request["prompt"], request["max_tokens"], request["ignore_eos"]) = (new JsonArray([.. Enumerable.Repeat("a", prompts)]), tokens, true);
        (request["model"], request["stream"]) = (model, true);

        var started = Stopwatch.GetTimestamp();
        var first = TimeSpan.Zero;
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Token);
        // A reader that only stops would go on for a while, to save its connection.
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in _api.StreamAsync(GenerationApi.Completions, request, leaving.Token))
            {
                first = Stopwatch.GetElapsedTime(started);
                await leaving.CancelAsync();
            }
        });

        await Wait.ForAsync(
            async () => await MetricAsync("vllm:num_requests_running") + await MetricAsync("vllm:num_requests_waiting") == 0 ? "" : null,
            "The end of the generation");
        var generated = await MetricAsync("vllm:generation_tokens_total") - before;
        Assert.True(
            generated < prompts * tokens,
            $"All {generated} tokens came: the first after {first}, the end of it all after {Stopwatch.GetElapsedTime(started)}.");
        TestContext.Current.SendDiagnosticMessage(
            $"left after {first}, ended after {Stopwatch.GetElapsedTime(started)} with {generated} of {prompts * tokens} tokens");
    }

    [Theory]
    [InlineData("/v2/models/decoder")]
    [InlineData("/v2/models/decoder/ready")]
    [InlineData("/v2/models/decoder/stats")]
    public async Task Get_OfADecoder_Answers(string path)
    {
        using var client = fixture.CreateClient();

        using var response = await client.GetAsync(path, Token);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Batch_ChatLines_AreAnsweredAndAStreamedOneIsItsOwnError()
    {
        string[] lines =
        [
            Line("a", """{"model":"decoder","messages":[{"role":"user","content":"a"}],"max_tokens":8}"""),
            Line("b", """{"model":"decoder","messages":[{"role":"user","content":"b"}],"stream":true}"""),
            Line("c", """{"model":"decoder","messages":[{"role":"user","content":"c"}],"max_tokens":8,"n":2}"""),
        ];
        using var client = new BatchClient(fixture.Platform.ApiUrl, fixture.Platform.Options.ApiKey);
        var file = await client.UploadAsync([.. lines.SelectMany(line => System.Text.Encoding.UTF8.GetBytes(line + "\n"))], Token);

        var batch = await client.WaitAsync(
            await client.CreateAsync(file, GenerationApi.Chat, Token), TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(30), Token);

        Assert.True((string)batch["status"]! == "completed", batch.ToJsonString());
        Assert.Equal((2, 1), ((int)batch["request_counts"]!["completed"]!, (int)batch["request_counts"]!["failed"]!));
    }

    public void Dispose() => _api.Dispose();

    private static string Line(string id, string body) =>
        $$"""{"custom_id":"{{id}}","method":"POST","url":"/v1/chat/completions","body":{{body}} }""";

    /// <summary>The sum of a metric's series on the worker.</summary>
    private async Task<double> MetricAsync(string name)
    {
        using var inside = new HttpClient();
        var text = await inside.GetStringAsync($"http://127.0.0.1:{fixture.Platform.Options.Ports.WorkerMetrics}/metrics", Token);
        return text.Split('\n')
            .Where(line => line.StartsWith(name + "{", StringComparison.Ordinal) || line.StartsWith(name + " ", StringComparison.Ordinal))
            .Sum(line => double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture));
    }

    private static JsonObject Greedy(string prompt) => new()
    {
        ["model"] = TestModels.Decoder,
        ["prompt"] = prompt,
        ["max_tokens"] = 40,
        ["temperature"] = 0,
    };

    private async Task<SortedDictionary<int, string>> TextsAsync(string path, JsonObject request)
    {
        var texts = new SortedDictionary<int, string>();
        await foreach (var data in _api.StreamAsync(path, request, Token).TakeWhile(data => data != "[DONE]"))
        {
            using var chunk = JsonDocument.Parse(data);
            foreach (var choice in chunk.RootElement.GetProperty("choices").EnumerateArray())
            {
                var index = choice.GetProperty("index").GetInt32();
                texts[index] = texts.GetValueOrDefault(index) + choice.GetProperty("text").GetString();
            }
        }

        return texts;
    }
}
