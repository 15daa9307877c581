using Microsoft.ML.OnnxRuntimeGenAI;

namespace Serverless.GenAiBaseline;

/// <summary>Greedy text, which is what answers are compared by. An end token ends it.</summary>
internal static class GreedyRun
{
    public static BaselineAnswer Run(Model model, BaselineCommand command)
    {
        using var parameters = new GeneratorParams(model);
        parameters.SetSearchOption("max_length", command.Prompt.Length + command.Tokens);
        using var generator = new Generator(model, parameters);
        generator.AppendTokens(command.Prompt);
        while (!generator.IsDone())
            generator.GenerateNextToken();
        return new BaselineAnswer { Tokens = generator.GetSequence(0)[command.Prompt.Length..].ToArray() };
    }
}
