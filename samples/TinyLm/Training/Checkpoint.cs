using System.Runtime.InteropServices;
using System.Text.Json;
using TinyLm.Network;
using TinyLm.Tokens;

namespace TinyLm.Training;

/// <summary>A training in a file, written as a whole or not at all: one line of JSON, then weights and AdamW's means as floats.</summary>
internal static class Checkpoint
{
    private sealed record Header(DecoderShape Shape, int Step, TimeSpan Spent, List<LossPoint> Losses, List<Merge> Merges);

    public static void Write(string path, TrainingState state, BytePairTokenizer tokenizer)
    {
        var unfinished = path + ".part";
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        using (var file = File.Create(unfinished))
        {
            var header = new Header(state.Weights.Shape, state.Step, state.Spent, state.Losses, [.. tokenizer.Merges]);
            JsonSerializer.Serialize(file, header);
            file.WriteByte((byte)'\n');
            foreach (var part in Parts(state))
                file.Write(MemoryMarshal.AsBytes(part.Values.AsSpan()));
        }

        File.Move(unfinished, path, overwrite: true);
    }

    /// <exception cref="InvalidDataException">The file is no checkpoint.</exception>
    public static (TrainingState State, BytePairTokenizer Tokenizer) Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        try
        {
            var end = Array.IndexOf(bytes, (byte)'\n');
            var header = JsonSerializer.Deserialize<Header>(bytes.AsSpan(0, Math.Max(0, end)))!;
            var state = new TrainingState(header.Shape) { Step = header.Step, Spent = header.Spent, Losses = header.Losses };
            var rest = bytes.AsSpan(end + 1);
            foreach (var part in Parts(state))
            {
                var values = MemoryMarshal.AsBytes(part.Values.AsSpan());
                rest[..values.Length].CopyTo(values);
                rest = rest[values.Length..];
            }

            return (state, new BytePairTokenizer(header.Merges));
        }
        catch (Exception error) when (error is JsonException or ArgumentException)
        {
            throw new InvalidDataException($"{path} is not a training that could be gone on with; remove it to begin anew.", error);
        }
    }

    private static DecoderWeights[] Parts(TrainingState state) => [state.Weights, state.Mean, state.Square];
}
