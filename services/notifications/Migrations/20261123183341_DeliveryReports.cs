using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace EPimorfosi.Notifications.Migrations
{
    /// <inheritdoc />
    public partial class DeliveryReports : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<decimal>(
                name: "cost",
                table: "messages",
                type: "numeric",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "parts",
                table: "messages",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "provider_id",
                table: "messages",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "reported_at",
                table: "messages",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "rates",
                columns: table => new
                {
                    scope = table.Column<string>(type: "text", nullable: false),
                    tokens = table.Column<double>(type: "double precision", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_rates", x => x.scope);
                });

            migrationBuilder.CreateTable(
                name: "suppressions",
                columns: table => new
                {
                    address = table.Column<string>(type: "text", nullable: false),
                    cause = table.Column<string>(type: "text", nullable: false),
                    detail = table.Column<string>(type: "text", nullable: true),
                    message = table.Column<Guid>(type: "uuid", nullable: true),
                    since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_suppressions", x => x.address);
                });

            migrationBuilder.CreateIndex(
                name: "ix_messages_provider_id",
                table: "messages",
                column: "provider_id",
                filter: "provider_id is not null");

            migrationBuilder.CreateIndex(
                name: "ix_messages_registry_number",
                table: "messages",
                column: "registry_number",
                filter: "registry_number is not null");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "rates");

            migrationBuilder.DropTable(
                name: "suppressions");

            migrationBuilder.DropIndex(
                name: "ix_messages_provider_id",
                table: "messages");

            migrationBuilder.DropIndex(
                name: "ix_messages_registry_number",
                table: "messages");

            migrationBuilder.DropColumn(
                name: "cost",
                table: "messages");

            migrationBuilder.DropColumn(
                name: "parts",
                table: "messages");

            migrationBuilder.DropColumn(
                name: "provider_id",
                table: "messages");

            migrationBuilder.DropColumn(
                name: "reported_at",
                table: "messages");
        }
    }
}
