using System.ComponentModel;
using Azure.Storage.Blobs;
using Microsoft.Extensions.Configuration;
using Serverless.Models.Storage;
using Serverless.Topology.Azurite;
using Spectre.Console.Cli;

namespace Serverless.Cli.Models;

/// <summary>Options of every command that reads or writes the model store.</summary>
internal class StoreSettings : CommandSettings
{
    [CommandOption("--store <STORE>")]
    [Description("Container URL (used with your Azure identity), connection string of a storage emulator, or a folder. "
        + "Default: $INFER_STORE, or the local platform's Azurite.")]
    public string? Store { get; init; }

    public IModelStore Open()
    {
        var store = Store ?? Environment.GetEnvironmentVariable("INFER_STORE") ?? AzuritePorts.Usual.ConnectionString;
        var isConnectionString = store.Contains("AccountName=", StringComparison.OrdinalIgnoreCase)
            || store.StartsWith("UseDevelopmentStorage=", StringComparison.OrdinalIgnoreCase);
        return isConnectionString
            ? ModelStores.InBlobStorage(new BlobServiceClient(store))
            : ModelStores.Open(store, new ConfigurationBuilder().AddEnvironmentVariables().Build());
    }
}
