using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using EPimorfosi.Contracts.Applications;
using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Defaults;
using EPimorfosi.Tests.Servers;

namespace EPimorfosi.Applications.Tests;

public sealed class TeacherTests(SceneFixture fixture) : IClassFixture<SceneFixture>
{
    readonly Scene scene = fixture.Scene;

    [Fact]
    public async Task The_file_comes_out_as_it_went_in_and_again_changes_nothing()
    {
        var numbers = Enumerable.Range(0, 1200).Select(number => $"7{number:00000}").ToArray();
        var report = await Scene.Json(await scene.Import("/api/teachers/import", Scene.Teachers(numbers)));
        Assert.Equal(1200, report["created"]!.GetValue<int>());

        var export = await scene.Office.GetStringAsync("/api/teachers/export.csv");
        Assert.Contains("700000,Μαρία,Νικολάου,t700000@sch.gr,,ΠΕ02,9010001,el,true,true,false,false,false\n", export, StringComparison.Ordinal);
        var again = await Scene.Json(await scene.Import("/api/teachers/import", export));
        Assert.Equal((0, 0, 0), (again["created"]!.GetValue<int>(), again["updated"]!.GetValue<int>(), again["rejected"]!.GetValue<int>()));
        Assert.Equal(export, await scene.Office.GetStringAsync("/api/teachers/export.csv"));

        await Until.True(() => Contacts().Count(contact => contact.RegistryNumber.StartsWith('7')) == 1200, "1200 contacts");
        await scene.Service.Bus.Next<Contracts.Imports.ImportFinished>(told => told is { What: "teachers", Created: 1200 });
        Assert.DoesNotContain(scene.Service.Bus.Heard<Contracts.Imports.ImportFinished>(), told => told.Unchanged == 1200);
        Assert.All(scene.Service.Bus.Heard<TeachersChanged>(), message => Assert.InRange(message.Contacts.Count, 1, 500));
    }

    [Fact]
    public async Task A_change_raises_the_version_of_that_teacher_only()
    {
        await scene.Import("/api/teachers/import", Scene.Teachers(["800001", "800002"]));
        var changed = Scene.Teachers(["800001", "800002"]).Replace("t800002@sch.gr,", "new@sch.gr,+306941234567", StringComparison.Ordinal);
        var report = await Scene.Json(await scene.Import("/api/teachers/import", changed));
        Assert.Equal((1, 1), (report["updated"]!.GetValue<int>(), report["unchanged"]!.GetValue<int>()));

        await Until.True(() => Contacts().Any(contact => contact is { RegistryNumber: "800002", Version: 2, Email: "new@sch.gr", Mobile: "+306941234567" }), "the second version");
        Assert.DoesNotContain(Contacts(), contact => contact is { RegistryNumber: "800001", Version: 2 });
    }

    [Fact]
    public async Task A_file_with_faults_changes_nothing_and_each_is_named_by_line_and_column()
    {
        var csv = Scene.Teachers(["900001", "900002", "900003", "900001"])
            .Replace("t900002@sch.gr", "nonsense", StringComparison.Ordinal)
            .Replace("900003,Μαρία,Νικολάου,t900003@sch.gr,,ΠΕ02,9010001", "900003,Μαρία,Νικολάου,t900003@sch.gr,,ΠΕ99,1234567", StringComparison.Ordinal) + "900004,too,short\n";
        var problem = await Scene.Refused(await scene.Import("/api/teachers/import", csv), 422);
        Assert.Equal(4, problem["rejected"]!.GetValue<int>());
        Assert.Equal(["3 email", "4 specialty", "4 schools", "6 ", "5 registry_number"],
            problem["faults"]!.AsArray().Select(fault => $"{fault!["line"]} {fault["column"]}"));
        Assert.Equal(0, await scene.Ask<long>("select count(*) from teachers where registry_number like '90000%'"));

        var report = await Scene.Json(await scene.Import("/api/teachers/import?partial=true", csv));
        Assert.Equal((1, 4), (report["created"]!.GetValue<int>(), report["rejected"]!.GetValue<int>()));
        Assert.Equal(1, await scene.Ask<long>("select count(*) from teachers where registry_number like '90000%'"));
    }

    [Fact]
    public async Task Semicolons_CRLF_a_BOM_and_a_form_are_as_good()
    {
        var csv = "\uFEFF" + Scene.Teachers(["810001"]).Replace(",", ";", StringComparison.Ordinal).Replace("\n", "\r\n", StringComparison.Ordinal);
        using var form = new MultipartFormDataContent { { new StringContent(csv, Encoding.UTF8, "text/csv"), "file", "teachers.csv" } };
        var report = await Scene.Json(await scene.Office.PostAsync("/api/teachers/import", form));
        Assert.Equal(1, report["created"]!.GetValue<int>());
    }

