using System.Text.Json;

namespace Serverless.Cli.Api;

/// <summary>A successful answer.</summary>
/// <param name="Body">Its JSON.</param>
/// <param name="ServerTiming">Values of its <c>Server-Timing</c> headers.</param>
internal sealed record ApiAnswer(JsonElement Body, string[] ServerTiming);
