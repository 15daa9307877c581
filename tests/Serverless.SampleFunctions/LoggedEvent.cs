namespace Serverless.SampleFunctions;

/// <summary>An entry of the <see cref="EventLog"/>.</summary>
public sealed record LoggedEvent(DateTimeOffset At, string Detail);
