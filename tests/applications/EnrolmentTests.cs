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
}
