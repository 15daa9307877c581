using System.Diagnostics;
using System.Security.Cryptography;
using Serverless.Topology.Layout;
using Serverless.Topology.Processes;

namespace Serverless.Topology.Azurite;

/// <summary>The pinned Azurite of <c>tools/azurite</c>, installed by <c>npm ci</c> when it is first needed.</summary>
public static class AzuriteInstallation
{
    /// <summary>Installs Azurite unless it is there, and returns its entry script.</summary>
    /// <exception cref="ServiceStartException">npm is missing or failed.</exception>
    public static async Task<string> EnsureAsync(Repository repository, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(repository.Root, "tools", "azurite");
        var script = Path.Combine(folder, "node_modules", "azurite", "dist", "src", "azurite.js");
        var lockFile = await File.ReadAllBytesAsync(Path.Combine(folder, "package-lock.json"), cancellationToken);
        var wanted = Convert.ToHexStringLower(SHA256.HashData(lockFile));

        // The stamp is written last, so a killed installation is never taken for a whole one.
        var stamp = Path.Combine(folder, "node_modules", ".installed");
        if (IsInstalled(stamp, wanted))
            return script;

        await using var installing = await LockAsync(Path.Combine(folder, "node_modules.lock"), cancellationToken);
        if (!IsInstalled(stamp, wanted))
        {
            await RunNpmAsync(folder, cancellationToken);
            await File.WriteAllTextAsync(stamp, wanted, cancellationToken);
        }

        return script;
    }

    private static bool IsInstalled(string stamp, string wanted) => File.Exists(stamp) && File.ReadAllText(stamp) == wanted;

    /// <summary>A lock between processes: several test assemblies or terminals may want Azurite at once.</summary>
    private static async Task<FileStream> LockAsync(string path, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (!cancellationToken.IsCancellationRequested)
            {
                await Task.Delay(200, cancellationToken);
            }
        }
    }

    private static async Task RunNpmAsync(string folder, CancellationToken cancellationToken)
    {
        var info = new ProcessStartInfo
        {
            FileName = OperatingSystem.IsWindows() ? "npm.cmd" : "npm",
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.ArgumentList.Add("ci");
        info.ArgumentList.Add("--no-fund");
        info.ArgumentList.Add("--no-audit");
        info.ArgumentList.Add("--loglevel=error");
        try
        {
            using var npm = Process.Start(info)!;
            var output = npm.StandardOutput.ReadToEndAsync(cancellationToken);
            var errors = npm.StandardError.ReadToEndAsync(cancellationToken);
            await npm.WaitForExitAsync(cancellationToken);
            if (npm.ExitCode != 0)
                throw new ServiceStartException($"`npm ci` failed in {folder}.", [await output, await errors]);
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new ServiceStartException($"npm could not be started ({exception.Message}): install Node.js 20 or newer.", []);
        }
    }
}
