using Serverless.Inference.Execution;
using Serverless.Inference.Generation.Loop;
using Serverless.Inference.Generation.Memory;
using Serverless.Inference.Generation.Text;
using Serverless.Inference.Onnx;
using Serverless.Inference.Onnx.Decoding;
using Serverless.Models.Loading;
using Serverless.Models.Manifest;

namespace Serverless.Inference.Generation;

/// <summary>Builds the generator of a model that is a decoder.</summary>
internal sealed class GeneratorLoader(GenerationOptions options, GenerationMetrics metrics, TimeProvider time)
{
    /// <summary>Threads of a decoder's session: one run after another has the machine to itself.</summary>
    public int ThreadsOf(ModelManifest manifest) => manifest.Decoder is null ? 0 : options.Threads;

    /// <summary>What the package says about text; null where the model is no text generator. To be read before the session takes it over.</summary>
    /// <exception cref="ModelRefusedException">A file is missing or broken.</exception>
    public static PackageText? ReadText(LoadedPackage package)
    {
        var manifest = package.Manifest;
        if (manifest.Task != ModelTasks.TextGeneration || manifest.Decoder is null)
            return null;
        try
        {
            // The package's memory goes with it.
            return PackageTextFactory.Create(manifest.Files.Where(file => PackageTextFactory.Files.Contains(file.Path)).ToDictionary(
                file => file.Path, file => (ReadOnlyMemory<byte>)package.FileOf(file.Path).ToArray(), StringComparer.Ordinal));
        }
        catch (Exception error) when (error is InvalidDataException or PlatformNotSupportedException)
        {
            throw new ModelRefusedException(error.Message.TrimEnd('.'), error);
        }
    }

    /// <summary>What runs the decoder, once run.</summary>
    /// <param name="session">Stays the caller's.</param>
    /// <param name="record">What was found of it when it was pushed.</param>
    /// <exception cref="ModelRefusedException">Graph and record do not fit together.</exception>
    public IDecoder Open(OnnxSession session, DecoderRecord record)
    {
        var decoder = DecoderFactory.Create(session, record, options.LimitsOf(record));
        try
        {
            WarmUp(decoder);
            return decoder;
        }
        catch
        {
            decoder.Dispose();
            throw;
        }
    }

    /// <param name="manifest">The model's manifest.</param>
    /// <param name="version">Its version as a label of metrics.</param>
    /// <param name="text">What its package says about text.</param>
    /// <param name="decoder">Runs it.</param>
    /// <param name="serving">Counts what it does beside.</param>
    public DecoderTextGenerator Create(ModelManifest manifest, string version, PackageText text, IDecoder decoder, ServingMeter serving)
    {
        var record = manifest.Decoder!;
        var size = Math.Min(text.Tokenizer.VocabularySize, record.LogitsSize);
        var meter = new GenerationMeter(new GenerationTags(manifest.Name, version), options.LimitsOf(record).KvBytes, metrics, serving, time);
        var vocabulary = new GenerationVocabulary(text.Tokenizer, size, record.EndTokens);
        return new DecoderTextGenerator(
            record, text, decoder, new GenerationContext(manifest.Name, options, vocabulary, meter, time));
    }

    // A prompt of one token and a step: lays out what every later run uses.
    private static void WarmUp(IDecoder decoder)
    {
        decoder.Reserve(1, 2);
        var row = decoder.Begin();
        decoder.Prefill(row, [0]);
        decoder.Start(row);
        decoder.Step();
        var failure = row.Failure;
        decoder.End(row);
        if (failure is not null)
            throw failure;
    }
}
