using Serverless.Contracts.Jobs;
using Serverless.Gateway.Authentication;

namespace Serverless.Gateway.Jobs;

/// <summary>Whose files and batches these are: everything is kept apart by the name of the tenant.</summary>
internal static class Tenant
{
    /// <summary>The partition key of a caller.</summary>
    public static string Of(Caller caller) => TenantKey.Of(caller.Name);
}
