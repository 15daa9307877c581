using System.Reflection;
using Serverless.SampleModels.Decoders;

namespace Serverless.SampleModels;

/// <summary>
/// A language model of 0.9 million parameters, trained on the King James Bible by samples/TinyLm: continues texts, and answers a verse with
/// another. Its package is part of this repository.
/// </summary>
public static class TinyLm
{
    /// <summary>What it is called when pushed.</summary>
    public const string Name = "tinylm";

    /// <summary>The package's folder.</summary>
    public static string Folder
    {
        get
        {
            var path = typeof(TinyLm).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(item => item.Key == "TinyLmFolder").Value!;
            return Directory.Exists(path) ? path : throw new DirectoryNotFoundException($"The package of the sample model {Name} is not at {path}.");
        }
    }

    /// <summary>The graph.</summary>
    public static string Graph => Path.Combine(Folder, DecoderBuilder.GraphFile);
}
