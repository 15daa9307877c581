namespace Serverless.Models.Aliases;

/// <summary>Aliases that mean something by themselves.</summary>
public static class AliasNames
{
    /// <summary>The newest version, wherever models are named; it moves with each publication and cannot be pointed elsewhere.</summary>
    public const string Latest = "latest";
}
