using System.Text;
using System.Text.Json;
using Serverless.Contracts.Errors;
using Serverless.Worker.Generation.Chat;
using Serverless.Worker.Generation.Completions;
using Serverless.Worker.Generation.OpenInference;

namespace Serverless.Worker.Tests.Generation;

public sealed class RequestReaderTests
{
    private const string Messages = "\"messages\":[{\"role\":\"user\",\"content\":\"?\"}]";

    [Theory]
    // What each parameter may be, and what it is in the message.
    [InlineData("\"temperature\":2.1", "temperature", "0 to 2")]
    [InlineData("\"temperature\":\"1\"", "temperature", "number")]
    [InlineData("\"top_p\":-0.1", "top_p", "0 to 1")]
    [InlineData("\"top_k\":-2", "top_k", "-1")]
    [InlineData("\"min_p\":1.5", "min_p", "0 to 1")]
    [InlineData("\"repetition_penalty\":0", "repetition_penalty", "0.01")]
    [InlineData("\"frequency_penalty\":3", "frequency_penalty", "-2 to 2")]
    [InlineData("\"presence_penalty\":-3", "presence_penalty", "-2 to 2")]
    [InlineData("\"n\":0", "n", "1 to 128")]
    [InlineData("\"n\":129", "n", "1 to 128")]
    [InlineData("\"n\":1.5", "n", "whole")]
    [InlineData("\"max_tokens\":-1", "max_tokens", "0")]
    [InlineData("\"max_tokens\":9999999999", "max_tokens", "whole")]
    [InlineData("\"seed\":0.5", "seed", "whole")]
    [InlineData("\"stop\":\"\"", "stop", "1 to 256")]
    [InlineData("\"stop\":[\"a\",\"b\",\"c\",\"d\",\"e\"]", "stop", "4")]
    [InlineData("\"stop\":[1]", "stop[0]", "string")]
    [InlineData("\"stop\":{}", "stop", "array")]
    [InlineData("\"logit_bias\":{\"a\":1}", "logit_bias", "token ids")]
    [InlineData("\"logit_bias\":{\"1\":101}", "logit_bias.1", "-100 to 100")]
    [InlineData("\"logit_bias\":[]", "logit_bias", "object")]
    [InlineData("\"stream\":\"yes\"", "stream", "boolean")]
    [InlineData("\"stream_options\":{\"usage\":true}", "stream_options", "include_usage")]
    [InlineData("\"ignore_eos\":1", "ignore_eos", "boolean")]
    [InlineData("\"response_format\":{\"type\":\"xml\"}", "response_format", "json_schema")]
    [InlineData("\"response_format\":{\"type\":\"json_schema\"}", "response_format", "schema")]
    [InlineData("\"max_token\":1", "max_token", "Unrecognized request argument supplied: max_token.")]
    [InlineData("\"Temperature\":1", "Temperature", "Unrecognized")]
    public void Read_ParameterThatIsNone_IsRefusedByName(string parameter, string param, string reason)
    {
        AssertRefused(() => Completion($$"""{"model":"m","prompt":"a",{{parameter}}}"""), param, reason);
        AssertRefused(() => Chat($$"""{"model":"m",{{Messages}},{{parameter}}}"""), param, reason);
    }

    [Theory]
    [InlineData("""{"prompt":"a"}""", "model", "missing")]
    [InlineData("""{"model":null,"prompt":"a"}""", "model", "missing")]
    [InlineData("""{"model":"m"}""", "prompt", "missing")]
    [InlineData("""{"model":"m","prompt":[]}""", "prompt", "empty array")]
    [InlineData("""{"model":"m","prompt":5}""", "prompt", "string or an array")]
    [InlineData("""{"model":"m","prompt":["a",[1]]}""", "prompt", "only strings")]
    [InlineData("""{"model":"m","prompt":[1,-1]}""", "prompt", "prompt[1]")]
    [InlineData("""{"model":"m","prompt":[[1],[1.5]]}""", "prompt", "prompt[1][0]")]
    [InlineData("""{"model":"m","prompt":"\ud800"}""", "prompt", "surrogate")]
    [InlineData("""{"model":"m","prompt":"a","suffix":"b"}""", "suffix", "not supported")]
    [InlineData("""{"model":"m","prompt":"a","best_of":2}""", "best_of", "at most n")]
    [InlineData("""{"model":"m","prompt":"a","logprobs":6}""", "logprobs", "0 to 5")]
    [InlineData("""{"model":"m","prompt":"a","logprobs":true}""", "logprobs", "whole")]
    [InlineData("""{"model":"m","prompt":"a","echo":true,"logprobs":0}""", "echo", "not supported")]
    [InlineData("""{"model":"m","prompt":["a","b"],"n":65}""", "n", "2 prompts with n = 65")]
    [InlineData("""{"model":"m","prompt":"a","messages":[]}""", "messages", "Unrecognized")]
    [InlineData("""{"model":"m","prompt":"a","max_completion_tokens":1}""", "max_completion_tokens", "Unrecognized")]
    public void ReadCompletion_BreaksARule_IsRefused(string body, string param, string reason) =>
        AssertRefused(() => Completion(body), param, reason);

