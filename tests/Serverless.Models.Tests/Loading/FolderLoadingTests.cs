using Serverless.Models.Storage;
using Serverless.TestKit;

namespace Serverless.Models.Tests.Loading;

public sealed class FolderLoadingTests : LoadingContract
{
    private readonly TemporaryFolder _folder = new();

    private protected override IObjectStorage Storage => new DirectoryObjectStorage(_folder.File("store"));

    public override void Dispose()
    {
        base.Dispose();
        _folder.Dispose();
    }
}
