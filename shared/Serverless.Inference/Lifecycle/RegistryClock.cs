using Microsoft.Extensions.Logging;

namespace Serverless.Inference.Lifecycle;

/// <summary>Time and log of a <see cref="ModelRegistry"/>.</summary>
internal sealed record RegistryClock(TimeProvider Time, ILogger<ModelRegistry> Logger);