    [Fact]
    public async Task Bytes_that_are_not_UTF_8_are_refused()
    {
        byte[] greek = [.. Encoding.UTF8.GetBytes(Scene.Teachers(["820001"])), .. new byte[] { 0x38, 0x32, 0xC3, 0x28, 0x0A }];
        using var content = new ByteArrayContent(greek) { Headers = { ContentType = new MediaTypeHeaderValue("text/csv") } };
        await Scene.Refused(await scene.Office.PostAsync("/api/teachers/import", content), 422);
        Assert.Equal(0, await scene.Ask<long>("select count(*) from teachers where registry_number = '820001'"));
    }

    [Fact]
    public async Task A_body_of_100_MB_is_refused()
    {
        using var content = new StreamContent(new Zeros(100 << 20)) { Headers = { ContentType = new MediaTypeHeaderValue("text/csv") } };
        try
        {
            await Scene.Refused(await scene.Office.PostAsync("/api/teachers/import", content), 413);
        }
        catch (HttpRequestException)
        {
            // The server hung up before the client had sent it all.
        }
    }

    [Fact]
    public async Task Before_the_reference_data_the_file_is_asked_for_later()
    {
        await using var bare = await ServiceUnderTest<Program>.Start();
        var answer = await bare.As(Policies.Office).PostAsync("/api/teachers/import", new StringContent(Scene.Teachers(["1"]), Encoding.UTF8, "text/csv"));
        await Scene.Refused(answer, 503);
    }

