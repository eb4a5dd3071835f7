using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using EPimorfosi.Contracts.Applications;
using EPimorfosi.Defaults;
using EPimorfosi.Tests.Servers;

namespace EPimorfosi.Applications.Tests;

public sealed class ApplicationTests(SceneFixture fixture) : IClassFixture<SceneFixture>
{
    const string Address = $"/api/applications/{Scene.P}";
    readonly Scene scene = fixture.Scene;

    [Fact]
    public async Task I9_a_ticket_survives_edits_withdrawal_and_re_application_and_versions_have_no_gap()
    {
        var first = await Receipt(await scene.Put(1, "A1", "B1"));
        var second = await Receipt(await scene.Put(1, "A2"));
        var withdrawn = await Receipt(await scene.Teacher(1).DeleteAsync(Address));
        var third = await Receipt(await scene.Put(1, "A1", "B1"));

        Assert.Equal([1, 2, 3, 4], new[] { first, second, withdrawn, third }.Select(receipt => receipt.Version));
        Assert.Single(new[] { first, second, withdrawn, third }.Select(receipt => receipt.Ticket).Distinct());
        Assert.Equal(first.Digest, third.Digest);

        var receipts = (await Scene.Json(await scene.Teacher(1).GetAsync($"{Address}/receipts")))["items"]!.AsArray();
        Assert.Equal([1, 2, 3, 4], receipts.Select(receipt => receipt!["version"]!.GetValue<int>()));
        Assert.Equal([false, false, true, false], receipts.Select(receipt => receipt!["withdrawn"]!.GetValue<bool>()));

        var told = await scene.Service.Bus.Next<ApplicationsReceived>(message => message.Applications.Any(one => one.Ticket == first.Ticket && one.Version == 4));
        Assert.Equal(["A1", "B1"], told.Applications.Single(one => one.Ticket == first.Ticket).Preferences);
        var issued = scene.Service.Bus.Heard<TicketsIssued>().SelectMany(message => message.Holders).Where(holder => holder.RegistryNumber == Scene.Number(1));
        Assert.Equal(first.Ticket, Assert.Single(issued).Ticket);
    }

