using Serverless.Conformance.Clients;
using Serverless.Conformance.Data;
using Serverless.Conformance.Runs;

namespace Serverless.Conformance;

/// <summary>
/// ONNX's own backend cases through a real worker process: over HTTP in binary and in JSON, and over gRPC. The counts are those of
/// libonnx-testdata 1.12.0 under ONNX Runtime 1.31 on a CPU.
/// </summary>
public sealed class ConformanceTests(ConformanceFixture fixture) : IClassFixture<ConformanceFixture>
{
    // Cases of nothing but tensors with a datatype of the protocol which ONNX Runtime alone passes.
    private const int Passing = 959;

    // Those of them that JSON can carry: 15 have 16-bit floats, 4 have inputs that are not finite.
    private const int PassingInJson = 940;

    // Those of them in plain JSON; of the other 17 one has no input, 12 have empty tensors, 4 have answers with null for NaN or infinity.
    private const int PassingInPlainJson = 923;

    private const int All = 1072;

    [Fact]
    public void BinaryHttp_CasesThatPlainRuntimePasses_AllPass() => AssertAllPass(Passing, report => report.Binary);

    [Fact]
    public void Grpc_CasesThatPlainRuntimePasses_AllPass() => AssertAllPass(Passing, report => report.Grpc);

    [Fact]
    public void Json_CasesThatItCanCarry_AllPass()
    {
        AssertAllPass(PassingInJson, report => report.Json);
        AssertAllPass(PassingInPlainJson, report => JsonHttp.IsPlain(report.Plain.Inputs, report.Plain.Outputs) ? report.Json : null);
    }

    [Fact]
    public void EveryCase_IsAnsweredWithoutAnInternalError()
    {
        SkipUnlessInstalled();
        Assert.Equal(All, fixture.Reports.Count);
        AssertNone(fixture.Reports.Where(report => report.Verdicts.Any(verdict => verdict.Status == 500)), report => report.Binary);
    }

    [Fact]
    public void ModelsThatPlainRuntimeCannotLoad_AreRefusedWithItsReason()
    {
        SkipUnlessInstalled();
        var refused = fixture.Reports.Where(report => report.Plain.Outcome == PlainOutcome.NotLoaded).ToList();
        Assert.NotEmpty(refused);
        AssertNone(refused.Where(report => !IsRefusal(report.Binary!, ReasonOf(report))), report => report.Binary);
        AssertNone(refused.Where(report => !IsRefusal(report.Grpc!, ReasonOf(report))), report => report.Grpc);
    }

    [Fact]
    public void ModelsWithOtherTypes_AreRefused()
    {
        SkipUnlessInstalled();
        var refused = fixture.Reports.Where(report => report.Plain.Outcome == PlainOutcome.OtherTypes).ToList();
        Assert.NotEmpty(refused);
        AssertNone(refused.Where(report => !IsRefusal(report.Binary!, "only tensors")), report => report.Binary);
    }

    [Fact]
    public void ModelsThatTheBindingCannotDescribe_AreRefused()
    {
        SkipUnlessInstalled();
        Assert.Equal(UnbindableGraphs.Types.Keys.Order(), fixture.Unbindable.Keys.Order());
        Assert.All(fixture.Unbindable.Values, answer => Assert.True(
            answer.Status == 503 && answer.Error!.Contains("no protocol carries", StringComparison.Ordinal), $"{answer.Status} {answer.Error}"));
    }

    private void AssertAllPass(int count, Func<CaseReport, Verdict?> verdict)
    {
        SkipUnlessInstalled();
        var passing = fixture.Reports.Where(report => report.Plain.Outcome == PlainOutcome.Passes && verdict(report) is not null).ToList();
        AssertNone(passing.Where(report => verdict(report)!.Fault is not null), verdict);
        Assert.Equal(count, passing.Count);
    }

    private static void AssertNone(IEnumerable<CaseReport> reports, Func<CaseReport, Verdict?> verdict)
    {
        var faults = reports.Select(report => $"{report.Case.Title} ({report.Plain.Outcome}): {verdict(report)?.Status} {verdict(report)?.Fault}").ToList();
        Assert.True(faults.Count == 0, $"{faults.Count} cases:\n{string.Join('\n', faults.Order(StringComparer.Ordinal).Take(30))}");
    }

    // ONNX Runtime also names the file, which the worker does not have; and the worker cuts a long reason.
    private static string ReasonOf(CaseReport report)
    {
        var line = report.Plain.Reason!.Split('\r', '\n')[0].Trim();
        var file = line.IndexOf(" failed:", StringComparison.Ordinal);
        var reason = line.Contains("Load model from", StringComparison.Ordinal) && file >= 0 ? line[(file + " failed:".Length)..] : line;
        return reason[..Math.Min(reason.Length, 60)];
    }

    private static bool IsRefusal(Verdict verdict, string reason) =>
        verdict.Status == 503 && verdict.Fault!.Contains(reason, StringComparison.Ordinal);

    private static void SkipUnlessInstalled() =>
        Assert.SkipUnless(TestData.IsInstalled, $"Debian's package {TestData.Package} is not installed.");
}