    [Theory]
    [InlineData("""{"model":"m"}""", "messages", "missing")]
    [InlineData("""{"model":"m","messages":[]}""", "messages", "1 to 2048")]
    [InlineData("""{"model":"m","messages":"a"}""", "messages", "array")]
    [InlineData("""{"model":"m","messages":["a"]}""", "messages[0]", "object")]
    [InlineData("""{"model":"m","messages":[{"content":"a"}]}""", "messages[0].role", "system, developer, user, assistant, tool")]
    [InlineData("""{"model":"m","messages":[{"role":"root","content":"a"}]}""", "messages[0].role", "one of")]
    [InlineData("""{"model":"m","messages":[{"role":"user"}]}""", "messages[0].content", "string or an array")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":null}]}""", "messages[0].content", "string or an array")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"type":"image_url"}]}]}""", "messages[0].content[0]", "text alone")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"\udc00"}]}""", "messages", "surrogate")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"a"}],"top_logprobs":2}""", "top_logprobs", "logprobs")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"a"}],"logprobs":true,"top_logprobs":21}""", "top_logprobs", "0 to 20")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"a"}],"tool_choice":"required"}""", "tool_choice", "auto or none")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"a"}],"tools":[{"type":"x"}]}""", "tools[0]", "function")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"a"}],"functions":[]}""", "functions", "use tools")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"a"}],"modalities":["text","audio"]}""", "modalities", "text alone")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"a"}],"prompt":"b"}""", "prompt", "Unrecognized")]
    public void ReadChat_BreaksARule_IsRefused(string body, string param, string reason) => AssertRefused(() => Chat(body), param, reason);

    [Theory]
    [InlineData("{}", "text_input", "missing")]
    [InlineData("""{"text_input":1}""", "text_input", "string")]
    [InlineData("""{"text_input":"a","parameters":[]}""", "parameters", "object")]
    [InlineData("""{"text_input":"a","parameters":{"temperature":9}}""", "temperature", "0 to 2")]
    [InlineData("""{"text_input":"a","parameters":{"temperatur":1}}""", "temperatur", "Unrecognized")]
    [InlineData("""{"text_input":"a","stream":true}""", "stream", "generate_stream")]
    public void ReadGenerate_BreaksARule_IsRefused(string body, string param, string reason) =>
        AssertRefused(() => GenerateRequestReader.Read(Encoding.UTF8.GetBytes(body), stream: false), param, reason);

    [Fact]
    public void ReadCompletion_EveryParameter_IsTaken()
    {
        var draft = Completion(
            """
            {"model":"m:2","prompt":[[1,2],[3]],"max_tokens":7,"temperature":0.5,"top_p":0.9,"top_k":-1,"min_p":0.1,"repetition_penalty":1.2,
             "frequency_penalty":-1,"presence_penalty":1,"logit_bias":{"5":-100},"seed":-9,"stop":"end","n":2,"best_of":2,"echo":true,
             "stream":true,"stream_options":{"include_usage":true,"include_obfuscation":false},"ignore_eos":true,"logprobs":null,"suffix":null,
             "response_format":{"type":"text"},"user":"u","metadata":{"a":"b"},"store":false,"service_tier":"auto"}
            """);

        Assert.Equal("m:2", draft.Model);
        Assert.Equal([[1, 2], [3]], draft.Prompts!.Select(prompt => prompt.Tokens!));
        Assert.Equal((7, 2, true, true, true, true), (draft.MaxTokens, draft.Choices, draft.Echo, draft.Stream, draft.IncludeUsage, draft.IgnoreEos));
        Assert.Equal(["end"], draft.Stop);
        var sampling = draft.Sampling;
        Assert.Equal((0.5f, 0.9f, 0, 0.1f, 1.2f), (sampling.Temperature, sampling.TopP, sampling.TopK, sampling.MinP, sampling.RepetitionPenalty));
        Assert.Equal((-1f, 1f, -9L), (sampling.FrequencyPenalty, sampling.PresencePenalty, sampling.Seed));
        Assert.Equal(-100, sampling.LogitBias[5]);
        Assert.Null(draft.Format);
    }

    [Theory]
    [InlineData("", null)]
    [InlineData(",\"max_tokens\":5", 5)]
    [InlineData(",\"max_completion_tokens\":6,\"max_tokens\":5", 6)]
    [InlineData(",\"max_tokens\":0", 0)]
    public void ReadChat_MaxTokens_AreTheNewerNamesFirst(string parameters, int? expected) =>
        Assert.Equal(expected, Chat($$"""{"model":"m",{{Messages}}{{parameters}}}""").MaxTokens);

    [Fact]
    public void ReadChat_PartsDeveloperAndToolCalls_AreWhatTemplatesKnow()
    {
        var draft = Chat(
            """
            {"model":"m","messages":[
              {"role":"developer","content":[{"type":"text","text":"Be "},{"type":"text","text":"kind."}]},
              {"role":"user","content":"a","name":"Ann"},
              {"role":"assistant","tool_calls":[{"id":"1"}]},
              {"role":"tool","tool_call_id":"1","content":"b"}]}
            """);

        Assert.Equal(
            """[{"role":"system","content":"Be kind."},{"role":"user","content":"a","name":"Ann"},{"role":"assistant","content":null,"tool_calls":[{"id":"1"}]},{"role":"tool","content":"b","tool_call_id":"1"}]""",
            draft.Messages!.Value.GetRawText());
    }

    [Fact]
    public void ReadChat_IgnoredAndSupportedExtras_AreAccepted()
    {
        var draft = Chat(
            $$$$"""
            {"model":"m",{{{{Messages}}}},"user":"u","metadata":{},"store":true,"service_tier":"default","parallel_tool_calls":true,
             "safety_identifier":"s","prompt_cache_key":"k","reasoning_effort":"low","verbosity":"low","modalities":["text"],"audio":null,
             "tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":"none",
             "response_format":{"type":"json_schema","json_schema":{"name":"s","strict":true,"schema":{"type":"object"}}} }
            """);

        Assert.False(draft.MayCallTools);
        Assert.Equal(JsonValueKind.Array, draft.Tools!.Value.ValueKind);
        Assert.Equal("object", draft.Format!.Schema!.Value.GetProperty("type").GetString());
    }

    [Fact]
    public void ReadGenerate_ParametersInsideAndBeside_AreTaken()
    {
        var draft = GenerateRequestReader.Read(
            """{"id":"7","text_input":"a","seed":3,"parameters":{"max_tokens":4,"stop":["x"],"details":true,"stream":true}}"""u8, stream: true);

        Assert.Equal(("7", "a", 3L, 4, true), (draft.Id, draft.TextInput, draft.Sampling.Seed, draft.MaxTokens, draft.Details));
        Assert.Equal(20, GenerateRequestReader.Read("""{"text_input":""}"""u8, stream: false).MaxTokens);
    }

    [Fact]
    public void ReadChat_NestedTooDeep_IsNotJson() => AssertRefused(
        () => Chat($$"""{"model":"m",{{Messages}},"metadata":{{new string('[', 70)}}{{new string(']', 70)}}}"""), null, "not valid JSON");

    private static CompletionDraft Completion(string body) => CompletionRequestReader.Read(Encoding.UTF8.GetBytes(body));

    private static ChatDraft Chat(string body) => ChatRequestReader.Read(Encoding.UTF8.GetBytes(body));

    private static void AssertRefused(Action read, string? param, string reason)
    {
        var error = Assert.Throws<InferenceException>(read).Error;
        Assert.Equal(ErrorKind.InvalidRequest, error.Kind);
        Assert.Equal(param, error.Param);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }
}