    [Fact]
    public async Task Anyone_can_recompute_the_digest_of_a_receipt()
    {
        var receipt = await Receipt(await scene.Put(2, "A2", "A1"));
        Assert.Equal($"{receipt.Ticket}|B2.1|A2,A1\n", receipt.Line);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(receipt.Line))), receipt.Digest);
    }

    [Fact]
    public async Task The_same_list_again_makes_no_new_version()
    {
        var first = await Receipt(await scene.Put(3, "A1"));
        Assert.Equal(first, await Receipt(await scene.Put(3, "A1")));
        await Receipt(await scene.Teacher(3).DeleteAsync(Address));
        Assert.Equal(2, (await Receipt(await scene.Teacher(3).DeleteAsync(Address))).Version);
    }

    [Fact]
    public async Task Two_submissions_of_one_teacher_at_once_go_one_after_the_other()
    {
        string[][] lists = [["A1"], ["A2"], ["B1"], ["A1", "A2"], ["A1", "B1"], ["A2", "B1"], ["A2", "A1"], ["A1", "A2", "B1"]];
        var receipts = await Task.WhenAll(Enumerable.Range(0, 24).Select(async index => await Receipt(await scene.Put(4, lists[index % lists.Length]))));

        Assert.Single(receipts.Select(receipt => receipt.Ticket).Distinct());
        var versions = receipts.Select(receipt => receipt.Version).Distinct().Order().ToArray();
        Assert.Equal(Enumerable.Range(1, versions.Length), versions);
        Assert.Equal(versions.Length, await scene.Ask<long>($"select count(*) from receipts where registry_number = '{Scene.Number(4)}'"));
    }

    [Fact]
    public async Task A_refusal_names_every_fault_in_the_callers_language()
    {
        var body = new { preferences = new[] { "B1", "A1", "MATH", "FAR", "NONE" }, declarations = new { teachingNow = false } };
        var english = await Scene.Refused(await scene.Teacher(5).PutAsJsonAsync(Address, body), 422, "R8");
        Assert.Equal(["R8 ", "R11 MATH", "R5 FAR", "R7 NONE", "R13 A1", "R13 MATH", "R13 FAR"],
            english["faults"]!.AsArray().Select(fault => $"{fault!["rule"]} {fault["programme"]}"));
        Assert.Equal("Programme MATH is of another cluster than your application.", english["faults"]![1]!["reason"]!.GetValue<string>());

        var greek = await Scene.Refused(await scene.Teacher(5, "el").PutAsJsonAsync(Address, body), 422, "R8");
        Assert.Equal("Το πρόγραμμα MATH ανήκει σε άλλη συστάδα από αυτή της αίτησής σας.", greek["faults"]![1]!["reason"]!.GetValue<string>());
        await Scene.Refused(await scene.Teacher(5).GetAsync(Address), 404);
    }

    [Fact]
    public async Task The_options_say_beforehand_what_is_allowed_and_why_not()
    {
        var page = await Scene.Json(await scene.Teacher(6).GetAsync($"{Address}/options"));
        Assert.Equal(["A1 True ", "A2 True ", "B1 True ", "FAR False R5"],
            page["items"]!.AsArray().Select(option => $"{option!["code"]} {option["allowed"]!.GetValue<bool>()} {option["rule"]}"));
        Assert.Equal("B2.1", Assert.Single(page["clusters"]!.AsArray())!.GetValue<string>());
    }

    [Fact]
    public async Task A_teacher_sees_only_their_own_and_the_office_needs_a_reason()
    {
        await Receipt(await scene.Put(7, "A1"));
        foreach (var address in new[] { Address, $"{Address}/receipts", $"{Address}/options" })
        {
            await Scene.Refused(await scene.Teacher(8).GetAsync($"{address}?teacher={Scene.Number(7)}"), 403);
            Assert.Equal(HttpStatusCode.Forbidden, (await scene.Service.As(Policies.Centre).GetAsync(address)).StatusCode);
            Assert.Equal(HttpStatusCode.Unauthorized, (await scene.Service.Anyone().GetAsync(address)).StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await scene.Office.GetAsync($"{address}?teacher={Scene.Number(7)}")).StatusCode);
        }
        await Scene.Refused(await scene.Teacher(8).DeleteAsync($"{Address}?teacher={Scene.Number(7)}&reason=spite"), 403);
        await Scene.Refused(await scene.Office.DeleteAsync($"{Address}?teacher={Scene.Number(7)}"), 422, "R31");
        await Scene.Refused(await scene.Office.DeleteAsync(Address), 400);
        await Scene.Refused(await scene.Office.DeleteAsync($"{Address}?teacher=no%00body&reason=x"), 404);

        await Receipt(await scene.Office.DeleteAsync($"{Address}?teacher={Scene.Number(7)}&reason=by%20letter"));
        var last = (await Scene.Json(await scene.Teacher(7).GetAsync($"{Address}/receipts")))["items"]![1]!;
        Assert.Equal(("maria (maria)", "by letter"), (last["actedBy"]!.GetValue<string>(), last["actReason"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("{", 400)]
    [InlineData("{\"preferences\":7}", 400)]
    [InlineData("{}", 422)]
    [InlineData("null", 400)]
    [InlineData("{\"preferences\":[null,\"\"],\"declarations\":{\"teachingNow\":true}}", 422)]
    public async Task A_body_that_makes_no_sense_is_refused(string body, int status)
    {
        var answer = await scene.Teacher(9).PutAsync(Address, new StringContent(body, Encoding.UTF8, "application/json"));
        await Scene.Refused(answer, status, status == 422 ? body == "{}" ? "R8" : "R7" : null);
    }

    [Fact]
    public async Task An_unknown_period_or_teacher_is_not_found()
    {
        await Scene.Refused(await scene.Teacher(1).GetAsync("/api/applications/NONE/options"), 404);
        await Scene.Refused(await scene.Teacher(1).PutAsJsonAsync("/api/applications/NONE", new { preferences = new[] { "A1" } }), 404);
        await Scene.Refused(await scene.Teacher(9999).PutAsJsonAsync(Address, new { preferences = new[] { "A1" }, declarations = new { teachingNow = true } }), 404);
    }

    [Fact]
    public async Task The_application_shows_where_it_stands()
    {
        var receipt = await Receipt(await scene.Put(10, "A1", "B1"));
        var view = await Scene.Json(await scene.Teacher(10).GetAsync(Address));
        Assert.Equal((receipt.Ticket, "Submitted", receipt.Digest), (view["ticket"]!.GetValue<string>(), view["status"]!.GetValue<string>(), view["digest"]!.GetValue<string>()));
        Assert.Equal(["A1", "B1"], view["preferences"]!.AsArray().Select(code => code!.GetValue<string>()));
    }

    internal static async Task<SubmissionReceipt> Receipt(HttpResponseMessage answer)
    {
        Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        return (await answer.Content.ReadFromJsonAsync<SubmissionReceipt>())!;
    }
}
