using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace EPimorfosi.Applications.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "applications",
                columns: table => new
                {
                    period = table.Column<string>(type: "text", nullable: false),
                    registry_number = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    ticket = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    version = table.Column<int>(type: "integer", nullable: false),
                    cluster = table.Column<string>(type: "text", nullable: false),
                    preferences = table.Column<string[]>(type: "text[]", nullable: false),
                    withdrawn = table.Column<bool>(type: "boolean", nullable: false),
                    received_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    digest = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_applications", x => new { x.period, x.registry_number });
                });

            migrationBuilder.CreateTable(
                name: "catalogue_revisions",
                columns: table => new
                {
                    period = table.Column<string>(type: "text", nullable: false),
                    revision = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_catalogue_revisions", x => x.period);
                });

            migrationBuilder.CreateTable(
                name: "decisions",
                columns: table => new
                {
                    period = table.Column<string>(type: "text", nullable: false),
                    number = table.Column<long>(type: "bigint", nullable: false),
                    order = table.Column<long>(type: "bigint", nullable: true),
                    sequence = table.Column<long>(type: "bigint", nullable: true),
                    ticket = table.Column<string>(type: "text", nullable: false),
                    @event = table.Column<string>(name: "event", type: "text", nullable: false),
                    programme = table.Column<string>(type: "text", nullable: true),
                    rule = table.Column<string>(type: "text", nullable: true),
                    decided_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_decisions", x => new { x.period, x.number });
                });

            migrationBuilder.CreateTable(
                name: "draw_results",
                columns: table => new
                {
                    period = table.Column<string>(type: "text", nullable: false),
                    draw = table.Column<int>(type: "integer", nullable: false),
                    applications = table.Column<int>(type: "integer", nullable: false),
                    placed = table.Column<int>(type: "integer", nullable: false),
                    below_minimum = table.Column<string[]>(type: "text[]", nullable: false),
                    published_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_draw_results", x => x.period);
                });

            migrationBuilder.CreateTable(
                name: "enrolments",
                columns: table => new
                {
                    period = table.Column<string>(type: "text", nullable: false),
                    registry_number = table.Column<string>(type: "text", nullable: false),
                    ticket = table.Column<string>(type: "text", nullable: false),
                    programme = table.Column<string>(type: "text", nullable: false),
                    confirmed = table.Column<bool>(type: "boolean", nullable: false),
                    answered_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    acted_by = table.Column<string>(type: "text", nullable: true),
                    act_reason = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_enrolments", x => new { x.period, x.registry_number });
                });

            migrationBuilder.CreateTable(
                name: "freezes",
                columns: table => new
                {
                    period = table.Column<string>(type: "text", nullable: false),
                    count = table.Column<int>(type: "integer", nullable: false),
                    sha256 = table.Column<string>(type: "text", nullable: false),
                    frozen_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_freezes", x => x.period);
                });

            migrationBuilder.CreateTable(
                name: "inbox",
                columns: table => new
                {
                    message_id = table.Column<Guid>(type: "uuid", nullable: false),
                    endpoint = table.Column<string>(type: "text", nullable: false),
                    received_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_inbox", x => new { x.message_id, x.endpoint });
                });

            migrationBuilder.CreateTable(
                name: "outbox",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    type = table.Column<string>(type: "text", nullable: false),
                    body = table.Column<string>(type: "jsonb", nullable: false),
                    traceparent = table.Column<string>(type: "text", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    fault = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_outbox", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "periods",
                columns: table => new
                {
                    code = table.Column<string>(type: "text", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    body = table.Column<string>(type: "jsonb", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_periods", x => x.code);
                });

            migrationBuilder.CreateTable(
                name: "programmes",
                columns: table => new
                {
                    period = table.Column<string>(type: "text", nullable: false),
                    code = table.Column<string>(type: "text", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    body = table.Column<string>(type: "jsonb", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_programmes", x => new { x.period, x.code });
                });

            migrationBuilder.CreateTable(
                name: "receipts",
                columns: table => new
                {
                    period = table.Column<string>(type: "text", nullable: false),
                    registry_number = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    version = table.Column<int>(type: "integer", nullable: false),
                    cluster = table.Column<string>(type: "text", nullable: false),
                    preferences = table.Column<string[]>(type: "text[]", nullable: false),
                    withdrawn = table.Column<bool>(type: "boolean", nullable: false),
                    received_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    digest = table.Column<string>(type: "text", nullable: false),
                    acted_by = table.Column<string>(type: "text", nullable: true),
                    act_reason = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_receipts", x => new { x.period, x.registry_number, x.version });
                });

            migrationBuilder.CreateTable(
                name: "request_counters",
                columns: table => new
                {
                    period = table.Column<string>(type: "text", nullable: false),
                    last_order = table.Column<long>(type: "bigint", nullable: false),
                    last_sequence = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_request_counters", x => x.period);
                });

            migrationBuilder.CreateTable(
                name: "schools",
                columns: table => new
                {
                    code = table.Column<string>(type: "text", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    prefecture = table.Column<string>(type: "text", nullable: false),
                    nomos = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_schools", x => x.code);
                });

            migrationBuilder.CreateTable(
                name: "seat_requests",
                columns: table => new
                {
                    period = table.Column<string>(type: "text", nullable: false),
                    order = table.Column<long>(type: "bigint", nullable: false),
                    sequence = table.Column<long>(type: "bigint", nullable: true),
                    kind = table.Column<int>(type: "integer", nullable: false),
                    registry_number = table.Column<string>(type: "text", nullable: false),
                    ticket = table.Column<string>(type: "text", nullable: false),
                    preferences = table.Column<string[]>(type: "text[]", nullable: false),
                    idempotency_key = table.Column<string>(type: "text", nullable: false),
                    accepted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    acted_by = table.Column<string>(type: "text", nullable: true),
                    act_reason = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_seat_requests", x => new { x.period, x.order });
                });

            migrationBuilder.CreateTable(
                name: "specialties",
                columns: table => new
                {
                    code = table.Column<string>(type: "text", nullable: false),
                    title = table.Column<string>(type: "text", nullable: false),
                    cluster = table.Column<string>(type: "text", nullable: false),
                    main_cluster = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_specialties", x => x.code);
                });

            migrationBuilder.CreateTable(
                name: "standings",
                columns: table => new
                {
                    period = table.Column<string>(type: "text", nullable: false),
                    ticket = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    draw = table.Column<int>(type: "integer", nullable: false),
                    outcome = table.Column<string>(type: "jsonb", nullable: true),
                    seat = table.Column<string>(type: "text", nullable: true),
                    seat_number = table.Column<long>(type: "bigint", nullable: false),
                    last_number = table.Column<long>(type: "bigint", nullable: false),
                    last_event = table.Column<string>(type: "text", nullable: true),
                    last_sequence = table.Column<long>(type: "bigint", nullable: true),
                    last_rule = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_standings", x => new { x.period, x.ticket });
                });

            migrationBuilder.CreateTable(
                name: "teachers",
                columns: table => new
                {
                    registry_number = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    version = table.Column<int>(type: "integer", nullable: false),
                    first_name = table.Column<string>(type: "text", nullable: false),
                    last_name = table.Column<string>(type: "text", nullable: false),
                    email = table.Column<string>(type: "text", nullable: false),
                    mobile = table.Column<string>(type: "text", nullable: true),
                    specialty = table.Column<string>(type: "text", nullable: false),
                    schools = table.Column<string[]>(type: "text[]", nullable: false),
                    language = table.Column<string>(type: "text", nullable: false),
                    teaching_now = table.Column<bool>(type: "boolean", nullable: false),
                    b1_certified = table.Column<bool>(type: "boolean", nullable: false),
                    prior_b_level = table.Column<bool>(type: "boolean", nullable: false),
                    prior_pake = table.Column<bool>(type: "boolean", nullable: false),
                    prior_b2 = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_teachers", x => x.registry_number);
                });

            migrationBuilder.CreateIndex(
                name: "ix_applications_period_ticket",
                table: "applications",
                columns: new[] { "period", "ticket" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_decisions_period_order",
                table: "decisions",
                columns: new[] { "period", "order" });

            migrationBuilder.CreateIndex(
                name: "ix_decisions_period_sequence",
                table: "decisions",
                columns: new[] { "period", "sequence" });

            migrationBuilder.CreateIndex(
                name: "ix_inbox_received_at",
                table: "inbox",
                column: "received_at");

            migrationBuilder.CreateIndex(
                name: "ix_seat_requests_period_registry_number_idempotency_key",
                table: "seat_requests",
                columns: new[] { "period", "registry_number", "idempotency_key" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_seat_requests_period_sequence",
                table: "seat_requests",
                columns: new[] { "period", "sequence" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_standings_period_seat",
                table: "standings",
                columns: new[] { "period", "seat" });

            migrationBuilder.CreateIndex(
                name: "ix_teachers_last_name",
                table: "teachers",
                column: "last_name");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "applications");

            migrationBuilder.DropTable(
                name: "catalogue_revisions");

            migrationBuilder.DropTable(
                name: "decisions");

            migrationBuilder.DropTable(
                name: "draw_results");

            migrationBuilder.DropTable(
                name: "enrolments");

            migrationBuilder.DropTable(
                name: "freezes");

            migrationBuilder.DropTable(
                name: "inbox");

            migrationBuilder.DropTable(
                name: "outbox");

            migrationBuilder.DropTable(
                name: "periods");

            migrationBuilder.DropTable(
                name: "programmes");

            migrationBuilder.DropTable(
                name: "receipts");

            migrationBuilder.DropTable(
                name: "request_counters");

            migrationBuilder.DropTable(
                name: "schools");

            migrationBuilder.DropTable(
                name: "seat_requests");

            migrationBuilder.DropTable(
                name: "specialties");

            migrationBuilder.DropTable(
                name: "standings");

            migrationBuilder.DropTable(
                name: "teachers");
        }
    }
}
