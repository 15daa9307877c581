using System.Diagnostics;
using Microsoft.ML.OnnxRuntimeGenAI;

namespace Serverless.GenAiBaseline;

/// <summary>How fast a fixed batch generates, its end tokens kept from ending it.</summary>
internal static class SpeedRun
{
    private const int LetterCount = 250;

    public static BaselineAnswer Run(Model model, BaselineCommand command)
    {
        using var parameters = new GeneratorParams(model);
        var length = command.Context + command.Tokens;
        parameters.SetSearchOption("max_length", length);
        parameters.SetSearchOption("min_length", length);
        parameters.SetSearchOption("batch_size", command.Batch);
        using var generator = new Generator(model, parameters);
        var start = Stopwatch.GetTimestamp();
        generator.AppendTokens(Prompts(command));
        // The first token comes from the prompt's own logits: a run for each of the others.
        generator.GenerateNextToken();
        var prefill = Stopwatch.GetElapsedTime(start).TotalSeconds;
        start = Stopwatch.GetTimestamp();
        for (var token = 1; token < command.Tokens; token++)
            generator.GenerateNextToken();
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return new BaselineAnswer { TokensPerSecond = command.Batch * (command.Tokens - 1) / seconds, Prefill = prefill };
    }

    private static int[] Prompts(BaselineCommand command)
    {
        var random = new Random(3);
        return [.. Enumerable.Range(0, command.Batch * command.Context).Select(_ => random.Next(LetterCount))];
    }
}
