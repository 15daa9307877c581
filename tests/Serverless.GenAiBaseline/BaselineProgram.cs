using System.Text.Json;
using Microsoft.ML.OnnxRuntimeGenAI;

namespace Serverless.GenAiBaseline;

/// <summary>Answers commands, one JSON object per line, with one JSON object per line, until its input ends.</summary>
internal static class BaselineProgram
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static int Run(string[] arguments, TextReader input, TextWriter output)
    {
        if (arguments is not [var folder])
        {
            Console.Error.WriteLine("usage: Serverless.GenAiBaseline FOLDER   (a model with genai_config.json)");
            return 2;
        }

        using var handle = new OgaHandle();
        using var model = new Model(folder);
        // Ready: what loading takes is nobody's figure.
        output.WriteLine("{}");
        output.Flush();
        while (input.ReadLine() is { } line)
        {
            output.WriteLine(JsonSerializer.Serialize(Answer(model, line), Json));
            output.Flush();
        }

        return 0;
    }

    private static BaselineAnswer Answer(Model model, string line)
    {
        try
        {
            var command = JsonSerializer.Deserialize<BaselineCommand>(line, Json)!;
            return command.Kind switch
            {
                BaselineCommand.Greedy => GreedyRun.Run(model, command),
                BaselineCommand.Speed => SpeedRun.Run(model, command),
                _ => new BaselineAnswer { Error = $"There is no command '{command.Kind}'." },
            };
        }
        catch (Exception error) when (error is OnnxRuntimeGenAIException or JsonException)
        {
            return new BaselineAnswer { Error = error.Message };
        }
    }
}
