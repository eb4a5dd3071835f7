using System.Text.Json;
using EPimorfosi.Contracts.Programmes;
using EPimorfosi.Defaults;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace EPimorfosi.Applications;

/// <summary>Keeps the period's copy; an older version that comes late changes nothing.</summary>
public sealed class PeriodChangedConsumer(ApplicationsDb db) : IConsumer<PeriodChanged>
{
    public Task Consume(ConsumeContext<PeriodChanged> context)
    {
        var period = context.Message.Period;
        return db.Connection().Execute("""
            insert into periods as mine (code, version, body) values ($1, $2, $3::jsonb)
            on conflict (code) do update set version = excluded.version, body = excluded.body where mine.version < excluded.version
            """, context.CancellationToken, period.Code, period.Version, JsonSerializer.Serialize(period, Outbox.Json));
    }
}

/// <summary>Keeps the catalogue's copy; the highest version of each programme wins.</summary>
public sealed class ProgrammesPublishedConsumer(ApplicationsDb db) : IConsumer<ProgrammesPublished>
{
    public Task Consume(ConsumeContext<ProgrammesPublished> context)
    {
        var programmes = context.Message.Programmes.OrderBy(programme => programme.Code, StringComparer.Ordinal).ToArray(); // one order, no deadlock
        return db.Connection().Execute("""
            with changed as (
                insert into programmes as mine (period, code, version, body)
                select $1, * from unnest($2::text[], $3::int[], $4::text[]::jsonb[])
                on conflict (period, code) do update set version = excluded.version, body = excluded.body where mine.version < excluded.version
                returning 1)
            insert into catalogue_revisions as mine (period, revision) select $1, 1 where exists (select from changed)
            on conflict (period) do update set revision = mine.revision + 1
            """, context.CancellationToken, context.Message.Period,
            programmes.Select(programme => programme.Code).ToArray(), programmes.Select(programme => programme.Version).ToArray(),
            programmes.Select(programme => JsonSerializer.Serialize(programme, Outbox.Json)).ToArray());
    }
}

/// <summary>Keeps who teaches what; the highest version of each wins.</summary>
public sealed class TrainersAssignedConsumer(ApplicationsDb db) : IConsumer<TrainersAssigned>
{
    public async Task Consume(ConsumeContext<TrainersAssigned> context)
    {
        foreach (var programme in context.Message.Programmes.OrderBy(programme => programme.Code, StringComparer.Ordinal))
        {
            await db.Connection().Execute("""
                insert into programme_trainers as mine (period, code, version, trainers) values ($1, $2, $3, $4)
                on conflict (period, code) do update set version = excluded.version, trainers = excluded.trainers where mine.version < excluded.version
                """, context.CancellationToken, context.Message.Period, programme.Code, programme.Version, programme.Trainers.ToArray());
        }
    }
}

/// <summary>Keeps the schools' copy.</summary>
public sealed class SchoolsPublishedConsumer(ApplicationsDb db) : IConsumer<SchoolsPublished>
{
    public Task Consume(ConsumeContext<SchoolsPublished> context)
    {
        var schools = context.Message.Schools.OrderBy(school => school.Code, StringComparer.Ordinal).ToArray();
        return db.Connection().Execute("""
            insert into schools (code, name, prefecture, nomos) select * from unnest($1::text[], $2::text[], $3::text[], $4::text[])
            on conflict (code) do update set name = excluded.name, prefecture = excluded.prefecture, nomos = excluded.nomos
            """, context.CancellationToken,
            schools.Select(school => school.Code).ToArray(), schools.Select(school => school.Name).ToArray(),
            schools.Select(school => school.Prefecture).ToArray(), schools.Select(school => school.Nomos).ToArray());
    }
}

/// <summary>Keeps the specialties' copy.</summary>
public sealed class SpecialtiesPublishedConsumer(ApplicationsDb db) : IConsumer<SpecialtiesPublished>
{
    public Task Consume(ConsumeContext<SpecialtiesPublished> context)
    {
        var specialties = context.Message.Specialties.OrderBy(specialty => specialty.Code, StringComparer.Ordinal).ToArray();
        return db.Connection().Execute("""
            insert into specialties (code, title, cluster, main_cluster) select * from unnest($1::text[], $2::text[], $3::text[], $4::text[])
            on conflict (code) do update set title = excluded.title, cluster = excluded.cluster, main_cluster = excluded.main_cluster
            """, context.CancellationToken,
            specialties.Select(specialty => specialty.Code).ToArray(), specialties.Select(specialty => specialty.Title).ToArray(),
            specialties.Select(specialty => specialty.Cluster).ToArray(), specialties.Select(specialty => specialty.MainCluster).ToArray());
    }
}

static class ConsumerConnection
{
    /// <summary>The connection on which the inbox has begun this message's transaction.</summary>
    public static NpgsqlConnection Connection(this ApplicationsDb db) => (NpgsqlConnection)db.Database.GetDbConnection();
}
