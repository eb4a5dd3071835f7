using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace EPimorfosi.Applications.Migrations
{
    /// <inheritdoc />
    public partial class StrikesAndOffers : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "strike_number",
                table: "standings",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "struck_reason",
                table: "standings",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "expires_at",
                table: "decisions",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_decisions_expires_at",
                table: "decisions",
                column: "expires_at",
                filter: "expires_at is not null");

            migrationBuilder.CreateIndex(
                name: "ix_decisions_period_ticket",
                table: "decisions",
                columns: new[] { "period", "ticket" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_decisions_expires_at",
                table: "decisions");

            migrationBuilder.DropIndex(
                name: "ix_decisions_period_ticket",
                table: "decisions");

            migrationBuilder.DropColumn(
                name: "strike_number",
                table: "standings");

            migrationBuilder.DropColumn(
                name: "struck_reason",
                table: "standings");

            migrationBuilder.DropColumn(
                name: "expires_at",
                table: "decisions");
        }
    }
}
