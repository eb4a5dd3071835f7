using EPimorfosi.Contracts.Applications;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace EPimorfosi.Allocation.Lists;

/// <summary>Keeps each application as of its highest version, until the book is frozen; what comes after that is counted and ignored.</summary>
public sealed class ApplicationsReceivedConsumer(AllocationDb db) : IConsumer<ApplicationsReceived>
{
    public async Task Consume(ConsumeContext<ApplicationsReceived> context)
    {
        var (period, versions) = context.Message;
        // One row a ticket, in one order everywhere: batches that meet wait for each other instead of deadlocking.
        var given = versions.GroupBy(version => version.Ticket).Select(same => same.MaxBy(version => version.Version)!)
            .OrderBy(version => version.Ticket, StringComparer.Ordinal).ToList();
        string[] tickets = [.. given.Select(g => g.Ticket)], clusters = [.. given.Select(g => g.Cluster)], lists = [.. given.Select(g => string.Join(',', g.Preferences))];
        int[] numbers = [.. given.Select(g => g.Version)];
        bool[] withdrawn = [.. given.Select(g => g.Withdrawn)];
        await Book.Share(db, period, context.CancellationToken);
        await db.Database.ExecuteSqlAsync($"""
            with given as (
                select * from unnest({tickets}, {numbers}, {clusters}, {lists}, {withdrawn}) as g (ticket, version, cluster, list, withdrawn)
            ), late as (
                update books set late = late + (
                    select count(*) from given left join applications a on a.period = {period} and a.ticket = given.ticket collate "C"
                    where a.version is null or a.version < given.version)
                where period = {period} and frozen_at is not null
                returning 1
            ), stored as (
                insert into applications as known (period, ticket, version, cluster, preferences, withdrawn)
                select {period}, ticket, version, cluster, string_to_array(list, ','), withdrawn from given where not exists (select from late)
                on conflict (period, ticket) do update
                set version = excluded.version, cluster = excluded.cluster, preferences = excluded.preferences, withdrawn = excluded.withdrawn
                where known.version < excluded.version
                returning ticket
            )
            insert into repairs (period, ticket, at)
            select {period}, stored.ticket, now() from stored where exists (select from books where period = {period} and asked > 0)
            on conflict do nothing
            """, context.CancellationToken);
    }
}