    [Fact]
    public async Task The_office_finds_a_teacher_by_number_or_name_and_nobody_else_may()
    {
        Assert.Equal("Νικολάου", (await Scene.Json(await scene.Office.GetAsync($"/api/teachers/{Scene.Number(1)}")))["lastName"]!.GetValue<string>());
        await Scene.Refused(await scene.Office.GetAsync("/api/teachers/nobody"), 404);
        var page = await Scene.Json(await scene.Office.GetAsync("/api/teachers?q=10000&pageSize=5"));
        Assert.Equal((5, 9L), (page["items"]!.AsArray().Count, page["total"]!.GetValue<long>()));
        Assert.Equal(0, (await Scene.Json(await scene.Office.GetAsync("/api/teachers?q=%25_")))["total"]!.GetValue<long>());

        foreach (var address in new[] { "/api/teachers", "/api/teachers/export.csv", $"/api/teachers/{Scene.Number(1)}" })
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await scene.Teacher(1).GetAsync(address)).StatusCode);
            Assert.Equal(HttpStatusCode.Unauthorized, (await scene.Service.Anyone().GetAsync(address)).StatusCode);
        }
        Assert.Equal(HttpStatusCode.Forbidden, (await scene.Teacher(1).PostAsync("/api/teachers/import", new StringContent("", Encoding.UTF8, "text/csv"))).StatusCode);
    }

    [Fact]
    public async Task What_a_teacher_corrected_is_not_overwritten_by_the_next_import_unless_the_office_says_so()
    {
        var (file, me) = (Scene.Teachers(["830001", "830002"]), scene.Service.As(Policies.Teacher, "t830001", "830001"));
        await scene.Import("/api/teachers/import", file);
        (await me.PutAsJsonAsync("/api/teachers/me/contacts", new { email = "mine@home.gr", mobile = "6941234567", language = "en", version = 1 })).EnsureSuccessStatusCode();

        var report = await Scene.Json(await scene.Import("/api/teachers/import", file));
        Assert.Equal((0, 2, 1), (report["updated"]!.GetValue<int>(), report["unchanged"]!.GetValue<int>(), report["contactsKept"]!.GetValue<int>()));
        var promoted = file.Replace("830001,Μαρία,Νικολάου", "830001,Μαρία,Παππά", StringComparison.Ordinal);
        report = await Scene.Json(await scene.Import("/api/teachers/import", promoted));
        Assert.Equal((1, 1), (report["updated"]!.GetValue<int>(), report["contactsKept"]!.GetValue<int>()));
        var kept = await Scene.Json(await me.GetAsync("/api/teachers/me"));
        Assert.Equal(("Παππά", "mine@home.gr", "6941234567", "en"), (kept["lastName"]!.GetValue<string>(), kept["email"]!.GetValue<string>(), kept["mobile"]!.GetValue<string>(), kept["language"]!.GetValue<string>()));

        report = await Scene.Json(await scene.Import("/api/teachers/import?contacts=overwrite", promoted));
        Assert.Equal((1, 0), (report["updated"]!.GetValue<int>(), report["contactsKept"]!.GetValue<int>()));
        Assert.Equal("t830001@sch.gr", (await Scene.Json(await me.GetAsync("/api/teachers/me")))["email"]!.GetValue<string>());
        report = await Scene.Json(await scene.Import("/api/teachers/import", file));
        Assert.Equal((1, 0), (report["updated"]!.GetValue<int>(), report["contactsKept"]!.GetValue<int>())); // the file's again
    }

    [Fact]
    public async Task Contacts_are_erased_unless_a_period_holds_the_teacher_and_the_file_brings_them_back()
    {
        await scene.Put(19, "A1");
        var me = scene.Teacher(19);
        Assert.Equal("B2-TEST", Assert.Single((await Scene.Json(await me.GetAsync("/api/teachers/me/erasure")))["heldBy"]!.AsArray())!.GetValue<string>());
        await Scene.Refused(await me.PostAsync("/api/teachers/me/erasure", null), 409);
        Assert.Equal("t100019@sch.gr", (await Scene.Json(await me.GetAsync("/api/teachers/me")))["email"]!.GetValue<string>());

        (await me.DeleteAsync($"/api/applications/{Scene.P}")).EnsureSuccessStatusCode();
        Assert.Equal(HttpStatusCode.NoContent, (await me.PostAsync("/api/teachers/me/erasure", null)).StatusCode);
        Assert.Equal("", (await Scene.Json(await me.GetAsync("/api/teachers/me")))["email"]!.GetValue<string>());
        await Until.True(() => scene.Service.Bus.Heard<TeacherErased>().Any(erased => erased is { RegistryNumber: "100019", Version: 2 }), "the others to be told");
        Assert.DoesNotContain("100019", await scene.Office.GetStringAsync("/api/teachers/export.csv"), StringComparison.Ordinal);
        Assert.Equal(2, await scene.Ask<long>("select count(*) from receipts where registry_number = '100019'")); // R15: kept for ever

        await scene.Import("/api/teachers/import", Scene.Teachers(["100019"]));
        Assert.Equal("t100019@sch.gr", (await Scene.Json(await me.GetAsync("/api/teachers/me")))["email"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("2023-06-30", true, false, true)]
    [InlineData("2023-06-30", false, true, true)]
    [InlineData("2023-06-30", false, false, false)]
    [InlineData("2023-07-01", true, true, false)]
    public void A_period_holds_its_teachers_to_its_last_day(string today, bool stands, bool seat, bool held) =>
        Assert.Equal(held, Erasing.Holds(Scene.Period, stands, seat, DateOnly.Parse(today, System.Globalization.CultureInfo.InvariantCulture)));

    [Fact]
    public void Every_route_names_its_policy() => Assert.Empty(scene.Service.RoutesWithoutPolicy());

    [Fact]
    public async Task Copies_keep_the_highest_version_in_whatever_order_they_come()
    {
        var newer = Scene.Period with { Code = "B2-ORDER", Version = 3, Level = "newer" };
        await scene.Publish(newer, EligibilityTable.Programme("X") with { Version = 5, Title = "newer" });
        await scene.Service.Bus.Publish(new PeriodChanged(newer with { Version = 2, Level = "older" }));
        await scene.Service.Bus.Publish(new ProgrammesPublished("B2-ORDER", [EligibilityTable.Programme("X") with { Version = 4, Title = "older" }, EligibilityTable.Programme("Y")]));
        await scene.Until("select count(*) = 1 from programmes where period = 'B2-ORDER' and code = 'Y'", "the late message");
        await scene.Until("select count(*) = 3 from inbox where endpoint like '%period-changed'", "the late period");
        Assert.Equal("newer", await scene.Ask<string>("select body ->> 'title' from programmes where period = 'B2-ORDER' and code = 'X'"));
        Assert.Equal("newer", await scene.Ask<string>("select body ->> 'level' from periods where code = 'B2-ORDER'"));
    }

    IEnumerable<Contact> Contacts() => scene.Service.Bus.Heard<TeachersChanged>().SelectMany(message => message.Contacts);

    /// <summary>A long body that is not held in memory.</summary>
    sealed class Zeros(long length) : Stream
    {
        long left = length;

        public override int Read(byte[] buffer, int offset, int count)
        {
            var now = (int)Math.Min(count, left);
            Array.Fill(buffer, (byte)'0', offset, now);
            left -= now;
            return now;
        }

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
        public override void Flush() { }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
