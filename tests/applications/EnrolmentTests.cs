using System.Net;
using EPimorfosi.Contracts.Applications;
using EPimorfosi.Defaults;
using EPimorfosi.Tests.Servers;

namespace EPimorfosi.Applications.Tests;

public sealed class EnrolmentTests : IAsyncLifetime
{
    const string Confirm = $"/api/enrolments/{Scene.P}/confirm";
    const string Decline = $"/api/enrolments/{Scene.P}/decline";
    Scene scene = null!;

    public async ValueTask InitializeAsync()
    {
        scene = await Scene.Start();
        var receipts = await Task.WhenAll(Enumerable.Range(1, 2).Select(async teacher => await ApplicationTests.Receipt(await scene.Put(teacher, "A1"))));
        await scene.OpenPhaseB([.. receipts.Select(receipt => (receipt.Ticket, "A1"))]);
    }

    public ValueTask DisposeAsync() => scene.DisposeAsync();

    [Fact]
    public async Task R28_a_seat_is_confirmed_or_declined_in_the_days_of_enrolment()
    {
        await Scene.Refused(await scene.Teacher(1).PostAsync(Confirm, null), 409, "R30");
        scene.Clock.SetUtcNow(Scene.Period.Enrolment.Opens);

        var first = await Scene.Json(await scene.Teacher(1).PostAsync(Confirm, null));
        Assert.Equal(("A1", true), (first["programme"]!.GetValue<string>(), first["confirmed"]!.GetValue<bool>()));
        Assert.Equal(first.ToJsonString(), (await Scene.Json(await scene.Teacher(1).PostAsync(Confirm, null))).ToJsonString());
        await scene.Service.Bus.Next<EnrolmentAnswered>(message => message is { Confirmed: true, Programme: "A1" });
        await Scene.Refused(await scene.Teacher(3).PostAsync(Confirm, null), 409, "R28"); // has no seat
        Assert.Equal(HttpStatusCode.Forbidden, (await scene.Service.As(Policies.Trainer).PostAsync(Confirm, null)).StatusCode);

        scene.Clock.SetUtcNow(Scene.Period.Enrolment.Closes.AddSeconds(1));
        await Scene.Refused(await scene.Teacher(2).PostAsync(Confirm, null), 409, "R28");
        Assert.Single(scene.Service.Bus.Heard<EnrolmentAnswered>());
    }

    [Fact]
    public async Task A_decline_gives_the_seat_up_once_and_for_good()
    {
        scene.Clock.SetUtcNow(Scene.Period.Enrolment.Opens);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => scene.Teacher(2).PostAsync(Decline, null)));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        await Scene.Refused(await scene.Teacher(2).PostAsync(Confirm, null), 409, "R28");

        await scene.Service.Bus.Next<EnrolmentAnswered>(message => !message.Confirmed);
        var told = await scene.Service.Bus.Next<SeatRequestsAccepted>();
        var release = Assert.Single(told.Requests);
        Assert.Equal((1L, null, SeatRequestKind.Release), (release.Order, release.Sequence, release.Kind));
        Assert.Equal(1, await scene.Ask<long>("select count(*) from seat_requests"));
    }

    [Fact]
    public async Task A_centre_sees_the_names_of_its_own_members_once_the_results_are_public() // R19, R28
    {
        var own = Scene.Programmes.Single(programme => programme.Code == "A1").Centre;
        var centre = scene.Service.As(Policies.Centre, "centre", centre: own);
        scene.Clock.SetUtcNow(Scene.Period.Enrolment.Opens);
        (await scene.Teacher(1).PostAsync(Confirm, null)).EnsureSuccessStatusCode();
        var members = (await Scene.Json(await centre.GetAsync($"/api/enrolments/{Scene.P}/members?programme=A1")))["items"]!.AsArray();
        Assert.Equal(["Νικολάου Μαρία ΠΕ02 1ο Γυμνάσιο true", "Νικολάου Μαρία ΠΕ02 1ο Γυμνάσιο "], members.Select(member => $"{member!["lastName"]} {member["firstName"]} {member["specialty"]} {member["schools"]} {member["confirmed"]}").OrderDescending());
        await Scene.Refused(await scene.Service.As(Policies.Centre, "other", centre: "9999999").GetAsync($"/api/enrolments/{Scene.P}/members?programme=A1"), 404);
        Assert.Equal(HttpStatusCode.Forbidden, (await scene.Teacher(1).GetAsync($"/api/enrolments/{Scene.P}/members?programme=A1")).StatusCode);
        var trainer = scene.Service.As(Policies.Trainer, "trainer", "T-7");
        await Scene.Refused(await trainer.GetAsync($"/api/enrolments/{Scene.P}/members?programme=A1"), 404);
        await scene.Service.Bus.Publish(new Contracts.Programmes.TrainersAssigned(Scene.P, [new("A1", 1, ["T-6", "T-7"]), new("A2", 1, ["T-6"])]));
        await Until.True(async () => (await trainer.GetAsync($"/api/enrolments/{Scene.P}/members?programme=A1")).StatusCode == HttpStatusCode.OK, "the trainers to be known");
        await Scene.Refused(await trainer.GetAsync($"/api/enrolments/{Scene.P}/members?programme=A2"), 404);

        await using var early = await Scene.Start(1);
        var before = await Scene.Refused(await early.Service.As(Policies.Centre, "centre", centre: own).GetAsync($"/api/enrolments/{Scene.P}/members?programme=A1"), 409, "R19");
        Assert.Null(before["items"]);
    }
}
