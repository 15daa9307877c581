namespace Serverless.Worker.Json;

/// <summary>A number as it is written: <c>±Digits · 10^Exponent</c>.</summary>
internal readonly record struct Decimal64(ulong Digits, int Exponent, bool Negative);
