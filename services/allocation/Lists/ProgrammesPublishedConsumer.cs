using System.Text.Json;
using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Defaults;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace EPimorfosi.Allocation.Lists;

/// <summary>Keeps each programme as of its highest version, until the book is frozen.</summary>
public sealed class ProgrammesPublishedConsumer(AllocationDb db) : IConsumer<ProgrammesPublished>
{
    public async Task Consume(ConsumeContext<ProgrammesPublished> context)
    {
        var (period, programmes) = context.Message;
        var given = programmes.GroupBy(programme => programme.Code).Select(same => same.MaxBy(programme => programme.Version)!)
            .OrderBy(programme => programme.Code, StringComparer.Ordinal).ToList();
        string[] codes = [.. given.Select(programme => programme.Code)], bodies = [.. given.Select(programme => JsonSerializer.Serialize(programme, Outbox.Json))];
        int[] versions = [.. given.Select(programme => programme.Version)];
        await Book.Share(db, period, context.CancellationToken);
        await db.Database.ExecuteSqlAsync($"""
            with given as (
                select * from unnest({codes}, {versions}, {bodies}) as g (code, version, body)
            ), late as (
                update books set late = late + (
                    select count(*) from given left join programmes p on p.period = {period} and p.code = given.code collate "C"
                    where p.version is null or p.version < given.version)
                where period = {period} and frozen_at is not null
                returning 1
            )
            insert into programmes as known (period, code, version, body)
            select {period}, code, version, body::jsonb from given where not exists (select from late)
            on conflict (period, code) do update set version = excluded.version, body = excluded.body
            where known.version < excluded.version
            """, context.CancellationToken);
    }
}
