using System.Security.Claims;
using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Defaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;

namespace EPimorfosi.Programmes;

/// <summary>The office approves what a centre proposes, and it is published at once; or returns it with a reason, and the centre is told (R6).</summary>
static class ProposalAnswers
{
    const int LongestReason = 1000;

    public static void MapProposalAnswers(this RouteGroupBuilder proposals)
    {
        proposals.MapPost("/{id:guid}/approve", Approve).RequireAuthorization(Policies.Office);
        proposals.MapPost("/{id:guid}/return", Return).RequireAuthorization(Policies.Office);
    }

    static Task<IResult> Approve(
        Guid id, ProposalAnswer answer, ClaimsPrincipal user, ProgrammesDb db, TimetablePlan plan, TimeProvider time, IStringLocalizer<Texts> text, CancellationToken cancellationToken) =>
        ProposalEndpoints.Change(id, answer.Version, user, db, text, async proposal =>
        {
            if (NotOurTurn(proposal, text) is { } early)
            {
                return early;
            }
            var (period, now) = (await db.Periods.SingleAsync(row => row.Code == proposal.Period, cancellationToken), time.Now());
            if (period.CatalogueIsOver(now))
            {
                return Refused.Frozen(text, period.Code);
            }
            // Once more: the period or the school may have changed since.
            var faults = new List<Fault>();
            var checks = new ProgrammeChecks(await ReferenceBook.Read(db, proposal.Centre, cancellationToken), period.ToContract(), plan);
            if (checks.Check(proposal.Row, faults) is not { } draft)
            {
                return Refused.Invalid(text, faults);
            }
            if (await db.Programmes.AnyAsync(row => row.Code == proposal.Code, cancellationToken))
            {
                return Refused.Invalid(text, [new("code", null, "CodeTaken", proposal.Code)], StatusCodes.Status409Conflict);
            }
            var programme = db.Programmes.Add(new() { Code = proposal.Code, Period = period.Code }).Entity;
            programme.Become(draft);
            period.CatalogueChanged();
            db.Publish(new ProgrammesPublished(period.Code, [programme.ToContract()]));
            db.Publish(new TrainersAssigned(period.Code, [programme.ToTrainers()]));
            db.Publish(proposal.Approve(user.DisplayName(), now));
            db.Record(OfficeAct.By(user, now, "proposal.approved", period.Code, proposal.Code));
            return null;
        }, cancellationToken);

    static Task<IResult> Return(Guid id, ProposalAnswer answer, ClaimsPrincipal user, ProgrammesDb db, TimeProvider time, IStringLocalizer<Texts> text, CancellationToken cancellationToken) =>
        ProposalEndpoints.Change(id, answer.Version, user, db, text, proposal =>
        {
            var reason = ProposalForm.Trimmed(answer.Reason);
            if ((NotOurTurn(proposal, text) ?? (reason.Length is 0 or > LongestReason || reason.Contains('\0', StringComparison.Ordinal) ? Refused.Invalid(text, [new("reason", "R6", "Text", LongestReason)]) : null)) is { } refused)
            {
                return Task.FromResult<ProblemHttpResult?>(refused);
            }
            var now = time.Now();
            db.Publish(proposal.Return(reason, user.DisplayName(), now));
            db.Record(OfficeAct.By(user, now, "proposal.returned", proposal.Period, proposal.Code, reason));
            return Task.FromResult<ProblemHttpResult?>(null);
        }, cancellationToken);

    static ProblemHttpResult? NotOurTurn(Proposal proposal, IStringLocalizer<Texts> text) => proposal.State == ProposalState.Returned
        ? Problems.Refuse(StatusCodes.Status409Conflict, "proposal-decided", text["Proposal.Returned"], rule: "R6")
        : null;
}
