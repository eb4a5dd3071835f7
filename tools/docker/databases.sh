#!/bin/sh
# Run once by the PostgreSQL image, on an empty volume: the role and the database of each service.
set -eu
psql -v ON_ERROR_STOP=1 -U postgres -d postgres <<SQL
CREATE ROLE epimorfosi LOGIN PASSWORD '$EPIMORFOSI_DATABASE_PASSWORD';
CREATE DATABASE programmes OWNER epimorfosi;
CREATE DATABASE applications OWNER epimorfosi;
CREATE DATABASE allocation OWNER epimorfosi;
CREATE DATABASE notifications OWNER epimorfosi;
CREATE DATABASE gateway OWNER epimorfosi;
SQL
