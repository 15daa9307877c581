using System.Runtime.InteropServices;
using Tokenizers.DotNet;

namespace Serverless.Inference.Generation.Text.Tokenization;

/// <summary>Hugging Face's own tokenizer. It takes any number of threads at once: its instances lie behind a lock for readers.</summary>
internal sealed class NativeTokenizer : IDisposable
{
    private readonly Tokenizer _tokenizer;

    /// <param name="write">Writes the <c>tokenizer.json</c>.</param>
    /// <exception cref="InvalidDataException">The library refuses the file.</exception>
    /// <exception cref="PlatformNotSupportedException">The library is not there for this system.</exception>
    public NativeTokenizer(Action<Stream> write)
    {
        // The library opens files by path only. The directory is this user's alone, and gone before anyone else could care.
        var directory = Directory.CreateTempSubdirectory("tokenizer-");
        try
        {
            var path = Path.Combine(directory.FullName, "tokenizer.json");
            using (var stream = File.Create(path))
                write(stream);
            _tokenizer = new Tokenizer(path);
        }
        catch (Exception error) when (error is TokenizerException or InvalidOperationException)
        {
            throw new InvalidDataException($"tokenizer.json cannot be used: {error.Message}", error);
        }
        catch (Exception error) when (error is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException)
        {
            throw new PlatformNotSupportedException(
                $"Text generation needs the library hf_tokenizers, which is there for linux-x64, not for {RuntimeInformation.RuntimeIdentifier}.",
                error);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    public uint[] Encode(string text)
    {
        var ids = _tokenizer.Encode(text);
        // Its finalizer would free the instance under a call that is still running.
        GC.KeepAlive(_tokenizer);
        return ids;
    }

    public void Dispose() => _tokenizer.Dispose();
}
