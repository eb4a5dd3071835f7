using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace EPimorfosi.Programmes.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "clusters",
                columns: table => new
                {
                    code = table.Column<string>(type: "text", nullable: false),
                    code_el = table.Column<string>(type: "text", nullable: false),
                    title_el = table.Column<string>(type: "text", nullable: false),
                    title_en = table.Column<string>(type: "text", nullable: false),
                    specialties_el = table.Column<string>(type: "text", nullable: false),
                    search = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_clusters", x => x.code);
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
                name: "overrides",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    period = table.Column<string>(type: "text", nullable: false),
                    field = table.Column<string>(type: "text", nullable: false),
                    before = table.Column<string>(type: "text", nullable: false),
                    after = table.Column<string>(type: "text", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: false),
                    account = table.Column<string>(type: "text", nullable: false),
                    person = table.Column<string>(type: "text", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_overrides", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "periods",
                columns: table => new
                {
                    code = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    version = table.Column<int>(type: "integer", nullable: false),
                    level = table.Column<string>(type: "text", nullable: false),
                    first_day = table.Column<DateOnly>(type: "date", nullable: false),
                    last_day = table.Column<DateOnly>(type: "date", nullable: false),
                    draw_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    group_minimum = table.Column<int>(type: "integer", nullable: false),
                    group_maximum = table.Column<int>(type: "integer", nullable: false),
                    policy = table.Column<string>(type: "jsonb", nullable: false),
                    frozen_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    frozen_count = table.Column<int>(type: "integer", nullable: true),
                    frozen_sha256 = table.Column<string>(type: "text", nullable: true),
                    catalogue_revision = table.Column<long>(type: "bigint", nullable: false),
                    enrolment_closes = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    enrolment_opens = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    phase_a_closes = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    phase_a_opens = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    phase_b_closes = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    phase_b_opens = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    title_el = table.Column<string>(type: "text", nullable: false),
                    title_en = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_periods", x => x.code);
                });

            migrationBuilder.CreateTable(
                name: "prefectures",
                columns: table => new
                {
                    code = table.Column<string>(type: "text", nullable: false),
                    name_el = table.Column<string>(type: "text", nullable: false),
                    name_en = table.Column<string>(type: "text", nullable: false),
                    nomos_code = table.Column<string>(type: "text", nullable: false),
                    nomos_el = table.Column<string>(type: "text", nullable: false),
                    region_el = table.Column<string>(type: "text", nullable: false),
                    search = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_prefectures", x => x.code);
                });

            migrationBuilder.CreateTable(
                name: "reference_edition",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false),
                    digest = table.Column<string>(type: "text", nullable: false),
                    loaded_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_reference_edition", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "schools",
                columns: table => new
                {
                    code = table.Column<string>(type: "text", nullable: false),
                    name_el = table.Column<string>(type: "text", nullable: false),
                    type_el = table.Column<string>(type: "text", nullable: false),
                    level = table.Column<string>(type: "text", nullable: false),
                    municipality_el = table.Column<string>(type: "text", nullable: true),
                    prefecture_code = table.Column<string>(type: "text", nullable: false),
                    nomos_code = table.Column<string>(type: "text", nullable: false),
                    search = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_schools", x => x.code);
                });

            migrationBuilder.CreateTable(
                name: "specialties",
                columns: table => new
                {
                    code = table.Column<string>(type: "text", nullable: false),
                    title_el = table.Column<string>(type: "text", nullable: false),
                    cluster_code = table.Column<string>(type: "text", nullable: false),
                    main_cluster = table.Column<string>(type: "text", nullable: true),
                    status = table.Column<string>(type: "text", nullable: false),
                    successor_code = table.Column<string>(type: "text", nullable: true),
                    alias_code = table.Column<string>(type: "text", nullable: true),
                    uncertainty = table.Column<string>(type: "text", nullable: false),
                    search = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_specialties", x => x.code);
                });

            migrationBuilder.CreateTable(
                name: "programmes",
                columns: table => new
                {
                    code = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    period = table.Column<string>(type: "text", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    cluster = table.Column<string>(type: "text", nullable: false),
                    category = table.Column<string>(type: "text", nullable: false),
                    title = table.Column<string>(type: "text", nullable: false),
                    centre = table.Column<string>(type: "text", nullable: false),
                    centre_name = table.Column<string>(type: "text", nullable: false),
                    prefecture = table.Column<string>(type: "text", nullable: false),
                    nomos = table.Column<string>(type: "text", nullable: false),
                    minimum = table.Column<int>(type: "integer", nullable: false),
                    maximum = table.Column<int>(type: "integer", nullable: false),
                    starts_on = table.Column<DateOnly>(type: "date", nullable: false),
                    slots = table.Column<string[]>(type: "text[]", nullable: false),
                    trainers = table.Column<string[]>(type: "text[]", nullable: false),
                    extra_prefectures = table.Column<string[]>(type: "text[]", nullable: false),
                    nomoi = table.Column<string[]>(type: "text[]", nullable: false),
                    search = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_programmes", x => x.code);
                    table.ForeignKey(
                        name: "fk_programmes_periods_period",
                        column: x => x.period,
                        principalTable: "periods",
                        principalColumn: "code",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "ix_inbox_received_at",
                table: "inbox",
                column: "received_at");

            migrationBuilder.CreateIndex(
                name: "ix_overrides_period_id",
                table: "overrides",
                columns: new[] { "period", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_programmes_centre",
                table: "programmes",
                column: "centre");

            migrationBuilder.CreateIndex(
                name: "ix_programmes_period_cluster_code",
                table: "programmes",
                columns: new[] { "period", "cluster", "code" });

            migrationBuilder.CreateIndex(
                name: "ix_programmes_period_code",
                table: "programmes",
                columns: new[] { "period", "code" });

            migrationBuilder.CreateIndex(
                name: "ix_schools_prefecture_code",
                table: "schools",
                column: "prefecture_code");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "clusters");

            migrationBuilder.DropTable(
                name: "inbox");

            migrationBuilder.DropTable(
                name: "outbox");

            migrationBuilder.DropTable(
                name: "overrides");

            migrationBuilder.DropTable(
                name: "prefectures");

            migrationBuilder.DropTable(
                name: "programmes");

            migrationBuilder.DropTable(
                name: "reference_edition");

            migrationBuilder.DropTable(
                name: "schools");

            migrationBuilder.DropTable(
                name: "specialties");

            migrationBuilder.DropTable(
                name: "periods");
        }
    }
}
