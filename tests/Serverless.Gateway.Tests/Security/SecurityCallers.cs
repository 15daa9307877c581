namespace Serverless.Gateway.Tests.Security;

/// <summary>What the callers of the table show, by its columns; null where there is no such caller.</summary>
internal sealed record SecurityCallers(string? Reader, string? OtherModel, string? Tenant, string? Stranger, string? Admin)
{
    /// <summary>Each caller that there is, with the status that it gets for <paramref name="row"/>.</summary>
    public IEnumerable<(string Caller, string? Secret, int Expected)> Of(SecurityRow row) => new[]
    {
        (nameof(Reader), Reader, row.Reader),
        (nameof(OtherModel), OtherModel, row.OtherModel),
        (nameof(Tenant), Tenant, row.Tenant),
        (nameof(Stranger), Stranger, row.Stranger),
        (nameof(Admin), Admin, row.Admin),
    }.Where(cell => cell.Item2 is not null);
}
