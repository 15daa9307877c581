using System.Globalization;
using Onnx;
using static Onnx.TensorProto.Types;

namespace Serverless.Inference.Onnx.Preparation;

/// <summary>Where a tensor's bytes lie when they are not in the model itself.</summary>
internal readonly record struct ExternalData(string Location, long Offset, long? Length)
{
    public static bool Has(TensorProto tensor) => tensor.DataLocation == DataLocation.External;

    /// <exception cref="ModelRefusedException">The entries make no sense.</exception>
    public static ExternalData Of(TensorProto tensor)
    {
        var location = Entry(tensor, "location");
        if (string.IsNullOrEmpty(location))
            throw new ModelRefusedException($"its tensor '{tensor.Name}' names no file for its external data");
        return new ExternalData(location, Number(tensor, "offset") ?? 0, Number(tensor, "length"));
    }

    public static void Set(TensorProto tensor, string location, long offset, long length)
    {
        tensor.DataLocation = DataLocation.External;
        tensor.ExternalData.Clear();
        Add("location", location);
        Add("offset", offset.ToString(CultureInfo.InvariantCulture));
        Add("length", length.ToString(CultureInfo.InvariantCulture));

        void Add(string key, string value) => tensor.ExternalData.Add(new StringStringEntryProto { Key = key, Value = value });
    }

    private static string? Entry(TensorProto tensor, string key) => tensor.ExternalData.LastOrDefault(entry => entry.Key == key)?.Value;

    private static long? Number(TensorProto tensor, string key)
    {
        if (Entry(tensor, key) is not { } text)
            return null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new ModelRefusedException($"the {key} of the external data of its tensor '{tensor.Name}' is not a number: '{text}'");
    }
}
