using Serverless.Models.Storage;
using Serverless.TestKit;

namespace Serverless.Models.Tests.Storage;

public sealed class FolderAliasTests : AliasContract
{
    private readonly TemporaryFolder _folder = new();

    private protected override IObjectStorage Storage => new DirectoryObjectStorage(_folder.File("store"));

    public override void Dispose()
    {
        base.Dispose();
        _folder.Dispose();
    }
}
