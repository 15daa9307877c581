namespace Serverless.Gateway.Tests.Security;

/// <summary>A request, and the status that each kind of caller gets for it.</summary>
/// <param name="Function">The function that answers.</param>
/// <param name="Request">Method and path; <c>{file}</c>, <c>{batch}</c> and <c>{operation}</c> stand for ids of what the tenant really has.</param>
/// <param name="Body">JSON to send; null for none.</param>
/// <param name="Reader">The tenant's, allowed to read alone.</param>
/// <param name="OtherModel">The tenant's, for a model that the request does not name.</param>
/// <param name="Tenant">The tenant's, for the model.</param>
/// <param name="Stranger">Another tenant's.</param>
/// <param name="Admin">An operator's, of yet another tenant.</param>
/// <param name="Header">One more header, as <c>name: value</c>.</param>
internal sealed record SecurityRow(
    string Function, string Request, string? Body, int Reader, int OtherModel, int Tenant, int Stranger, int Admin, string? Header = null)
{
    public string Method => Request.Split(' ')[0];

    public string Path => Request.Split(' ')[1];
}
