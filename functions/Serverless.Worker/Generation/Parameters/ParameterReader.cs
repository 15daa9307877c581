using System.Text.Json;

namespace Serverless.Worker.Generation.Parameters;

/// <summary>Reads the value of the parameter <paramref name="name"/>, on which the reader stands, and which is not null.</summary>
internal delegate void ParameterReader<in T>(ref Utf8JsonReader reader, string name, T draft)
    where T : GenerationDraft;
