using System.Security.Cryptography;
using Serverless.Topology.Layout;

namespace Serverless.Topology.Platform;

/// <summary>The API key of this user's local platform, so that every command of the CLI finds it.</summary>
public static class DevelopmentKey
{
    /// <summary>A new random key.</summary>
    public static string Create() => "dev-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));

    /// <summary>This user's key, or null before a platform was first started.</summary>
    public static string? Find() => File.Exists(FilePath) ? File.ReadAllText(FilePath).Trim() : null;

    /// <summary>This user's key, made when it is first asked for, in a file that only this user reads.</summary>
    public static string LoadOrCreate()
    {
        if (Find() is { Length: > 0 } key)
            return key;
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        key = Create();

        // Written beside and moved, so that a second process never reads half a key.
        var draft = $"{FilePath}.{Environment.ProcessId}";
        using (var writer = new StreamWriter(draft, options))
            writer.Write(key);
        File.Move(draft, FilePath, overwrite: true);
        return key;
    }

    private static string FilePath => Path.Combine(UserFolder.Path, "development-key");
}
