using System.Diagnostics;
using System.Security.Cryptography;
using Serverless.Topology.Layout;
using Serverless.Topology.Processes;

namespace Serverless.Topology.Azurite;

/// <summary>The pinned Azurite of <c>tools/azurite</c>, installed by <c>npm ci</c> when it is first needed.</summary>
public static class AzuriteInstallation
{
    // npm sets no limit on a download that has stopped moving: one was seen to wait for ever. Usually it takes 20 s.
    private static readonly TimeSpan AttemptLimit = TimeSpan.FromMinutes(3);

    private const int Attempts = 3;

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
            await InstallAsync(folder, cancellationToken);
            await File.WriteAllTextAsync(stamp, wanted, cancellationToken);
        }

        return script;
    }

    private static bool IsInstalled(string stamp, string wanted) => File.Exists(stamp) && File.ReadAllText(stamp).Trim() == wanted;

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

    private static async Task InstallAsync(string folder, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(AttemptLimit);
            try
            {
                await RunNpmAsync(folder, limit.Token);
                return;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && attempt < Attempts)
            {
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new ServiceStartException(
                    $"`npm ci` did not finish in {folder} within {AttemptLimit.TotalMinutes} minutes, {Attempts} times.", []);
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
        foreach (var argument in new[] { "ci", "--prefer-offline", "--no-fund", "--no-audit", "--loglevel=error" })
            info.ArgumentList.Add(argument);
        try
        {
            using var npm = Process.Start(info)!;
            await using var killing = cancellationToken.Register(() => npm.Kill(entireProcessTree: true));
            var output = npm.StandardOutput.ReadToEndAsync(CancellationToken.None);
            var errors = npm.StandardError.ReadToEndAsync(CancellationToken.None);
            await npm.WaitForExitAsync(CancellationToken.None);
            cancellationToken.ThrowIfCancellationRequested();
            if (npm.ExitCode != 0)
                throw new ServiceStartException($"`npm ci` failed in {folder}.", [await output, await errors]);
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new ServiceStartException($"npm could not be started ({exception.Message}): install Node.js 20 or newer.", []);
        }
    }
}
