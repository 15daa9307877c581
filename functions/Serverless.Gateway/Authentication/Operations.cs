namespace Serverless.Gateway.Authentication;

/// <summary>What a caller may do.</summary>
[Flags]
internal enum Operations
{
    None = 0,

    /// <summary>List and show models, files, batches and results.</summary>
    Read = 1,

    /// <summary>Have models run, at once or later.</summary>
    Infer = 2,

    /// <summary>Upload and delete files; create, cancel and re-drive batches.</summary>
    Write = 4,

    /// <summary>Operators' endpoints: keys, tenants, the audit log, models, metrics.</summary>
    Admin = 8,

    /// <summary>All that is not for operators.</summary>
    Data = Read | Infer | Write,

    All = Data | Admin,
}
